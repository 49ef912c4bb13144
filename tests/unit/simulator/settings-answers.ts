import { expect } from "vitest";
import { accountSnapshots, call, http, readServer, serverSnapshots, takeSnapshot } from "./harness";
import type { Proof } from "./settings-proof";

const plainForms = [
  ["object", '{"message":'],
  ["empty", ""],
  ["null", "null"],
] as const;

const errorStyle: Proof = async (start) => {
  const message = expect.stringContaining("required");
  const expected = {
    status200: [200, { status: "error", message }],
    "http4xx-status-message": [422, { status: "error", message }],
    "http4xx-errors-list": [422, { errors: [{ message, long_message: message, code: "invalid" }] }],
  } as const;
  for (const style of ["status200", "http4xx-status-message", "http4xx-errors-list"] as const) {
    const simulator = await start({ settings: { errorStyle: style } });
    const reply = await call(simulator, "POST /cloud/1001/snapshot/create", { name: " " });
    expect([reply.status, reply.json]).toEqual(expected[style]);
    const unknown = await call(simulator, "GET /nothing");
    expect(unknown.json).toEqual({ status: "error", message: "Not Found GET" });
  }
};

const refusedTokenStyle: Proof = async (start) => {
  const cases = [
    ["http401", "status200", 401],
    ["errorStyle", "status200", 200],
    ["errorStyle", "http4xx-status-message", 401],
  ] as const;
  for (const [style, errors, status] of cases) {
    const simulator = await start({ settings: { refusedTokenStyle: style, errorStyle: errors } });
    for (const authorization of ["Bearer wrong", "", simulator.token, `bearer ${simulator.token}`]) {
      const reply = await http("GET", `${simulator.url}/cloud`, { headers: { authorization } });
      expect(reply.status).toBe(status);
      expect(reply.json).toMatchObject({
        status: "error",
        message: expect.stringContaining("Unauthorized"),
      });
    }
  }
};

const statusField: Proof = async (start) => {
  const simulator = await start({ settings: { statusField: "missing" } });
  expect((await call(simulator, "GET /cloud")).json).not.toHaveProperty("status");
  const created = await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
  expect(created.json).toEqual({ message: expect.any(String) });
  expect((await call(simulator, "POST /cloud/404/poweron")).json).toMatchObject({ status: "error" });
};

