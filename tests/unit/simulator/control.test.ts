import { request as rawRequest } from "node:http";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../../simulator/index";
import {
  accountSnapshots,
  call,
  control,
  http,
  readServer,
  rows,
  serverSnapshots,
  simulators,
  takeSnapshot,
} from "./harness";

const start = simulators();

describe("behind a client's back, in-process", () => {
  it("deletes, renames, fails, completes, resizes and re-words snapshots", async () => {
    const simulator = await start();
    const id = await takeSnapshot(simulator, "1001", "a");
    simulator.cloud.renameSnapshot(id, "renamed");
    simulator.cloud.setSize(id, 51);
    simulator.cloud.setStatus(id, "Archiving");
    const [row] = await accountSnapshots(simulator);
    expect(row).toMatchObject({ name: "renamed", size: "51GB", status: "Archiving" });
    simulator.cloud.setStatus(id, undefined);
    simulator.cloud.failSnapshot(id);
    expect(simulator.cloud.snapshot(id).status).toBe("Error");
    simulator.cloud.completeSnapshot(id);
    expect(simulator.cloud.snapshot(id).status).toBe("Active");
    simulator.cloud.deleteSnapshot(id);
    expect(await serverSnapshots(simulator, "1001")).toEqual([]);
  });

  it("adds a snapshot made by hand, with a time of its own", async () => {
    const simulator = await start();
    const made = simulator.cloud.addSnapshot({
      cloudId: "1001",
      name: "by hand",
      createdAt: "2025-12-31T18:30:00Z",
      sizeGb: 12,
      storage: "ebs",
      contents: "as of last year",
    });
    expect(made).toMatchObject({
      id: "5001",
      createdAt: "2025-12-31T18:30:00.000Z",
      contents: "as of last year",
    });
    expect(await accountSnapshots(simulator)).toMatchObject([
      { name: "by hand", createdate: "2026-01-01 00:00:00", size: "12GB", storage: "ebs", status: "Active" },
    ]);
  });

  it("adds, changes and removes servers", async () => {
    const simulator = await start();
    const server = simulator.cloud.addServer({ hostname: "extra", dcslug: "innoida", powerState: "Stopped" });
    expect(server).toMatchObject({ cloudId: "1003", powerState: "Stopped" });
    simulator.cloud.changeServer("1003", {
      hostname: "renamed",
      diskGb: 99,
      powerState: "Running",
      status: "Locked",
    });
    expect(await readServer(simulator, "1003")).toMatchObject({
      hostname: "renamed",
      disksize: 99,
      status: "Locked",
      powerstatus: "Running",
    });
    simulator.cloud.changeServer("1003", { status: null });
    expect((await readServer(simulator, "1003")).status).toBe("Active");
    simulator.cloud.removeServer("1003");
    expect(simulator.cloud.servers()).toHaveLength(2);
  });

  it("orders the end of the next operations, by number and by server", async () => {
    const simulator = await start();
    simulator.cloud.nextOutcome({ of: "snapshot", outcome: "failed", times: 2, cloudId: "1001" });
    for (const [cloudId, status] of [
      ["1002", "Active"],
      ["1001", "Error"],
      ["1001", "Error"],
      ["1001", "Active"],
    ] as const) {
      const id = await takeSnapshot(simulator, cloudId, "a");
      expect(simulator.cloud.snapshot(id).status).toBe(status);
    }
  });

  it("ends whatever is under way on a server", async () => {
    const simulator = await start({ settings: { snapshotOutcome: "never" } });
    await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
    simulator.cloud.endOperations("1001");
    expect(simulator.cloud.snapshots()).toMatchObject([{ status: "Active" }]);
    await call(simulator, "POST /cloud/1001/snapshot/create", { name: "b" });
    simulator.cloud.endOperations("1001", "failure");
    expect(simulator.cloud.snapshots()).toMatchObject([{ status: "Active" }, { status: "Error" }]);
    expect(simulator.cloud.server("1001").busy).toBe(false);
  });

  it.each<[string, (simulator: Simulator) => unknown]>([
    ["server", ({ cloud }) => cloud.server("404")],
    ["removeServer", ({ cloud }) => cloud.removeServer("404")],
    ["setContents", ({ cloud }) => cloud.setContents("404", "")],
    ["snapshot", ({ cloud }) => cloud.snapshot("404")],
    ["deleteSnapshot", ({ cloud }) => cloud.deleteSnapshot("404")],
    ["renameSnapshot", ({ cloud }) => cloud.renameSnapshot("404", "a")],
    ["failSnapshot", ({ cloud }) => cloud.failSnapshot("404")],
    ["completeSnapshot", ({ cloud }) => cloud.completeSnapshot("404")],
    ["setStatus", ({ cloud }) => cloud.setStatus("404", "a")],
    ["setSize", ({ cloud }) => cloud.setSize("404", 1)],
  ])("%s of what does not exist is an error", async (_name, act) => {
    const simulator = await start();
    expect(() => act(simulator)).toThrow(expect.objectContaining({ code: "SIMULATOR_UNKNOWN_ID" }));
  });
});

