import { expect } from "vitest";
import type { Simulator } from "../../../simulator/index";
import { call, confirmation, deployBody, readServer, rows, takeSnapshot } from "./harness";
import type { Proof } from "./settings-proof";

const success = { status: "success" };
const error = { status: "error" };

const create = (simulator: Simulator, name: string) =>
  call(simulator, "POST /cloud/1001/snapshot/create", { name });

const busyRule: Proof = async (start) => {
  const simulator = await start({ settings: { busyRule: "accept" } });
  await create(simulator, "a");
  expect((await create(simulator, "b")).json).toMatchObject(success);
  expect((await call(simulator, "POST /cloud/1001/poweroff")).json).toMatchObject(success);
  simulator.advance(300);
  expect(simulator.cloud.snapshots("1001")).toMatchObject([{ status: "Active" }, { status: "Active" }]);
};

const busyStyle: Proof = async (start) => {
  const cases = [
    ["errorStyle", "status200", 200],
    ["errorStyle", "http4xx-status-message", 409],
    ["http409", "status200", 409],
    ["http423", "status200", 423],
    ["http429", "status200", 429],
  ] as const;
  for (const [style, errors, status] of cases) {
    const simulator = await start({ settings: { busyStyle: style, errorStyle: errors } });
    await create(simulator, "a");
    expect((await create(simulator, "b")).status).toBe(status);
  }
};

const busyWording: Proof = async (start) => {
  const simulator = await start({ settings: { busyWording: "Cloud is locked" } });
  await create(simulator, "a");
  expect((await create(simulator, "b")).json).toEqual({ status: "error", message: "Cloud is locked" });
};

const deletesCountAsBusy: Proof = async (start) => {
  for (const counts of [true, false]) {
    const simulator = await start({ settings: { deletesCountAsBusy: counts, deleteDurationMs: 100 } });
    const [first, second] = [
      await takeSnapshot(simulator, "1001", "a"),
      await takeSnapshot(simulator, "1001", "b"),
    ];
    const afterwards = counts ? error : success;
    await call(simulator, `DELETE /cloud/1001/snapshot/${first}/delete`);
    const other = await call(simulator, `DELETE /cloud/1001/snapshot/${second}/delete`);
    expect(other.json).toMatchObject(afterwards);
    expect((await create(simulator, "c")).json).toMatchObject(afterwards);
    const finishing = await call(simulator, `DELETE /cloud/1001/snapshot/${first}/delete`);
    expect(finishing.json).toMatchObject(success);
  }
};

async function restoring(simulator: Simulator): Promise<void> {
  simulator.cloud.setContents("1001", "good");
  const id = await takeSnapshot(simulator, "1001", "a");
  simulator.cloud.setContents("1001", "bad");
  expect((await call(simulator, `POST /cloud/1001/snapshot/${id}/restore`)).json).toMatchObject(success);
}

const restoreDurationMs: Proof = async (start) => {
  const simulator = await start({ settings: { restoreDurationMs: 60_000 } });
  await restoring(simulator);
  simulator.advance(59_999);
  expect(await readServer(simulator, "1001")).toMatchObject({ powerstatus: "Shutdown" });
  expect(simulator.cloud.server("1001")).toMatchObject({ busy: true, contents: "bad" });
  simulator.advance(1);
  expect(await readServer(simulator, "1001")).toMatchObject({ powerstatus: "Running", status: "Active" });
  expect(simulator.cloud.server("1001")).toMatchObject({ busy: false, contents: "good" });
};

const restoreOutcome: Proof = async (start) => {
  const expected = {
    restores: { busy: false, contents: "good", powerState: "Running" },
    fails: { busy: false, contents: "bad", powerState: "Running" },
    never: { busy: true, contents: "bad", powerState: "Stopped" },
  };
  for (const outcome of ["restores", "fails", "never"] as const) {
    const simulator = await start({ settings: { restoreOutcome: outcome } });
    await restoring(simulator);
    simulator.advance(3_600_000);
    expect(simulator.cloud.server("1001")).toMatchObject(expected[outcome]);
  }
};

const restoreDiskRule: Proof = async (start) => {
  const cases = {
    any: { 40: "success", 50: "success", 60: "success" },
    sameSize: { 40: "refused", 50: "success", 60: "refused" },
    notSmaller: { 40: "refused", 50: "success", 60: "success" },
    failsIfSmaller: { 40: "failure", 50: "success", 60: "success" },
  } as const;
  for (const rule of ["any", "sameSize", "notSmaller", "failsIfSmaller"] as const) {
    const simulator = await start({ settings: { restoreDiskRule: rule } });
    const id = await takeSnapshot(simulator, "1001", "a");
    for (const diskGb of [40, 50, 60] as const) {
      simulator.cloud.changeServer("1001", { diskGb });
      const { json } = await call(simulator, `POST /cloud/1001/snapshot/${id}/restore`);
      const end = cases[rule][diskGb];
      expect(json).toMatchObject(end === "refused" ? error : success);
      simulator.advance(300);
      if (end !== "refused") expect(simulator.cloud.operations().at(-1)).toMatchObject({ state: end });
    }
  }
};

