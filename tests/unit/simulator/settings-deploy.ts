import { expect } from "vitest";
import { defaultSettings, type Simulator } from "../../../simulator/index";
import { call, confirmation, deployBody, readServer, rows, takeSnapshot } from "./harness";
import type { Proof } from "./settings-proof";

const success = { status: "success" };
const error = { status: "error" };

const deploy = (simulator: Simulator, more: Record<string, unknown> = {}) =>
  call(simulator, "POST /cloud/deploy", { ...deployBody("web-2"), ...more });

const imagingDurationMs: Proof = async (start) => {
  const simulator = await start({ settings: { imagingDurationMs: 90_000, stoppedPowerWord: "Shutdown" } });
  await deploy(simulator);
  expect(await readServer(simulator, "1003")).toMatchObject({ status: "Pending" });
  simulator.advance(300);
  expect(await readServer(simulator, "1003")).toMatchObject({ status: "Active", powerstatus: "Shutdown" });
  expect((await call(simulator, "POST /cloud/1003/poweron")).json).toMatchObject(error);
  simulator.advance(89_999);
  expect(await readServer(simulator, "1003")).toMatchObject({ status: "Active", powerstatus: "Shutdown" });
  simulator.advance(1);
  expect(await readServer(simulator, "1003")).toMatchObject({ status: "Active", powerstatus: "Running" });
};

const requiredDeployFields: Proof = async (start) => {
  const simulator = await start({
    settings: { requiredDeployFields: ["auth", "cpumodel", "root_password"] },
  });
  const message = (field: string) => ({ ...error, message: `The ${field} field is required` });
  expect((await deploy(simulator, { auth: "" })).json).toMatchObject(message("auth"));
  expect((await deploy(simulator)).json).toMatchObject(message("cpumodel"));
  expect((await deploy(simulator, { cpumodel: "amd" })).json).toMatchObject(message("root_password"));
  const whole = { cpumodel: "amd", root_password: "correct horse" };
  expect((await deploy(simulator, whole)).json).toMatchObject(success);
};

const otherCpuModels: Proof = async (start) => {
  for (const rule of ["accept", "refuse"] as const) {
    const simulator = await start({ settings: { otherCpuModels: rule } });
    const [zone] = rows(await call(simulator, "GET /dczones"), "dczones");
    expect(zone).toMatchObject({ slug: "inmumbaizone2", default_cpu: "amd" });
    expect((await deploy(simulator, { cpumodel: "amd" })).json).toMatchObject(success);
    const other = await deploy(simulator, { cpumodel: "intel" });
    expect(other.json).toMatchObject(rule === "accept" ? success : error);
  }
};

const smallPlans: Proof = async (start) => {
  for (const rule of ["grow", "refuse"] as const) {
    const simulator = await start({ settings: { smallPlans: rule } });
    const snapshotid = await takeSnapshot(simulator, "1002", "80 gigabytes");
    const fitting = rows(await call(simulator, `GET /cloud/plans/snapshot/${snapshotid}`), "plans");
    expect(fitting.map((one) => one.id)).toEqual(["10046", "10047"]);
    const onSmall = await deploy(simulator, { image: "", snapshotid });
    expect(onSmall.json).toMatchObject(rule === "grow" ? success : error);
    if (rule === "grow") expect(simulator.cloud.server("1003").diskGb).toBe(80);
  }
};

const deployPassword: Proof = async (start) => {
  const simulator = await start();
  const sent = { root_password: "correct horse" };
  expect((await deploy(simulator, sent)).json).toMatchObject({ password: "correct horse" });
  simulator.cloud.setSettings({ deployPassword: "another" });
  const { json } = await deploy(simulator, sent);
  expect(json).toMatchObject({ ...success, password: simulator.cloud.server("1004").rootPassword });
  expect(json).not.toMatchObject({ password: "correct horse" });
};

const fullZones: Proof = async (start) => {
  const simulator = await start({ settings: { fullZones: ["inmumbaizone2"] } });
  expect((await deploy(simulator)).json).toMatchObject(error);
  expect((await deploy(simulator, { dcslug: "innoida" })).json).toMatchObject(success);
};

const fullZoneRefusal: Proof = async (start) => {
  const simulator = await start({ settings: { fullZones: ["inmumbaizone2"] } });
  expect((await deploy(simulator)).json).toEqual({
    ...error,
    message: "Public Network Resources not available at this zone",
    errorcode: "NONODEFOUND",
  });
  simulator.cloud.setSettings({ fullZoneRefusal: "resourceUnavailable" });
  const { json } = await deploy(simulator);
  expect(json).toEqual({
    ...error,
    message: expect.stringMatching(/Resource Unavailable, a support ticket/),
  });
};

const destroyConfirmation: Proof = async (start) => {
  const bodies = {
    sentence: confirmation,
    hostname: { confirm: "web-1" },
    confirmName: { confirm_name: "web-1" },
    neither: { confirm: "yes", confirm_name: "db-1" },
  };
  const rules = ["sentence", "hostname", "confirmName", "any"] as const;
  for (const rule of rules) {
    for (const [form, body] of Object.entries(bodies)) {
      const simulator = await start({ settings: { destroyConfirmation: rule } });
      const reply = await call(simulator, "DELETE /cloud/1001/destroy", body);
      const right = rule === "any" ? form !== "neither" : form === rule;
      expect([rule, form, reply.json]).toMatchObject([rule, form, right ? success : error]);
      expect(simulator.cloud.servers()).toHaveLength(right ? 1 : 2);
    }
  }
};

const unconfirmedWording: Proof = async (start) => {
  const simulator = await start({ settings: { unconfirmedWording: "Confirm name does not match" } });
  const reply = await call(simulator, "DELETE /cloud/1001/destroy", {});
  expect(reply.json).toEqual({ ...error, message: "Confirm name does not match" });
};

/** A part of `plans`: a plan without a disk of its own. */
export const plansWithoutDisk: Proof = async (start) => {
  const [plan] = defaultSettings.plans;
  if (plan === undefined) throw new Error("There is no plan by default");
  const simulator = await start({ settings: { plans: [{ ...plan, diskGb: 0 }] } });
  expect(rows(await call(simulator, "GET /plans"), "plans")).toMatchObject([{ disk: "0" }]);
  expect((await deploy(simulator)).json).toMatchObject({ ...error, message: "The ebs field is required" });
  const ebs = [{ id: "1", disk: "70", type: "nvme" }];
  expect((await deploy(simulator, { ebs })).json).toMatchObject(success);
  expect(await readServer(simulator, "1003")).toMatchObject({ disksize: 70 });
};

export const proofsOfDeploy = {
  imagingDurationMs,
  requiredDeployFields,
  otherCpuModels,
  smallPlans,
  deployPassword,
  fullZones,
  fullZoneRefusal,
  destroyConfirmation,
  unconfirmedWording,
};
