import { expect } from "vitest";
import type { Simulator, SimulatorSettings } from "../../../simulator/index";
import { call, deployBody, http, takeSnapshot } from "./harness";
import type { Proof, Start } from "./settings-proof";

const error = { status: "error" };

async function user(start: Start, settings: Partial<SimulatorSettings>): Promise<unknown> {
  return (await call(await start({ settings }), "GET /account/info")).json;
}

const accountId: Proof = async (start) => {
  expect(await user(start, { accountId: "99" })).toMatchObject({ user: { id: "99" } });
  const simulator = await start({
    accounts: [{ token: "second", servers: [{ hostname: "theirs" }] }, { token: "third" }],
  });
  const info = await asked(simulator, "second", "GET /account/info");
  expect(info.json).toMatchObject({ user: { id: "701" } });
  const listed = await asked(simulator, "second", "GET /cloud");
  expect(listed.json).toMatchObject({
    cloud: [{ cloudid: "101001", hostname: "theirs" }],
    meta: { total: 1 },
  });
  expect((await asked(simulator, "third", "GET /cloud")).json).toMatchObject({ cloud: [] });
  expect((await asked(simulator, "second", "GET /cloud/1001")).json).toMatchObject({ cloud: [] });
  await asked(simulator, "second", "POST /cloud/101001/snapshot/create", { name: "theirs" });
  expect(simulator.cloud.snapshots()).toEqual([]);
  expect(simulator.cloudOf("second").snapshots()).toMatchObject([{ id: "105001", name: "theirs" }]);
  expect(simulator.cloudOf(simulator.token).servers()).toHaveLength(2);
  expect(() => simulator.cloudOf("fourth")).toThrow(/no account/);
};

function asked(simulator: Simulator, token: string, request: string, body?: unknown) {
  const [method = "", path = ""] = request.split(" ");
  return http(method, simulator.url + path, {
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const accountKyc: Proof = async (start) =>
  expect(await user(start, { accountKyc: "0" })).toMatchObject({ user: { kyc: "0" } });

const accountVerify: Proof = async (start) =>
  expect(await user(start, { accountVerify: "0" })).toMatchObject({ user: { verify: "0" } });

const availableCredit: Proof = async (start) =>
  expect(await user(start, { availableCredit: 12.5 })).toMatchObject({ user: { availablecredit: 12.5 } });

const currency: Proof = async (start) =>
  expect(await user(start, { currency: "USD" })).toMatchObject({ user: { currency: "USD" } });

const currencyPrefix: Proof = async (start) =>
  expect(await user(start, { currencyPrefix: "$" })).toMatchObject({ user: { currencyprefix: "$" } });

const currencyRate: Proof = async (start) =>
  expect(await user(start, { currencyRate: "0.012" })).toMatchObject({ user: { currencyrate: "0.012" } });

const leastCredit: Proof = async (start) => {
  const simulator = await start({ settings: { availableCredit: 10, leastCredit: 10 } });
  await takeSnapshot(simulator, "1001", "a");
  simulator.cloud.setSettings({ leastCredit: 11 });
  const take = await call(simulator, "POST /cloud/1001/snapshot/create", { name: "b" });
  const deploy = await call(simulator, "POST /cloud/deploy", deployBody("b"));
  for (const one of [take, deploy]) expect(one.json).toMatchObject(error);
  expect(simulator.cloud.snapshots()).toHaveLength(1);
  expect(simulator.cloud.servers()).toHaveLength(2);
};

const lowCreditWording: Proof = async (start) => {
  const simulator = await start({
    settings: { availableCredit: -1, lowCreditWording: "Please pay your invoice and try again" },
  });
  const reply = await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
  expect(reply.json).toEqual({ ...error, message: "Please pay your invoice and try again" });
};

const readOnlyWording: Proof = async (start) => {
  const simulator = await start({
    readOnlyToken: "looking",
    settings: { readOnlyWording: "Only for reading" },
  });
  expect((await asked(simulator, "looking", "GET /cloud")).json).toMatchObject({ meta: { total: 2 } });
  const write = await asked(simulator, "looking", "POST /cloud/1001/snapshot/create", { name: "a" });
  expect(write.json).toEqual({ ...error, message: "Only for reading" });
  expect(simulator.cloud.snapshots()).toEqual([]);
  expect(JSON.stringify(simulator.requests.all())).not.toContain("looking");
};

const readOnlyStyle: Proof = async (start) => {
  for (const [style, status] of [
    ["errorStyle", 200],
    ["http401", 401],
    ["http403", 403],
  ] as const) {
    const simulator = await start({ readOnlyToken: "looking", settings: { readOnlyStyle: style } });
    const write = await asked(simulator, "looking", "POST /cloud/1001/poweroff");
    expect([write.status, write.json]).toMatchObject([status, error]);
  }
};

const forbiddenCalls: Proof = async (start) => {
  const simulator = await start({ settings: { readOnlyWording: "Access denied" } });
  const id = await takeSnapshot(simulator, "1001", "a");
  simulator.cloud.setSettings({ forbiddenCalls: ["snapshot.delete"] });
  const remove = () => call(simulator, `DELETE /cloud/1001/snapshot/${id}/delete`);
  expect((await remove()).json).toEqual({ ...error, message: "Access denied" });
  await takeSnapshot(simulator, "1001", "b");
  expect(simulator.cloud.snapshots()).toHaveLength(2);
  simulator.cloud.setSettings({ forbiddenCalls: [] });
  expect((await remove()).json).toMatchObject({ status: "success" });
};

export const proofsOfAccount = {
  readOnlyWording,
  readOnlyStyle,
  forbiddenCalls,
  accountId,
  accountKyc,
  accountVerify,
  availableCredit,
  leastCredit,
  lowCreditWording,
  currency,
  currencyPrefix,
  currencyRate,
};
