import { expect } from "vitest";
import { accountSnapshots, call, confirmation, serverSnapshots, takeSnapshot } from "./harness";
import type { Proof } from "./settings-proof";

const success = { status: "success" };
const error = { status: "error" };

const snapshotDurationMs: Proof = async (start) => {
  const simulator = await start({ settings: { snapshotDurationMs: 120_000 } });
  await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
  simulator.advance(119_999);
  expect((await accountSnapshots(simulator))[0]?.status).toBe("Pending");
  simulator.advance(1);
  expect((await accountSnapshots(simulator))[0]?.status).toBe("Active");
  const instant = await start({ settings: { snapshotDurationMs: 0 } });
  await call(instant, "POST /cloud/1001/snapshot/create", { name: "a" });
  expect((await accountSnapshots(instant))[0]?.status).toBe("Active");
};

const snapshotOutcome: Proof = async (start) => {
  const expected = { active: ["Active", false], failed: ["Error", false], never: ["Pending", true] } as const;
  for (const outcome of ["active", "failed", "never"] as const) {
    const simulator = await start({ settings: { snapshotOutcome: outcome } });
    await takeSnapshot(simulator, "1001", "a");
    simulator.advance(3_600_000);
    const [status, busy] = expected[outcome];
    expect((await accountSnapshots(simulator))[0]?.status).toBe(status);
    expect(simulator.cloud.server("1001").busy).toBe(busy);
  }
};

const pendingStatusWord: Proof = async (start) => {
  const simulator = await start({ settings: { pendingStatusWord: "Creating" } });
  await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
  expect((await accountSnapshots(simulator))[0]?.status).toBe("Creating");
};

const failureWord: Proof = async (start) => {
  const simulator = await start({ settings: { failureWord: "Failed", snapshotOutcome: "failed" } });
  await takeSnapshot(simulator, "1001", "a");
  expect((await accountSnapshots(simulator))[0]?.status).toBe("Failed");
};

const deleteDurationMs: Proof = async (start) => {
  const simulator = await start({ settings: { deleteDurationMs: 500 } });
  const id = await takeSnapshot(simulator, "1001", "a");
  const path = `DELETE /cloud/1001/snapshot/${id}/delete`;
  expect((await call(simulator, path)).json).toMatchObject(success);
  simulator.advance(400);
  expect(await serverSnapshots(simulator, "1001")).toHaveLength(1);
  expect((await call(simulator, path)).json).toMatchObject(success);
  expect((await call(simulator, `POST /cloud/1001/snapshot/${id}/restore`)).json).toMatchObject(error);
  simulator.advance(100);
  expect(await serverSnapshots(simulator, "1001")).toEqual([]);
  expect((await call(simulator, path)).json).toMatchObject(error);
};

const deletingStatusWord: Proof = async (start) => {
  const simulator = await start({ settings: { deleteDurationMs: 500, deletingStatusWord: "Removing" } });
  const id = await takeSnapshot(simulator, "1001", "a");
  await call(simulator, `DELETE /cloud/1001/snapshot/${id}/delete`);
  expect((await accountSnapshots(simulator))[0]?.status).toBe("Removing");
};

const storageWord: Proof = async (start) => {
  const simulator = await start({ settings: { storageWord: "ebs" } });
  await takeSnapshot(simulator, "1001", "a");
  expect((await accountSnapshots(simulator))[0]?.storage).toBe("ebs");
};

const duplicateNames: Proof = async (start) => {
  const simulator = await start({ settings: { duplicateNames: "refuse" } });
  const id = await takeSnapshot(simulator, "1001", "a");
  const again = () => call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
  expect((await again()).json).toMatchObject({
    ...error,
    message: expect.stringContaining("already exists"),
  });
  expect((await call(simulator, "POST /cloud/1002/snapshot/create", { name: "a" })).json).toMatchObject(
    success,
  );
  await call(simulator, `DELETE /cloud/1001/snapshot/${id}/delete`);
  expect((await again()).json).toMatchObject(success);
};

const nameMaxLength: Proof = async (start) => {
  const simulator = await start({ settings: { nameMaxLength: 5 } });
  const create = (name: unknown) => call(simulator, "POST /cloud/1001/snapshot/create", { name });
  for (const name of ["sixsix", "", "   ", 7, undefined, null]) {
    expect((await create(name)).json).toMatchObject(error);
  }
  expect(simulator.cloud.snapshots()).toEqual([]);
  expect((await create("fives")).json).toMatchObject(success);
};

const longNames: Proof = async (start) => {
  const simulator = await start({ settings: { longNames: "cut", nameMaxLength: 5 } });
  await takeSnapshot(simulator, "1001", "fives");
  expect((await call(simulator, "POST /cloud/1001/snapshot/create", { name: "sixsix" })).json).toMatchObject(
    success,
  );
  expect(simulator.cloud.snapshots().map((one) => one.name)).toEqual(["fives", "sixsi"]);
};