const restoreDiskWording: Proof = async (start) => {
  const simulator = await start({
    settings: { restoreDiskRule: "notSmaller", restoreDiskWording: "The disk is too small" },
  });
  const id = await takeSnapshot(simulator, "1001", "a");
  simulator.cloud.setSize(id, 51);
  const { json } = await call(simulator, `POST /cloud/1001/snapshot/${id}/restore`);
  expect(json).toEqual({ ...error, message: "The disk is too small" });
};

const restoreLeaves: Proof = async (start) => {
  for (const [leaves, state] of [
    ["running", "Running"],
    ["asBefore", "Shutdown"],
  ] as const) {
    const simulator = await start({ settings: { restoreLeaves: leaves } });
    simulator.cloud.changeServer("1001", { powerState: "Stopped" });
    await restoring(simulator);
    simulator.advance(300);
    expect((await readServer(simulator, "1001")).powerstatus).toBe(state);
  }
};

const powerDurationMs: Proof = async (start) => {
  const simulator = await start({ settings: { powerDurationMs: 20_000 } });
  await call(simulator, "POST /cloud/1001/poweroff");
  simulator.advance(19_999);
  expect((await readServer(simulator, "1001")).powerstatus).toBe("Running");
  simulator.advance(1);
  expect((await readServer(simulator, "1001")).powerstatus).toBe("Shutdown");
  await call(simulator, "POST /cloud/1002/hardreboot");
  expect((await readServer(simulator, "1002")).powerstatus).toBe("Shutdown");
  simulator.advance(20_000);
  expect((await readServer(simulator, "1002")).powerstatus).toBe("Running");
};

const powerOffOutcome: Proof = async (start) => {
  const simulator = await start({ settings: { powerOffOutcome: "hangs" } });
  expect((await call(simulator, "POST /cloud/1001/poweroff")).json).toMatchObject(success);
  simulator.advance(3_600_000);
  expect(simulator.cloud.server("1001")).toMatchObject({ powerState: "Running", busy: false });
};

const powerOffLateByMs: Proof = async (start) => {
  const simulator = await start({ settings: { powerOffLateByMs: 30_000 } });
  await call(simulator, "POST /cloud/1001/poweroff");
  simulator.advance(150);
  expect(simulator.cloud.operations()).toMatchObject([{ kind: "poweroff", state: "success" }]);
  expect(rows(await call(simulator, "GET /actions"), "actions")).toMatchObject([{ status: "Success" }]);
  simulator.advance(29_999);
  expect(simulator.cloud.server("1001")).toMatchObject({ powerState: "Running", busy: false });
  simulator.advance(1);
  expect(simulator.cloud.server("1001").powerState).toBe("Stopped");
};

const redundantPower: Proof = async (start) => {
  for (const rule of ["accept", "refuse"] as const) {
    const simulator = await start({ settings: { redundantPower: rule } });
    simulator.cloud.changeServer("1002", { powerState: "Stopped" });
    for (const path of ["POST /cloud/1001/poweron", "POST /cloud/1002/poweroff"]) {
      expect((await call(simulator, path)).json).toMatchObject(rule === "accept" ? success : error);
    }
  }
};

const stoppedServerStatus: Proof = async (start) => {
  for (const status of ["Stopped", "Active"] as const) {
    const simulator = await start({ settings: { stoppedServerStatus: status } });
    simulator.cloud.changeServer("1001", { powerState: "Stopped" });
    expect(await readServer(simulator, "1001")).toMatchObject({ status, powerstatus: "Shutdown" });
  }
};

const stoppedPowerWord: Proof = async (start) => {
  for (const word of ["Stopped", "Shutdown"] as const) {
    const simulator = await start({ settings: { stoppedPowerWord: word } });
    simulator.cloud.changeServer("1001", { powerState: "Stopped" });
    expect(await readServer(simulator, "1001")).toMatchObject({ status: "Active", powerstatus: word });
    expect(await readServer(simulator, "1002")).toMatchObject({ powerstatus: "Running" });
  }
};

const deploy = (simulator: Simulator, body: Record<string, unknown> = deployBody("web-2")) =>
  call(simulator, "POST /cloud/deploy", body);

