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
 * What is publicly known of Utho's API (docs/utho-api.md), one test a fact. The tag says how sure it is:
 * [live] a published record of answers of the live API, [doc] Utho's documentation and its pictures, [client] Utho's
 * own clients, [routes] the route table of Utho's console, [seen] third-party code written against the live API,
 * [open] unknown, so the simulator has a setting (see settings.test.ts) and this is its default.
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

  it("[doc] a refused token is HTTP 401 in words of its own", async () => {
    const simulator = await start();
    const reply = await http("GET", `${simulator.url}/cloud`, { headers: { authorization: "Bearer wrong" } });
    expect([reply.status, reply.json]).toEqual([
      401,
      { status: "error", message: "Unauthorized access. Please provide a valid API key." },
    ]);
  });

  it("[live] a call that does not exist can be HTTP 401 with its method, or HTTP 200 with nothing", async () => {
    const simulator = await start();
    const reply = await call(simulator, "GET /nothing");
    expect([reply.status, reply.json]).toEqual([401, { status: "error", message: "Not Found GET" }]);
    simulator.cloud.setSettings({ unknownRoute: "empty200" });
    const dead = await call(simulator, "GET /nothing");
    expect([dead.status, dead.text]).toEqual([200, ""]);
  });

  it("[routes] a server's id is digits only, so getdeploy is a call of its own", async () => {
    const simulator = await start();
    expect((await call(simulator, "GET /cloud/getdeploy")).json).toHaveProperty("snapshots");
  });

  it("[live] a power call can hold the line for 20 seconds, and a hang-up undoes it", async () => {
    const slow = { forMs: 20_000, effect: "atArrival", hangUp: "undoes" } as const;
    const simulator = await start({ settings: { slowAnswers: { "server.poweroff": slow } } });
    const line = new AbortController();
    const answer = http("POST", `${simulator.url}/cloud/1001/poweroff`, {
      headers: { authorization: `Bearer ${simulator.token}` },
      signal: line.signal,
    });
    const logged = await simulator.requests.waitFor((one) => one.slow === "waiting");
    simulator.advance(19_999);
    line.abort();
    await expect(answer).rejects.toThrow();
    await expect.poll(() => logged.slow).toBe("undone");
    simulator.advance(60_000);
    expect(simulator.cloud.server("1001")).toMatchObject({ powerState: "Running", busy: false });
  });

  it("[live] a success can be answered and never happen", async () => {
    const simulator = await start({ settings: { ignoredCalls: ["snapshot.create"] } });
    const reply = await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
    expect(reply.json).toMatchObject({ status: "success" });
    simulator.advance(3_600_000);
    expect(simulator.cloud.snapshots()).toEqual([]);
  });

  it("[doc] a token can be read-only", async () => {
    const simulator = await start({ readOnlyToken: "looking" });
    const headers = { authorization: "Bearer looking" };
    expect((await http("GET", `${simulator.url}/cloud`, { headers })).json).toMatchObject({
      status: "success",
    });
    const write = await http("POST", `${simulator.url}/cloud/1001/poweroff`, { headers });
    expect(write.json).toMatchObject({ status: "error" });
  });

  it("[client] the account has its id, whether it is verified, its credit and its currency", async () => {
    const simulator = await start();
    expect((await call(simulator, "GET /account/info")).json).toMatchObject({
      user: {
        id: "700",
        kyc: expect.any(String),
        verify: expect.any(String),
        availablecredit: expect.any(Number),
        currency: "INR",
        currencyprefix: "₹",
        currencyrate: expect.any(String),
      },
    });
  });

  it("the Date of an answer is that of the cloud's own clock", async () => {
    const simulator = await start({ settings: { clockSkewMs: 60_000 } });
    simulator.advance(3_600_000);
    const { headers } = await call(simulator, "GET /cloud");
    expect(headers.get("date")).toBe("Thu, 15 Jan 2026 07:31:00 GMT");
  });

  it("[client] [seen] [live] errors arrive as HTTP 200 with status and message", async () => {
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

  it("[routes] GET /snapshot/{dc} lists one data centre, GET /cloud/plans/snapshot/{id} the plans that fit", async () => {
    const simulator = await start();
    const id = await takeSnapshot(simulator, "1002", "80 gigabytes");
    expect(rows(await call(simulator, "GET /snapshot/inmumbaizone2"), "snapshots")).toMatchObject([{ id }]);
    expect(rows(await call(simulator, "GET /snapshot/innoida"), "snapshots")).toEqual([]);
    const plans = rows(await call(simulator, `GET /cloud/plans/snapshot/${id}`), "plans");
    expect(plans.map((one) => one.disk)).toEqual(["80GB", "160GB"]);
  });

  it("[routes] [open] GET /snapshot lists the account too", async () => {
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
      expect(reply.json).toEqual({ status: "error", message: "Not Found POST" });
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

  it("[live] a second operation on a busy server is refused, word for word; another server is free", async () => {
    const simulator = await start();
    await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
    const second = await call(simulator, "POST /cloud/1001/snapshot/create", { name: "b" });
    expect(second.json).toEqual({
      status: "error",
      message: "A task is already in process, Please wait for complete the same or contact support.",
    });
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
      expect((await readServer(simulator, "1001")).powerstatus).toBe("Shutdown");
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

  it("[live] a stopped server says Shutdown and its status stays Active", async () => {
    const simulator = await start();
    simulator.cloud.changeServer("1001", { powerState: "Stopped" });
    expect(await readServer(simulator, "1001")).toMatchObject({ status: "Active", powerstatus: "Shutdown" });
  });

  it("[live] a fresh server can be Active and Shutdown while it is imaged, and starts by itself", async () => {
    const simulator = await start({ settings: { imagingDurationMs: 75_000 } });
    await call(simulator, "POST /cloud/deploy", deployBody("web-2"));
    simulator.advance(300);
    expect(await readServer(simulator, "1003")).toMatchObject({ status: "Active", powerstatus: "Shutdown" });
    simulator.advance(75_000);
    expect(await readServer(simulator, "1003")).toMatchObject({ status: "Active", powerstatus: "Running" });
  });

  it("[live] a data centre without room refuses by an error code, or with a word on resources", async () => {
    const simulator = await start({ settings: { fullZones: ["inmumbaizone2"] } });
    const deploy = async () => (await call(simulator, "POST /cloud/deploy", deployBody("web-2"))).json;
    expect(await deploy()).toEqual({
      status: "error",
      errorcode: "NONODEFOUND",
      message: "Public Network Resources not available at this zone",
    });
    simulator.cloud.setSettings({ fullZoneRefusal: "resourceUnavailable" });
    expect(await deploy()).toMatchObject({ message: expect.stringContaining("Resource Unavailable") });
  });

  it("[live] the password can be another one than the one that was sent", async () => {
    const simulator = await start({ settings: { deployPassword: "another" } });
    const body = { ...deployBody("web-2"), root_password: "correct horse" };
    const { json } = await call(simulator, "POST /cloud/deploy", body);
    expect(json).toMatchObject({ password: simulator.cloud.server("1003").rootPassword });
    expect(json).not.toMatchObject({ password: "correct horse" });
  });

  it("[client] deploy can ask for auth and cpumodel; /dczones names the default_cpu", async () => {
    const simulator = await start({ settings: { requiredDeployFields: ["auth", "cpumodel"] } });
    const [zone] = rows(await call(simulator, "GET /dczones"), "dczones");
    const without = await call(simulator, "POST /cloud/deploy", deployBody("web-2"));
    expect(without.json).toMatchObject({ status: "error", message: expect.stringContaining("cpumodel") });
    const body = { ...deployBody("web-2"), cpumodel: zone?.default_cpu };
    expect((await call(simulator, "POST /cloud/deploy", body)).json).toMatchObject({ status: "success" });
  });

  it("[client] destroy can want the hostname, as confirm or as confirm_name", async () => {
    for (const [rule, body] of [
      ["hostname", { confirm: "web-1" }],
      ["confirmName", { confirm_name: "web-1" }],
    ] as const) {
      const simulator = await start({ settings: { destroyConfirmation: rule } });
      const sentence = await call(simulator, "DELETE /cloud/1001/destroy", confirmation);
      expect(sentence.json).toMatchObject({ status: "error" });
      expect((await call(simulator, "DELETE /cloud/1001/destroy", body)).json).toMatchObject({
        status: "success",
      });
    }
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
      ["poweroff", "Shutdown"],
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

  it("[client] actions reflect operations: Pending, then Success, or Support when one failed", async () => {
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