const storedNames: Proof = async (start) => {
  const sent = " Mon Serveur-1_é ";
  const stored = {
    asSent: sent,
    lowerCase: " mon serveur-1_é ",
    hyphens: "-Mon-Serveur-1-é-",
    slug: "-mon-serveur-1-é-",
    trimmed: "Mon Serveur-1_é",
  };
  for (const form of ["asSent", "lowerCase", "hyphens", "slug", "trimmed"] as const) {
    const simulator = await start({ settings: { storedNames: form } });
    await call(simulator, "POST /cloud/1001/snapshot/create", { name: sent });
    expect((await accountSnapshots(simulator)).map((one) => one.name)).toEqual([stored[form]]);
  }
};

const allowedNameCharacters: Proof = async (start) => {
  const simulator = await start({ settings: { allowedNameCharacters: "a-z0-9-" } });
  const create = async (name: string) =>
    (await call(simulator, "POST /cloud/1001/snapshot/create", { name })).json;
  for (const name of ["Upper", "under_score", "a b", "é"]) expect(await create(name)).toMatchObject(error);
  expect(await create("web-1")).toMatchObject(success);
  expect(() => simulator.cloud.setSettings({ allowedNameCharacters: "z-a" })).toThrow(/allowedName/);
};

const nameRefusalWording: Proof = async (start) => {
  const simulator = await start({
    settings: { nameRefusalWording: "Bad name", nameMaxLength: 5, allowedNameCharacters: "a-z" },
  });
  for (const name of ["sixsix", "A"]) {
    const reply = await call(simulator, "POST /cloud/1001/snapshot/create", { name });
    expect(reply.json).toEqual({ ...error, message: "Bad name" });
  }
};

const snapshotLimit: Proof = async (start) => {
  const simulator = await start({ settings: { snapshotLimit: 2 } });
  const id = await takeSnapshot(simulator, "1001", "a");
  await takeSnapshot(simulator, "1002", "b");
  const third = () => call(simulator, "POST /cloud/1002/snapshot/create", { name: "c" });
  expect((await third()).json).toMatchObject(error);
  await call(simulator, `DELETE /cloud/1001/snapshot/${id}/delete`);
  expect((await third()).json).toMatchObject(success);
};

const serverSnapshotLimit: Proof = async (start) => {
  const simulator = await start({ settings: { serverSnapshotLimit: 1 } });
  await takeSnapshot(simulator, "1001", "a");
  await takeSnapshot(simulator, "1002", "b");
  const reply = await call(simulator, "POST /cloud/1001/snapshot/create", { name: "c" });
  expect(reply.json).toMatchObject({ ...error, message: expect.stringContaining("Maximum number") });
  expect(simulator.cloud.snapshots()).toHaveLength(2);
};

const snapshotLimitWording: Proof = async (start) => {
  const simulator = await start({ settings: { snapshotLimit: 0, snapshotLimitWording: "Limit reached" } });
  const reply = await call(simulator, "POST /cloud/1002/snapshot/create", { name: "c" });
  expect(reply.json).toEqual({ ...error, message: "Limit reached" });
};

const lockedSnapshots: Proof = async (start) => {
  const simulator = await start({ settings: { lockedSnapshots: ["5001"] } });
  await takeSnapshot(simulator, "1001", "a");
  await takeSnapshot(simulator, "1001", "b");
  const remove = async (id: string) =>
    (await call(simulator, `DELETE /cloud/1001/snapshot/${id}/delete`)).json;
  expect(await remove("5001")).toMatchObject({ ...error, message: expect.stringContaining("locked") });
  expect(await remove("5002")).toMatchObject(success);
  expect(simulator.cloud.snapshots()).toMatchObject([{ id: "5001" }]);
};

const lockedWording: Proof = async (start) => {
  const simulator = await start({
    settings: { lockedSnapshots: "all", lockedWording: "in use by cloud server web-07" },
  });
  const id = await takeSnapshot(simulator, "1001", "a");
  const reply = await call(simulator, `DELETE /cloud/1001/snapshot/${id}/delete`);
  expect(reply.json).toEqual({ ...error, message: "in use by cloud server web-07" });
};

