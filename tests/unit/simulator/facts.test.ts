import { describe, expect, it } from "vitest";
import {
  accountSnapshots,
  call,
  confirmation,
  deployBody,
  http,
  readServer,
  rows,
  serverSnapshots,
  simulators,
  takeSnapshot,
} from "./harness";

/**
 * What is publicly known of Utho's API, one test a fact. The tag tells how sure it is:
 * [doc] published documentation, [client] Utho's own clients, [seen] third-party code against the live API,
 * [open] nobody says, so the simulator has a setting (see settings.test.ts) and this is its default.
 */
const start = simulators();

describe("transport", () => {
  it("[client] the base ends with /v2, a bearer token is wanted, and JSON goes both ways", async () => {
    const simulator = await start();
    expect(simulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v2$/);
    const reply = await call(simulator, "GET /cloud");
    expect(reply.status).toBe(200);
    expect(reply.headers.get("content-type")).toContain("application/json");
    expect((await http("GET", `${simulator.url}/cloud`)).status).toBe(401);
  });

  it("[client] [seen] errors arrive as HTTP 200 with status and message", async () => {
    const simulator = await start();
    const reply = await call(simulator, "POST /cloud/404/snapshot/create", { name: "a" });
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual({ status: "error", message: expect.stringMatching(/./) });
  });

  it("[client] success carries status success", async () => {
    const simulator = await start();
    expect((await call(simulator, "GET /cloud")).json).toMatchObject({ status: "success" });
  });

  it("[client] [open] errors can be 4xx with an errors list, a gateway can answer HTML, there is 429", async () => {
    const settings = {
      errorStyle: "http4xx-errors-list",
      rateLimit: { requests: 1, windowMs: 1000, retryAfter: true },
    } as const;
    const simulator = await start({ settings });
    const refusal = await call(simulator, "POST /cloud/404/poweron");
    expect(refusal.status).toBe(404);
    expect(refusal.json).toEqual({
      errors: [{ message: expect.any(String), long_message: expect.any(String), code: expect.any(String) }],
    });
    expect((await call(simulator, "GET /cloud")).status).toBe(429);
    simulator.faults.add({ operation: "server.list", phase: "answer", kind: { html: true } });
    const page = await call(simulator, "GET /cloud");
    expect([page.status, page.text.startsWith("<!DOCTYPE html>")]).toEqual([502, true]);
  });

  it("[seen] stray bytes can come before the JSON, an empty body or null can be a success", async () => {
    const simulator = await start({
      settings: { strayBytes: "\uFEFF\n0\r\n", powerAnswer: "null", restoreAnswer: "empty" },
    });
    expect((await call(simulator, "GET /cloud")).text).toMatch(/^\s*0\r\n\{/);
    const id = await takeSnapshot(simulator, "1001", "a");
    const restore = await call(simulator, `POST /cloud/1001/snapshot/${id}/restore`);
    expect([restore.status, restore.text]).toEqual([200, ""]);
    const power = await call(simulator, "POST /cloud/1002/poweroff");
    expect([power.status, power.text.endsWith("null")]).toEqual([200, true]);
  });

  it.each([
    "GET /cloud/",
    "GET /cloud/1001/",
    "GET /cloud/getdeploy/?product=cloud",
    "GET /snapshot/",
    "GET /actions/",
    "GET /account/info/",
    "POST /cloud/1001/poweroff/",
    "POST /cloud/1001/snapshot/create/",
  ])("[client] %s: a trailing slash makes no difference", async (request) => {
    const simulator = await start();
    const body = request.startsWith("POST") ? { name: "a" } : undefined;
    const { status, json } = await call(simulator, request, body);
    expect(status).toBe(200);
    expect(json).toMatchObject({ status: "success" });
  });

  it("[client] [seen] ids are strings, disks and prices are numbers, times have no zone", async () => {
    const simulator = await start();
    const server = await readServer(simulator, "1001");
    expect(server).toMatchObject({ cloudid: "1001", disksize: 50, cost: 600 });
    expect(server.created_at).toBe("2026-01-15 12:00:00");
  });
});

describe("snapshots", () => {
  it("[client] create takes a name and answers without an id", async () => {
    const simulator = await start();
    const reply = await call(simulator, "POST /cloud/1001/snapshot/create", { name: "before-upgrade" });
    expect(reply.json).toEqual({ status: "success", message: expect.any(String) });
    expect(simulator.cloud.snapshots("1001")).toMatchObject([{ name: "before-upgrade" }]);
  });

  it("[client] a server's own list has id, size, created_at, note and name, and no status", async () => {
    const simulator = await start();
    const id = await takeSnapshot(simulator, "1001", "a");
    expect(await serverSnapshots(simulator, "1001")).toEqual([
      { id, size: "50GB", created_at: "2026-01-15 12:00:00", note: "", name: "a" },
    ]);
  });

  it("[client] an unknown server is an empty cloud list", async () => {
    const simulator = await start();
    const reply = await call(simulator, "GET /cloud/404");
    expect(reply.status).toBe(200);
    expect(rows(reply, "cloud")).toEqual([]);
  });

  it("[seen] getdeploy lists the account's snapshots with server, image, status, storage and createdate", async () => {
    const simulator = await start();
    const first = await takeSnapshot(simulator, "1001", "a");
    const second = await takeSnapshot(simulator, "1002", "b");
    const row = { image: "ubuntu-22.04-x86_64", status: "Active", storage: "general" };
    expect(await accountSnapshots(simulator)).toEqual([
      { ...row, id: first, cloudid: "1001", size: "50GB", name: "a", createdate: "2026-01-15 12:00:00" },
      { ...row, id: second, cloudid: "1002", size: "80GB", name: "b", createdate: "2026-01-15 12:00:00" },
    ]);
  });

  it("[doc] [open] GET /snapshot lists the account too", async () => {
    const simulator = await start();
    const id = await takeSnapshot(simulator, "1001", "a");
    expect(rows(await call(simulator, "GET /snapshot"), "snapshots")).toMatchObject([
      { id, cloudid: "1001" },
    ]);
  });

  it("[client] restore answers with status and message", async () => {
    const simulator = await start();
    const id = await takeSnapshot(simulator, "1001", "a");
    const reply = await call(simulator, `POST /cloud/1001/snapshot/${id}/restore`);
    expect(reply.json).toEqual({ status: "success", message: expect.any(String) });
  });

  it("[client] delete answers with status and message", async () => {
    const simulator = await start();
    const id = await takeSnapshot(simulator, "1001", "a");
    const reply = await call(simulator, `DELETE /cloud/1001/snapshot/${id}/delete`);
    expect(reply.json).toEqual({ status: "success", message: expect.any(String) });
    expect(simulator.cloud.snapshots()).toEqual([]);
  });

  it("[client] there is no rename, and no call for tags or a description", async () => {
    const simulator = await start();
    const id = await takeSnapshot(simulator, "1001", "a");
    for (const verb of ["rename", "update", "tags"]) {
      const reply = await call(simulator, `POST /cloud/1001/snapshot/${id}/${verb}`, { name: "b" });
      expect(reply.status).toBe(404);
    }
  });

  it("[seen] [open] Active is usable; another word is not", async () => {
    const simulator = await start();
    await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
    const [pending] = await accountSnapshots(simulator);
    expect(pending?.status).toBe("Pending");
    simulator.cloud.setStatus(String(pending?.id), "Archiving");
    const id = String(pending?.id);
    expect((await call(simulator, `POST /cloud/1001/snapshot/${id}/restore`)).json).toMatchObject({
      status: "error",
    });
    simulator.cloud.setStatus(id, undefined);
    simulator.advance(300);
    expect((await accountSnapshots(simulator))[0]?.status).toBe("Active");
    expect((await call(simulator, `POST /cloud/1001/snapshot/${id}/restore`)).json).toMatchObject({
      status: "success",
    });
  });

  it("[open] two snapshots of one name on one server are accepted", async () => {
    const simulator = await start();
    const ids = [await takeSnapshot(simulator, "1001", "a"), await takeSnapshot(simulator, "1001", "a")];
    expect(new Set(ids).size).toBe(2);
  });

  it("[doc] a snapshot takes its time, and a running server may be snapshotted", async () => {
    const simulator = await start({ settings: { snapshotDurationMs: 600_000 } });
    await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
    simulator.advance(599_999);
    expect(simulator.cloud.snapshots()).toMatchObject([{ status: "Pending" }]);
    simulator.advance(1);
    expect(simulator.cloud.snapshots()).toMatchObject([{ status: "Active" }]);
    expect(simulator.cloud.server("1001").powerState).toBe("Running");
  });

  it("[seen] [open] a second operation on a busy server gets a try-again error; another server is free", async () => {
    const simulator = await start();
    await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
    const second = await call(simulator, "POST /cloud/1001/snapshot/create", { name: "b" });
    expect(second.json).toEqual({ status: "error", message: expect.stringContaining("try again") });
    const other = await call(simulator, "POST /cloud/1002/snapshot/create", { name: "b" });
    expect(other.json).toMatchObject({ status: "success" });
  });

  it("[doc] a snapshot is stored in its server's own data centre", async () => {
    const simulator = await start({ servers: [{ cloudId: "1", hostname: "far", dcslug: "innoida" }] });
    await takeSnapshot(simulator, "1", "a");
    expect(simulator.cloud.snapshots()).toMatchObject([{ dcslug: "innoida" }]);
  });

  it("[doc] a restore goes only onto the server that the snapshot was taken from", async () => {
    const simulator = await start();
    const id = await takeSnapshot(simulator, "1001", "a");
    const reply = await call(simulator, `POST /cloud/1002/snapshot/${id}/restore`);
    expect(reply.json).toMatchObject({ status: "error" });
    expect(simulator.cloud.server("1002").busy).toBe(false);
  });

  it("[doc] a restore overwrites the disk, restarts the server, and can be repeated", async () => {
    const simulator = await start();
    simulator.cloud.setContents("1001", "release 1");
    const id = await takeSnapshot(simulator, "1001", "a");
    for (const damage of ["release 2", "release 3"]) {
      simulator.cloud.setContents("1001", damage);
      await call(simulator, `POST /cloud/1001/snapshot/${id}/restore`);
      expect((await readServer(simulator, "1001")).powerstatus).toBe("Stopped");
      simulator.advance(300);
      expect((await readServer(simulator, "1001")).powerstatus).toBe("Running");
      expect(simulator.cloud.server("1001").contents).toBe("release 1");
    }
  });

  it("[doc] deleting a snapshot does not touch the server; a server can have many", async () => {
    const simulator = await start();
    const before = await readServer(simulator, "1001");
    const ids = [];
    for (const name of ["a", "b", "c", "d"]) ids.push(await takeSnapshot(simulator, "1001", name));
    expect(await serverSnapshots(simulator, "1001")).toHaveLength(4);
    for (const id of ids) await call(simulator, `DELETE /cloud/1001/snapshot/${id}/delete`);
    expect(await readServer(simulator, "1001")).toEqual(before);
  });

  it("[open] snapshots outlive the deletion of their server", async () => {
    const simulator = await start();
    const id = await takeSnapshot(simulator, "1001", "a");
    await call(simulator, "DELETE /cloud/1001/destroy", confirmation);
    expect(await accountSnapshots(simulator)).toMatchObject([{ id, cloudid: "1001", status: "Active" }]);
  });
});

describe("servers", () => {
  it("[client] the list has pages and meta", async () => {
    const servers = ["1", "2", "3"].map((cloudId) => ({ cloudId, hostname: `web-${cloudId}` }));
    const simulator = await start({ servers });
    const reply = await call(simulator, "GET /cloud?page=2&perpage=2");
    expect(reply.json).toMatchObject({
      cloud: [{ cloudid: "3", hostname: "web-3" }],
      meta: { total: 3, totalpages: 2, currentpage: 2 },
      status: "success",
      message: expect.any(String),
    });
  });

  it("[client] a server's answer has the same shape with one item", async () => {
    const simulator = await start();
    const server = await readServer(simulator, "1001");
    expect(server).toEqual({
      cloudid: "1001",
      hostname: "web-1",
      status: "Active",
      powerstatus: "Running",
      ip: expect.stringMatching(/^198\.18\.\d+\.\d+$/),
      disksize: 50,
      cpu: "1",
      ram: "2048",
      cost: 600,
      created_at: "2026-01-15 12:00:00",
      dclocation: { location: "Mumbai", country: "India", dc: "inmumbaizone2", dccc: "in" },
      snapshots: [],
    });
    const listed = rows(await call(simulator, "GET /cloud"), "cloud");
    expect(listed[0]).toEqual(server);
  });

  it("[client] deploy answers with cloudid, password and ipv4; the server is Pending, then Active and Running", async () => {
    const simulator = await start();
    const reply = await call(simulator, "POST /cloud/deploy", deployBody("web-2"));
    expect(reply.json).toEqual({
      cloudid: "1003",
      password: expect.stringMatching(/.{12,}/),
      ipv4: expect.stringMatching(/^198\.18\./),
      status: "success",
      message: expect.any(String),
    });
    expect(await readServer(simulator, "1003")).toMatchObject({ hostname: "web-2", status: "Pending" });
    simulator.advance(300);
    expect(await readServer(simulator, "1003")).toMatchObject({ status: "Active", powerstatus: "Running" });
  });

  it("[client] destroy needs the sentence of confirmation, word by word", async () => {
    const simulator = await start();
    const mistakes = [undefined, {}, { confirm: "yes" }, { confirm: `${confirmation.confirm}.` }];
    for (const body of mistakes) {
      expect((await call(simulator, "DELETE /cloud/1001/destroy", body)).json).toMatchObject({
        status: "error",
      });
    }
    expect(simulator.cloud.servers()).toHaveLength(2);
    const reply = await call(simulator, "DELETE /cloud/1001/destroy", confirmation);
    expect(reply.json).toEqual({ status: "success", message: expect.any(String) });
    expect(simulator.cloud.servers()).toMatchObject([{ cloudId: "1002" }]);
  });

  it("[client] the four power calls", async () => {
    const simulator = await start();
    const steps = [
      ["poweroff", "Stopped"],
      ["poweron", "Running"],
      ["powercycle", "Running"],
      ["hardreboot", "Running"],
    ];
    for (const [action, state] of steps) {
      const reply = await call(simulator, `POST /cloud/1001/${action}`);
      expect(reply.json).toEqual({ status: "success", message: expect.any(String) });
      simulator.advance(150);
      expect((await readServer(simulator, "1001")).powerstatus).toBe(state);
    }
  });

  it("[client] actions reflect operations: Pending, then Success, or Support where one failed", async () => {
    const simulator = await start();
    await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
    const [pending] = rows(await call(simulator, "GET /actions"), "actions");
    expect(pending).toEqual({
      id: "9001",
      action: "Create Snapshot",
      resource_type: "cloud",
      resource_id: "1001",
      started_at: "2026-01-15 12:00:00",
      completed_at: "",
      process: "0",
      status: "Pending",
      message: expect.any(String),
    });
    simulator.advance(300);
    const done = await call(simulator, "GET /actions/9001");
    expect(done.json).toMatchObject({
      action: { id: "9001", status: "Success", completed_at: "2026-01-15 12:00:00", process: "100" },
    });
    simulator.cloud.nextOutcome({ of: "snapshot", outcome: "failed" });
    await takeSnapshot(simulator, "1001", "b");
    expect(rows(await call(simulator, "GET /actions"), "actions")[0]).toMatchObject({
      id: "9002",
      status: "Support",
    });
    expect((await call(simulator, "GET /actions/1")).json).toMatchObject({ status: "error" });
  });

  it("[client] the token check answers with the user", async () => {
    const simulator = await start();
    expect((await call(simulator, "GET /account/info")).json).toMatchObject({
      user: { id: "700" },
      status: "success",
    });
  });

  it("[client] the catalogue: data centres, plans, images", async () => {
    const simulator = await start();
    expect(rows(await call(simulator, "GET /dczones"), "dczones")[0]).toMatchObject({
      slug: "inmumbaizone2",
    });
    expect(rows(await call(simulator, "GET /plans"), "plans")[0]).toMatchObject({
      id: "10045",
      disk: "50GB",
    });
    expect(rows(await call(simulator, "GET /cloud/images"), "images")[0]).toMatchObject({
      image: "ubuntu-22.04-x86_64",
    });
  });
});