describe("seeds", () => {
  it("two servers in one data centre exist by default", async () => {
    const simulator = await start();
    expect(simulator.cloud.servers()).toMatchObject([
      {
        cloudId: "1001",
        hostname: "web-1",
        diskGb: 50,
        dcslug: "inmumbaizone2",
        status: "Active",
        powerState: "Running",
      },
      {
        cloudId: "1002",
        hostname: "db-1",
        diskGb: 80,
        dcslug: "inmumbaizone2",
        status: "Active",
        powerState: "Running",
      },
    ]);
    expect(simulator.cloud.snapshots()).toEqual([]);
  });

  it("new ids step over those of seeds", async () => {
    const simulator = await start({
      servers: [{ cloudId: "1001", hostname: "a" }, { hostname: "b" }],
      snapshots: [{ id: "5001", cloudId: "1001", name: "a" }],
    });
    expect(simulator.cloud.servers().map((one) => one.cloudId)).toEqual(["1001", "1002"]);
    expect(await takeSnapshot(simulator, "1001", "b")).toBe("5002");
  });

  it.each([
    [
      {
        servers: [
          { cloudId: "1", hostname: "a" },
          { cloudId: "1", hostname: "b" },
        ],
      },
      /server 1 already/,
    ],
    [{ servers: [{ cloudId: "../1", hostname: "a" }] }, /letters and digits/],
    [{ servers: [{ cloudId: "1", hostname: "a", colour: "red" }] }, /colour/],
    [{ snapshots: [{ cloudId: "404", name: "a" }] }, /no server 404/],
    [{ snapshots: [{ cloudId: "1001", name: "a", createdAt: "yesterday" }] }, /createdAt.*ISO 8601/],
    [
      {
        snapshots: [
          { id: "1", cloudId: "1001", name: "a" },
          { id: "1", cloudId: "1001", name: "a" },
        ],
      },
      /snapshot 1 already/,
    ],
  ])("refuses %j", async (seeds, message) => {
    const failure = start(seeds);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toMatchObject({ code: "SIMULATOR_BAD_SEED" });
  });
});