const strayBytes: Proof = async (start) => {
  const simulator = await start({ settings: { strayBytes: "0\r\n" } });
  expect((await call(simulator, "GET /cloud")).text).toMatch(/^0\r\n\{"cloud"/);
  expect((await call(simulator, "POST /cloud/404/poweron")).text).toMatch(/^0\r\n\{"status":"error"/);
};

const idsAs: Proof = async (start) => {
  const expected = { string: ["1001", "5001"], number: [1001, 5001], mixed: ["1001", 5001] } as const;
  for (const style of ["string", "number", "mixed"] as const) {
    const simulator = await start({ settings: { idsAs: style } });
    await takeSnapshot(simulator, "1001", "a");
    const [serverId, listedId] = expected[style];
    expect((await readServer(simulator, "1001")).cloudid).toBe(serverId);
    expect((await accountSnapshots(simulator))[0]?.id).toBe(listedId);
  }
  const simulator = await start({
    settings: { idsAs: "number" },
    servers: [{ cloudId: "7f", hostname: "odd" }],
  });
  expect((await readServer(simulator, "7f")).cloudid).toBe("7f");
};

const numbersAs: Proof = async (start) => {
  const expected = {
    mixed: { cpu: "1", ram: "2048", cost: 600 },
    string: { cpu: "1", ram: "2048", cost: "600" },
    number: { cpu: 1, ram: 2048, cost: 600 },
  };
  for (const style of ["mixed", "string", "number"] as const) {
    const simulator = await start({ settings: { numbersAs: style } });
    expect(await readServer(simulator, "1001")).toMatchObject(expected[style]);
  }
};

const sizeStyle: Proof = async (start) => {
  const expected = { "50GB": "50GB", "50 GB": "50 GB", "50": "50", number: 50 } as const;
  for (const style of ["50GB", "50 GB", "50", "number"] as const) {
    const simulator = await start({ settings: { sizeStyle: style } });
    await takeSnapshot(simulator, "1001", "a");
    expect((await serverSnapshots(simulator, "1001"))[0]?.size).toBe(expected[style]);
    expect((await accountSnapshots(simulator))[0]?.size).toBe(expected[style]);
  }
};

const diskSizeStyle: Proof = async (start) => {
  const expected = { "50GB": "50GB", "50 GB": "50 GB", "50": "50", number: 50 } as const;
  for (const style of ["50GB", "50 GB", "50", "number"] as const) {
    const simulator = await start({ settings: { diskSizeStyle: style } });
    expect((await readServer(simulator, "1001")).disksize).toBe(expected[style]);
  }
};

const timeZone: Proof = async (start) => {
  const expected = {
    "Asia/Kolkata": "2026-01-15 12:00:00",
    UTC: "2026-01-15 06:30:00",
    "America/New_York": "2026-01-15 01:30:00",
  };
  for (const [zone, time] of Object.entries(expected)) {
    const simulator = await start({ settings: { timeZone: zone } });
    expect((await readServer(simulator, "1001")).created_at).toBe(time);
  }
};

const clockSkewMs: Proof = async (start) => {
  const simulator = await start({ settings: { clockSkewMs: -90_000, timeZone: "UTC" } });
  expect((await readServer(simulator, "1001")).created_at).toBe("2026-01-15 06:28:30");
};

const powerAnswer: Proof = async (start) => {
  for (const [form, text] of plainForms) {
    const simulator = await start({ settings: { powerAnswer: form } });
    const reply = await call(simulator, "POST /cloud/1001/poweroff");
    expect([reply.status, reply.text.slice(0, text === "" ? undefined : text.length)]).toEqual([200, text]);
    simulator.advance(150);
    expect(simulator.cloud.server("1001").powerState).toBe("Stopped");
  }
};

const restoreAnswer: Proof = async (start) => {
  for (const [form, text] of plainForms) {
    const simulator = await start({ settings: { restoreAnswer: form } });
    const id = await takeSnapshot(simulator, "1001", "a");
    const reply = await call(simulator, `POST /cloud/1001/snapshot/${id}/restore`);
    expect([reply.status, reply.text.slice(0, text === "" ? undefined : text.length)]).toEqual([200, text]);
    expect(simulator.cloud.server("1001").busy).toBe(true);
  }
};

const deleteAnswer: Proof = async (start) => {
  for (const [form, text] of plainForms) {
    const simulator = await start({ settings: { deleteAnswer: form } });
    const id = await takeSnapshot(simulator, "1001", "a");
    const reply = await call(simulator, `DELETE /cloud/1001/snapshot/${id}/delete`);
    expect([reply.status, reply.text.slice(0, text === "" ? undefined : text.length)]).toEqual([200, text]);
    expect(simulator.cloud.snapshots()).toEqual([]);
  }
};

const rateLimit: Proof = async (start) => {
  const limit = { requests: 2, windowMs: 10_000, retryAfter: true };
  const simulator = await start({ settings: { rateLimit: limit } });
  const statuses = [];
  for (let number = 0; number < 3; number += 1) statuses.push((await call(simulator, "GET /cloud")).status);
  expect(statuses).toEqual([200, 200, 429]);
  simulator.advance(2500);
  const refused = await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
  expect(refused.headers.get("retry-after")).toBe("8");
  expect(simulator.cloud.snapshots()).toEqual([]);
  simulator.advance(7500);
  expect((await call(simulator, "GET /cloud")).status).toBe(200);
  simulator.cloud.setSettings({ rateLimit: { ...limit, requests: 0, retryAfter: false } });
  const silent = await call(simulator, "GET /cloud");
  expect([silent.status, silent.headers.get("retry-after")]).toEqual([429, null]);
};

/** A part of `rateLimit`: one token cannot use up what another one may. */
export const rateLimitOfEachToken: Proof = async (start) => {
  const simulator = await start({
    accounts: [{ token: "second" }],
    settings: { rateLimit: { requests: 1, windowMs: 1000, retryAfter: true } },
  });
  const ask = async (token: string) =>
    (await http("GET", `${simulator.url}/cloud`, { headers: { authorization: `Bearer ${token}` } })).status;
  const statuses = [await ask(simulator.token), await ask(simulator.token), await ask("second")];
  expect(statuses).toEqual([200, 429, 200]);
};

const notFoundWording: Proof = async (start) => {
  const simulator = await start({ settings: { notFoundWording: "Cloud does not exist" } });
  const calls = [
    "POST /cloud/404/poweron",
    "POST /cloud/404/snapshot/create",
    "POST /cloud/1001/snapshot/404/restore",
    "DELETE /cloud/1001/snapshot/404/delete",
    "DELETE /cloud/404/destroy",
    "GET /actions/404",
  ];
  for (const one of calls) {
    expect(
      (await call(simulator, one, one.startsWith("POST") ? { name: "a" } : undefined)).json,
    ).toMatchObject({
      message: "Cloud does not exist",
    });
  }
};

const serverNotFoundWording: Proof = async (start) => {
  const simulator = await start({
    settings: { serverNotFoundWording: "Cloud server not found", orphanSnapshotDelete: "notFound" },
  });
  const id = await takeSnapshot(simulator, "1001", "a");
  simulator.cloud.removeServer("1001");
  const orphan = await call(simulator, `DELETE /cloud/1001/snapshot/${id}/delete`);
  expect(orphan.json).toEqual({ status: "error", message: "Cloud server not found" });
  expect(await accountSnapshots(simulator)).toMatchObject([{ id, cloudid: "1001" }]);
  const unknown = await call(simulator, "DELETE /cloud/1002/snapshot/404/delete");
  expect(unknown.json).toMatchObject({ message: "Sorry, this resource was not found" });
};

export const proofsOfAnswers = {
  errorStyle,
  refusedTokenStyle,
  statusField,
  strayBytes,
  idsAs,
  numbersAs,
  sizeStyle,
  diskSizeStyle,
  timeZone,
  clockSkewMs,
  powerAnswer,
  restoreAnswer,
  deleteAnswer,
  rateLimit,
  notFoundWording,
  serverNotFoundWording,
};
