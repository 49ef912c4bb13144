import { expect } from "vitest";
import { call, confirmation, deployBody, http, takeSnapshot } from "./harness";
import type { Proof } from "./settings-proof";

/** slow.test.ts shows it for every write, with what a hang-up does. */
const slowAnswers: Proof = async (start) => {
  const slow = { forMs: 100_000, effect: "atArrival", hangUp: "goesOn" } as const;
  const simulator = await start({ settings: { slowAnswers: { "server.list": slow } } });
  const answer = call(simulator, "GET /cloud");
  const logged = await simulator.requests.waitFor((one) => one.slow === "waiting");
  simulator.advance(99_999);
  expect(logged.settled).toBe(false);
  simulator.advance(1);
  expect((await answer).status).toBe(200);
  expect(logged.slow).toBe("answered");
};

const refusedTokenWording: Proof = async (start) => {
  const simulator = await start({ settings: { refusedTokenWording: "Invalid API key" } });
  const reply = await http("GET", `${simulator.url}/cloud`);
  expect([reply.status, reply.json]).toEqual([401, { status: "error", message: "Invalid API key" }]);
};

const absentForms = {
  http404: [404, '{"status":"error","message":"Not Found"}'],
  http401: [401, '{"status":"error","message":"Not Found GET"}'],
  empty200: [200, ""],
} as const;

const unknownRoute: Proof = async (start) => {
  for (const form of ["http404", "http401", "empty200"] as const) {
    const simulator = await start({ settings: { unknownRoute: form, snapshotListing: "absent" } });
    for (const path of ["/nothing", "/snapshot", "/snapshot/innoida"]) {
      const reply = await call(simulator, `GET ${path}`);
      expect([reply.status, reply.text]).toEqual(absentForms[form]);
    }
  }
  const simulator = await start({ settings: { unknownRoute: "http401" } });
  const put = await call(simulator, "PUT /nothing");
  expect(put.json).toEqual({ status: "error", message: "Not Found PUT" });
  const unauthorized = await http("GET", `${simulator.url}/nothing`);
  expect(unauthorized.json).toMatchObject({ message: simulator.cloud.settings().refusedTokenWording });
};

const absentCalls: Proof = async (start) => {
  for (const form of ["http404", "http401", "empty200"] as const) {
    const absent = { "account.info": form, "snapshot.listByDeploy": form } as const;
    const simulator = await start({ settings: { absentCalls: absent } });
    for (const path of ["/account/info", "/cloud/getdeploy?product=cloud"]) {
      const reply = await call(simulator, `GET ${path}`);
      expect([reply.status, reply.text]).toEqual(absentForms[form]);
    }
    expect((await call(simulator, "GET /snapshot")).json).toMatchObject({ status: "success" });
  }
};

const ignoredCalls: Proof = async (start) => {
  const simulator = await start({
    settings: {
      ignoredCalls: [
        "snapshot.create",
        "snapshot.delete",
        "snapshot.restore",
        "server.poweroff",
        "server.destroy",
        "server.deploy",
      ],
    },
  });
  simulator.cloud.addSnapshot({ id: "1", cloudId: "1001", name: "old" });
  const before = JSON.stringify([simulator.cloud.servers(), simulator.cloud.snapshots()]);
  const requests: [string, unknown?][] = [
    ["POST /cloud/1001/snapshot/create", { name: "new" }],
    ["DELETE /cloud/1001/snapshot/1/delete"],
    ["POST /cloud/1001/snapshot/1/restore"],
    ["POST /cloud/1001/poweroff"],
    ["DELETE /cloud/1001/destroy", confirmation],
    ["POST /cloud/deploy", deployBody("new")],
  ];
  for (const [request, body] of requests) {
    expect((await call(simulator, request, body)).json).toMatchObject({ status: "success" });
  }
  simulator.advance(3_600_000);
  expect(JSON.stringify([simulator.cloud.servers(), simulator.cloud.snapshots()])).toBe(before);
  expect(simulator.cloud.operations()).toEqual([]);
  expect((await call(simulator, "DELETE /cloud/404/destroy", confirmation)).json).toMatchObject({
    status: "error",
  });
};

const serverTimeZone: Proof = async (start) => {
  const simulator = await start({ settings: { timeZone: "UTC", serverTimeZone: "America/New_York" } });
  await takeSnapshot(simulator, "1001", "a");
  const reply = await call(simulator, "GET /cloud/1001");
  expect(reply.json).toMatchObject({
    cloud: [{ created_at: "2026-01-15 01:30:00", snapshots: [{ created_at: "2026-01-15 06:30:00" }] }],
  });
};

const actionTimeZone: Proof = async (start) => {
  const simulator = await start({ settings: { actionTimeZone: "UTC" } });
  await takeSnapshot(simulator, "1001", "a");
  expect((await call(simulator, "GET /actions")).json).toMatchObject({
    actions: [{ started_at: "2026-01-15 06:30:00" }],
  });
  expect((await call(simulator, "GET /cloud/1001")).json).toMatchObject({
    cloud: [{ created_at: "2026-01-15 12:00:00" }],
  });
};

export const proofsOfLine = {
  slowAnswers,
  refusedTokenWording,
  unknownRoute,
  absentCalls,
  ignoredCalls,
  serverTimeZone,
  actionTimeZone,
};