describe("over HTTP", () => {
  it("shows the true state, whatever the listings show", async () => {
    const simulator = await start({ settings: { accountListingLagMs: 9999, serverListingLagMs: 9999 } });
    await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
    expect((await control(simulator, "GET /state")).json).toMatchObject({
      now: "2026-01-15T06:30:00.000Z",
      servers: [
        { cloudId: "1001", busy: true },
        { cloudId: "1002", busy: false },
      ],
      snapshots: [{ id: "5001", name: "a", status: "Pending" }],
      operations: [{ kind: "snapshot", state: "underway" }],
    });
  });

  it("does all that the in-process calls do", async () => {
    const simulator = await start();
    const done = async (request: string, body?: unknown) => {
      const reply = await control(simulator, request, body);
      expect([request, reply.status]).toEqual([request, 200]);
      return reply.json;
    };
    expect(await done("POST /snapshots", { cloudId: "1001", name: "by hand" })).toMatchObject({ id: "5001" });
    await done("POST /snapshots/5001/rename", { name: "renamed" });
    await done("POST /snapshots/5001/size", { sizeGb: 7 });
    await done("POST /snapshots/5001/fail");
    expect(simulator.cloud.snapshot("5001")).toMatchObject({ name: "renamed", sizeGb: 7, status: "Error" });
    await done("POST /snapshots/5001/complete");
    await done("POST /snapshots/5001/status", { status: "Odd" });
    expect(simulator.cloud.snapshot("5001").status).toBe("Odd");
    await done("POST /snapshots/5001/status", { status: null });
    expect(simulator.cloud.snapshot("5001").status).toBe("Active");
    await done("POST /snapshots/5001/delete");
    expect(simulator.cloud.snapshots()).toEqual([]);
    expect(await done("POST /servers", { hostname: "new" })).toMatchObject({ cloudId: "1003" });
    expect(await done("POST /servers/1003", { contents: "written" })).toMatchObject({ contents: "written" });
    await done("POST /servers/1003/delete");
    await done("POST /outcomes", { of: "snapshot", outcome: "never" });
    await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
    await done("POST /advance", { ms: 3_600_000 });
    expect(simulator.cloud.server("1001").busy).toBe(true);
    await done("POST /servers/1001/end", { outcome: "failure" });
    expect(simulator.cloud.snapshots()).toMatchObject([{ status: "Error" }]);
    expect(await done("POST /settings", { idsAs: "number" })).toMatchObject({ idsAs: "number" });
    expect(await done("GET /settings")).toMatchObject({ idsAs: "number", sizeStyle: "50GB" });
  });

  it("queues, shows, releases and takes back faults", async () => {
    const simulator = await start();
    const fault = { operation: "server.list", phase: "before", kind: { hold: true } };
    expect((await control(simulator, "POST /faults", fault)).json).toEqual({
      pending: [{ ...fault, fired: 0 }],
    });
    const answer = call(simulator, "GET /cloud");
    await expect.poll(() => simulator.faults.held).toBe(1);
    expect((await control(simulator, "POST /faults/release")).json).toEqual({ released: 1 });
    expect((await answer).status).toBe(200);
    await control(simulator, "POST /faults", { ...fault, times: 5 });
    await control(simulator, "DELETE /faults");
    expect((await control(simulator, "GET /faults")).json).toEqual({ pending: [] });
  });

  it("shows and empties the request log, and is not in it", async () => {
    const simulator = await start();
    await call(simulator, "GET /cloud");
    expect((await control(simulator, "GET /requests")).json).toMatchObject({
      counts: { "server.list": 1 },
      requests: [{ method: "GET", path: "/v2/cloud", status: 200 }],
    });
    await control(simulator, "DELETE /requests");
    expect(simulator.requests.count()).toBe(0);
  });

  it("lists its calls, each of which exists", async () => {
    const simulator = await start();
    const calls = rows(await control(simulator, "GET "), "calls").map((one) => String(one.call));
    expect(calls).toContain("GET /_simulator/state");
    for (const one of calls) {
      const reply = await control(simulator, one.replace("/_simulator", "").replace(":id", "404"));
      expect(reply.text).not.toContain("Nothing here");
    }
  });

  it.each([
    ["POST /snapshots/404/delete", undefined, 404, "SIMULATOR_UNKNOWN_ID"],
    ["POST /servers/404/end", undefined, 404, "SIMULATOR_UNKNOWN_ID"],
    ["POST /snapshots", { cloudId: "404", name: "a" }, 400, "SIMULATOR_BAD_SEED"],
    ["POST /snapshots/5001/rename", {}, 400, "SIMULATOR_BAD_ARGUMENT"],
    ["POST /settings", { colour: "red" }, 400, "SIMULATOR_BAD_SETTING"],
    ["POST /advance", { ms: "1s" }, 400, "SIMULATOR_BAD_ARGUMENT"],
    ["POST /advance", { ms: -1 }, 400, "SIMULATOR_BAD_ARGUMENT"],
    ["POST /outcomes", { of: "snapshot", outcome: "explodes" }, 400, "SIMULATOR_BAD_ARGUMENT"],
    ["POST /servers/1001", { colour: "red" }, 400, "SIMULATOR_BAD_ARGUMENT"],
    ["POST /servers", { hostname: 7 }, 400, "SIMULATOR_BAD_SEED"],
  ])("%s with %j is refused", async (request, body, status, code) => {
    const simulator = await start();
    const reply = await control(simulator, request, body);
    expect(reply.status).toBe(status);
    expect(reply.json).toMatchObject({ code, message: expect.any(String) });
  });

  it("refuses a body that is not JSON", async () => {
    const simulator = await start();
    const reply = await http("POST", `${simulator.controlUrl}/advance`, { body: "soon" });
    expect(reply.json).toMatchObject({ code: "SIMULATOR_BAD_ARGUMENT" });
  });
});

describe("control answers only this machine", () => {
  /** Node's fetch does not let the Host be chosen. */
  function withHeaders(simulator: Simulator, headers: Record<string, string>): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const request = rawRequest(`${simulator.controlUrl}/state`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on("error", reject).end();
    });
  }

  it.each([
    ["localhost", 200],
    ["localhost:9999", 200],
    ["127.0.0.1", 200],
    ["[::1]:80", 200],
    ["evil.example", 403],
    ["127.0.0.1.evil.example", 403],
    ["10.0.0.1", 403],
    ["not a host", 403],
  ])("Host %s: %i", async (host, status) => {
    const simulator = await start();
    expect(await withHeaders(simulator, { host })).toBe(status);
  });

  it.each([
    ["http://localhost:3000", 200],
    ["https://evil.example", 403],
    ["null", 403],
  ])("Origin %s: %i", async (origin, status) => {
    const simulator = await start();
    expect(await withHeaders(simulator, { origin })).toBe(status);
  });

  it("without the token, which it does not need", async () => {
    const simulator = await start({ token: "secret" });
    expect((await control(simulator, "GET /state")).status).toBe(200);
  });
});