const stayingSnapshots: Proof = async (start) => {
  const simulator = await start({ settings: { stayingSnapshots: ["5001"] } });
  for (const name of ["a", "b", "c"]) await takeSnapshot(simulator, "1001", name);
  const remove = async (id: string) => {
    const reply = await call(simulator, `DELETE /cloud/1001/snapshot/${id}/delete`);
    expect(reply.json).toMatchObject(success);
    return simulator.cloud.snapshots().map((one) => one.id);
  };
  expect(await remove("5001")).toEqual(["5001", "5002", "5003"]);
  expect(await remove("5002")).toEqual(["5001", "5003"]);
  simulator.cloud.setSettings({ stayingSnapshots: "all" });
  expect(await remove("5003")).toEqual(["5001", "5003"]);
  simulator.cloud.setSettings({ stayingSnapshots: [] });
  simulator.cloud.nextOutcome({ of: "delete", outcome: "stays", times: 2, cloudId: "1001" });
  for (const _ of [1, 2]) expect(await remove("5001")).toEqual(["5001", "5003"]);
  expect(await remove("5001")).toEqual(["5003"]);
};

const runningSnapshots: Proof = async (start) => {
  const settings = { runningSnapshots: "refuse", powerOffLateShows: "Stopped" } as const;
  const simulator = await start({ settings: { ...settings, powerOffLateByMs: 30_000 } });
  const create = async () => (await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" })).json;
  expect(await create()).toMatchObject(error);
  await call(simulator, "POST /cloud/1001/poweroff");
  simulator.advance(150 + 29_999);
  expect(await create()).toMatchObject(error);
  expect(simulator.cloud.snapshots()).toEqual([]);
  simulator.advance(1);
  expect(await create()).toMatchObject(success);
};

const powerOffLateShows: Proof = async (start) => {
  for (const shown of ["Running", "Stopped"] as const) {
    const simulator = await start({ settings: { powerOffLateByMs: 30_000, powerOffLateShows: shown } });
    await call(simulator, "POST /cloud/1001/poweroff");
    simulator.advance(150);
    expect(simulator.cloud.server("1001").powerState).toBe(shown);
    simulator.advance(30_000);
    expect(simulator.cloud.server("1001").powerState).toBe("Stopped");
    await call(simulator, "POST /cloud/1001/poweron");
    simulator.advance(60_000);
    expect(simulator.cloud.server("1001").powerState).toBe("Running");
  }
};

const runningSnapshotWording: Proof = async (start) => {
  const simulator = await start({
    settings: { runningSnapshots: "refuse", runningSnapshotWording: "Switch it off first" },
  });
  const reply = await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
  expect(reply.json).toEqual({ ...error, message: "Switch it off first" });
};

const foreignSnapshot: Proof = async (start) => {
  for (const style of ["notFound", "refused"] as const) {
    const simulator = await start({ settings: { foreignSnapshot: style } });
    const id = await takeSnapshot(simulator, "1001", "a");
    const message = expect.stringContaining(style === "refused" ? "does not belong" : "not found");
    const remove = await call(simulator, `DELETE /cloud/1002/snapshot/${id}/delete`);
    expect(remove.json).toMatchObject({ ...error, message });
    const restore = await call(simulator, `POST /cloud/1002/snapshot/${id}/restore`);
    expect(restore.json).toMatchObject({ ...error, message });
    expect(simulator.cloud.snapshots()).toHaveLength(1);
  }
};

const snapshotsSurviveServer: Proof = async (start) => {
  const simulator = await start({ settings: { snapshotsSurviveServer: false } });
  await takeSnapshot(simulator, "1001", "a");
  await takeSnapshot(simulator, "1002", "b");
  await call(simulator, "DELETE /cloud/1001/destroy", confirmation);
  expect(await accountSnapshots(simulator)).toMatchObject([{ name: "b" }]);
};

const orphanSnapshotDelete: Proof = async (start) => {
  for (const style of ["accept", "notFound"] as const) {
    const simulator = await start({ settings: { orphanSnapshotDelete: style } });
    const id = await takeSnapshot(simulator, "1001", "a");
    await call(simulator, "DELETE /cloud/1001/destroy", confirmation);
    const reply = await call(simulator, `DELETE /cloud/1001/snapshot/${id}/delete`);
    expect(reply.json).toMatchObject(style === "accept" ? success : error);
    expect(simulator.cloud.snapshots()).toHaveLength(style === "accept" ? 0 : 1);
    expect((await call(simulator, `POST /cloud/1001/snapshot/${id}/restore`)).json).toMatchObject(error);
  }
};

export const proofsOfSnapshots = {
  snapshotDurationMs,
  snapshotOutcome,
  pendingStatusWord,
  failureWord,
  deleteDurationMs,
  deletingStatusWord,
  storageWord,
  duplicateNames,
  nameMaxLength,
  longNames,
  allowedNameCharacters,
  nameRefusalWording,
  storedNames,
  snapshotLimit,
  serverSnapshotLimit,
  snapshotLimitWording,
  lockedSnapshots,
  lockedWording,
  stayingSnapshots,
  runningSnapshots,
  runningSnapshotWording,
  powerOffLateShows,
  foreignSnapshot,
  snapshotsSurviveServer,
  orphanSnapshotDelete,
};