const deployDurationMs: Proof = async (start) => {
  const simulator = await start({ settings: { deployDurationMs: 90_000 } });
  await deploy(simulator);
  simulator.advance(89_999);
  expect(await readServer(simulator, "1003")).toMatchObject({ status: "Pending", powerstatus: "Shutdown" });
  simulator.advance(1);
  expect(await readServer(simulator, "1003")).toMatchObject({ status: "Active", powerstatus: "Running" });
};

const deployOutcome: Proof = async (start) => {
  const expected = { active: "Active", failed: "Error", never: "Pending" };
  for (const outcome of ["active", "failed", "never"] as const) {
    const simulator = await start({ settings: { deployOutcome: outcome } });
    await deploy(simulator);
    simulator.advance(3_600_000);
    expect((await readServer(simulator, "1003")).status).toBe(expected[outcome]);
    expect((await call(simulator, "DELETE /cloud/1003/destroy", confirmation)).json).toMatchObject(success);
  }
};

const destroyDurationMs: Proof = async (start) => {
  const simulator = await start({ settings: { destroyDurationMs: 700 } });
  await call(simulator, "DELETE /cloud/1001/destroy", confirmation);
  expect(await readServer(simulator, "1001")).toMatchObject({ powerstatus: "Shutdown" });
  expect((await create(simulator, "a")).json).toMatchObject(error);
  simulator.advance(700);
  expect(rows(await call(simulator, "GET /cloud/1001"), "cloud")).toEqual([]);
};

const refusedHostnames: Proof = async (start) => {
  const simulator = await start({ settings: { refusedHostnames: ["forbidden"] } });
  const malformed = ["", "-a", "a-", "a b", "a_b", "ü", "x".repeat(64)];
  for (const hostname of ["forbidden", ...malformed]) {
    expect((await deploy(simulator, deployBody(hostname))).json).toMatchObject(error);
  }
  expect((await deploy(simulator, deployBody("x".repeat(63)))).json).toMatchObject(success);
};

const crossZoneDeploy: Proof = async (start) => {
  for (const rule of ["refuse", "accept"] as const) {
    const simulator = await start({ settings: { crossZoneDeploy: rule } });
    const snapshotid = await takeSnapshot(simulator, "1001", "a");
    const body = { ...deployBody("clone", { snapshotid }), dcslug: "innoida" };
    expect((await deploy(simulator, body)).json).toMatchObject(rule === "accept" ? success : error);
  }
};

const zones: Proof = async (start) => {
  const zone = {
    slug: "moonbase",
    city: "Tycho",
    country: "Moon",
    countryCode: "mo",
    timeZone: "America/New_York",
  };
  const simulator = await start({ settings: { zones: [zone] } });
  expect((await readServer(simulator, "1001")).created_at).toBe("2026-01-15 01:30:00");
  expect((await readServer(simulator, "1001")).dclocation).toEqual({
    location: "Tycho",
    country: "Moon",
    dc: "moonbase",
    dccc: "mo",
  });
  expect(rows(await call(simulator, "GET /dczones"), "dczones")).toMatchObject([{ slug: "moonbase" }]);
  expect((await deploy(simulator)).json).toMatchObject({
    ...error,
    message: expect.stringContaining("dcslug"),
  });
};

const plans: Proof = async (start) => {
  const simulator = await start({
    settings: { plans: [{ id: "1", cpu: 8, ramMb: 512, diskGb: 7, monthlyCost: 99 }] },
  });
  expect(rows(await call(simulator, "GET /plans"), "plans")).toEqual([
    { id: "1", cpu: "8", ram: "512", disk: "7GB", price: 99 },
  ]);
  expect((await deploy(simulator)).json).toMatchObject({
    ...error,
    message: expect.stringContaining("planid"),
  });
  expect((await deploy(simulator, { ...deployBody("web-2"), planid: 1 })).json).toMatchObject(success);
  expect(await readServer(simulator, "1003")).toMatchObject({ cpu: "8", disksize: 7, cost: 99 });
};

const images: Proof = async (start) => {
  const simulator = await start({
    settings: { images: [{ name: "plan9", distribution: "plan9", version: "4" }] },
  });
  expect((await deploy(simulator)).json).toMatchObject({
    ...error,
    message: expect.stringContaining("image"),
  });
  expect((await deploy(simulator, deployBody("p9", { image: "plan9" }))).json).toMatchObject(success);
};

export const proofsOfServers = {
  busyRule,
  busyStyle,
  busyWording,
  deletesCountAsBusy,
  restoreDurationMs,
  restoreOutcome,
  restoreDiskRule,
  restoreDiskWording,
  restoreLeaves,
  powerDurationMs,
  powerOffOutcome,
  powerOffLateByMs,
  redundantPower,
  stoppedServerStatus,
  stoppedPowerWord,
  deployDurationMs,
  deployOutcome,
  destroyDurationMs,
  refusedHostnames,
  crossZoneDeploy,
  zones,
  plans,
  images,
};
