import { describe, expect, it } from "vitest";
import { ArgumentError } from "../../../client";
import { snapshotStatus } from "../../../client/status";
import { against, failureOf } from "./harness";
import { deploySnapshot, wireServer, wireSnapshot } from "./schema/answers";
import {
  type Call,
  calls,
  cutAfterHeaders,
  cutBeforeHeaders,
  html,
  json,
  type Reply,
  raw,
  redirect,
  refusal,
  success,
} from "./scripted-server";

const DEPLOY = "/cloud/getdeploy?product=cloud";
const get = (path: string, reply: Reply): Call => ({ method: "GET", path, reply });

describe.each<[string, string, "listByDeploy" | "listAccount", string]>([
  ["snapshots.listByDeploy", DEPLOY, "listByDeploy", `${DEPLOY}&page=2`],
  ["snapshots.listAccount", "/snapshot", "listAccount", "/snapshot?page=2"],
])("%s", (_name, route, method, secondPage) => {
  it("lists the account's snapshots", async () => {
    const answer = success({
      snapshots: [deploySnapshot("77", "1001"), deploySnapshot(78, 1002)],
      images: [1],
    });
    const { client } = await against([get(route, answer)]);
    expect(await client.snapshots[method]()).toMatchObject([
      { id: "77", cloudId: "1001", name: "snap-77", status: snapshotStatus("Active"), sizeGb: 50 },
      { id: "78", cloudId: "1002" },
    ]);
  });

  it("reads 100,000 on one page, and refuses what is larger than an answer may be", async () => {
    const snapshots = Array.from({ length: 100_000 }, (_, index) => deploySnapshot(5_000 + index, "1001"));
    const { client } = await against([get(route, success({ snapshots }))]);
    expect(await client.snapshots[method]()).toHaveLength(100_000);
    const narrow = await against([get(route, success({ snapshots }))], { maxAnswerBytes: 1_000_000 });
    expect(await failureOf(narrow.client.snapshots[method]())).toMatchObject({ reason: "tooLarge" });
  });

  it("gives an empty list when there is one", async () => {
    const { client } = await against([get(route, success({ snapshots: [] }))]);
    expect(await client.snapshots[method]()).toEqual([]);
  });

  it("keeps snapshots of one id on two servers apart", async () => {
    const answer = success({
      snapshots: [deploySnapshot(1, 1001), deploySnapshot(1, 1002), deploySnapshot(1, 1001)],
    });
    const { client } = await against([get(route, answer)]);
    expect((await client.snapshots[method]())?.map((one) => one.cloudId)).toEqual(["1001", "1002"]);
  });

  it("follows the pages when the answer says that there are more", async () => {
    const meta = { total: 2, totalpages: "2" };
    const { client } = await against([
      get(route, success({ snapshots: [deploySnapshot(1, 1001)], meta })),
      get(secondPage, success({ snapshots: [deploySnapshot(2, 1001)], meta })),
    ]);
    expect((await client.snapshots[method]())?.map((one) => one.id)).toEqual(["1", "2"]);
  });

  it.each<[string, Reply]>([
    ["a further page without a list", success()],
    ["a further page that is missing", html(404)],
  ])("refuses %s", async (_what, reply) => {
    const meta = { total: 2, totalpages: 2 };
    const { client } = await against([
      get(route, success({ snapshots: [deploySnapshot(1, 1001)], meta })),
      get(secondPage, reply),
    ]);
    expect(await failureOf(client.snapshots[method]())).toMatchObject({ code: "UTHO_UNEXPECTED_RESPONSE" });
  });

  it.each<[string, Reply]>([
    ["404 with a page", html(404)],
    ["404 with nothing", raw("", { status: 404 })],
    ["404 with text", raw("404 page not found", { status: 404 })],
    ["404 with an error", json({ message: "no Route matched" }, { status: 404 })],
    ["404 with an empty object", json({}, { status: 404 })],
    ["405 with a page", html(405)],
    ["405 with an error", json({ message: "Method Not Allowed" }, { status: 405 })],
    ["a server that is not known by this id", refusal("Cloud server not found")],
    ["a refusal of this id", refusal("Invalid cloudid")],
    ["HTTP 400", json({ message: "cloudid must be a number" }, { status: 400 })],
    ["success without a list", success({ cloud: [] })],
    [
      "401 as Utho refuses a call that it does not have",
      json({ status: "error", message: "Not Found GET" }, { status: 401 }),
    ],
    ["an empty body, as a dead route gives it", raw("")],
    ["null", raw("null")],
    ["null for a list and no word", json({ snapshots: null })],
  ])("is not offered when the answer is %s", async (_what, reply) => {
    const { client } = await against([get(route, reply)]);
    expect(await client.snapshots[method]()).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ["null, as Go writes an empty list", null],
    ["an empty object", {}],
    ["false", false],
    ["an empty text", ""],
  ])("is empty when success comes with %s", async (_what, snapshots) => {
    const { client } = await against([get(route, success({ snapshots }))]);
    expect(await client.snapshots[method]()).toEqual([]);
  });

  it.each<[string, Reply, string]>([
    ["401", raw("", { status: 401 }), "UTHO_AUTH"],
    ["a refused token inside 200", refusal("Invalid token"), "UTHO_AUTH"],
    ["a web page with 200", html(200), "UTHO_UNEXPECTED_RESPONSE"],
    ["a redirect", redirect("https://elsewhere.example/"), "UTHO_UNEXPECTED_RESPONSE"],
    ["text for a list", success({ snapshots: "none" }), "UTHO_UNEXPECTED_RESPONSE"],
    ["one snapshot without an id", success({ snapshots: [{ name: "x" }] }), "UTHO_UNEXPECTED_RESPONSE"],
    ["503", html(503), "UTHO_SERVER_ERROR"],
    ["429", raw("", { status: 429 }), "UTHO_RATE_LIMITED"],
    ["a cut connection", cutBeforeHeaders, "UTHO_NETWORK"],
    ["a connection cut later", cutAfterHeaders, "UTHO_NETWORK"],
  ])("fails, and gives no list, when the answer is %s", async (_what, reply, code) => {
    const { client } = await against([get(route, reply)], { maxRetries: 0 });
    expect(await failureOf(client.snapshots[method]())).toMatchObject({ code });
  });
});

describe("snapshots.listAccount", () => {
  it.each<[string, unknown]>([
    ["snapshots", { snapshots: [deploySnapshot(1, 1001)] }],
    ["snapshot", { status: "success", snapshot: [deploySnapshot(1, 1001)] }],
    ["data", { data: [deploySnapshot(1, 1001)] }],
    ["nothing around it", [deploySnapshot(1, 1001)]],
    ["digits for keys", { data: { 4: deploySnapshot(1, 1001) } }],
  ])("finds the list under: %s", async (_what, answer) => {
    const { client } = await against([get("/snapshot", json(answer))]);
    expect(await client.snapshots.listAccount()).toMatchObject([{ id: "1", cloudId: "1001" }]);
  });

  it("refuses a bare list with something else in it", async () => {
    const { client } = await against([get("/snapshot", json([deploySnapshot(1, 1001), null]))]);
    expect(await failureOf(client.snapshots.listAccount())).toMatchObject({
      code: "UTHO_UNEXPECTED_RESPONSE",
    });
  });
});

describe("a server's own snapshots", () => {
  it.each<[string, Record<string, unknown>, unknown]>([
    ["a list", { snapshots: [wireSnapshot(7, { note: "n" })] }, [{ id: "7", cloudId: "1001", note: "n" }]],
    ["an empty list", { snapshots: [] }, []],
    ["null", { snapshots: null }, []],
    ["no list", {}, undefined],
  ])("reads %s of a known server", async (_what, rest, expected) => {
    const { client } = await against([get("/cloud/1001", success({ cloud: [wireServer(1001, rest)] }))]);
    const server = await client.servers.get("1001");
    expect(server).toMatchObject({
      cloudId: "1001",
      ...(expected === undefined ? {} : { snapshots: expected }),
    });
    if (expected === undefined) expect(server).not.toHaveProperty("snapshots");
  });

  it("are named in errors", async () => {
    const { client } = await against([
      get("/cloud/1001", success({ cloud: [wireServer(1001, { snapshots: 5 })] })),
    ]);
    expect(await failureOf(client.servers.get(1001))).toMatchObject({
      code: "UTHO_UNEXPECTED_RESPONSE",
      operation: "servers.get",
      message: expect.stringContaining("cloud.0.snapshots is missing or unusable"),
    });
  });
});

describe("snapshots.create", () => {
  const create = (reply: Reply): Call => ({
    method: "POST",
    path: "/cloud/1001/snapshot/create",
    body: { name: "nightly" },
    reply,
  });

  it.each<[string, Reply, unknown]>([
    [
      "success",
      success({ message: "Snapshot created" }),
      { acknowledged: true, message: "Snapshot created" },
    ],
    ["a message alone", json({ message: "ok" }), { acknowledged: true, message: "ok" }],
    ["an empty body", raw(""), { acknowledged: false }],
    ["null", raw("null"), { acknowledged: false }],
    ["an empty object", json({}), { acknowledged: false }],
    ["an empty list", json([]), { acknowledged: false }],
  ])("understands %s", async (_what, reply, expected) => {
    const { client } = await against([create(reply)]);
    expect(await client.snapshots.create("1001", "nightly")).toEqual(expected);
  });

  it.each<[string, Reply, string, "none" | "unknown"]>([
    ["busy", refusal("Another operation is in progress, please try again"), "UTHO_BUSY", "none"],
    ["429", raw("", { status: 429, headers: { "retry-after": "3" } }), "UTHO_RATE_LIMITED", "none"],
    ["a refusal", refusal("Snapshot limit reached"), "UTHO_BAD_REQUEST", "none"],
    ["401", raw("", { status: 401 }), "UTHO_AUTH", "none"],
    ["an unknown server", refusal("Server not found"), "UTHO_NOT_FOUND", "none"],
    ["500", json({ status: "error", message: "x" }, { status: 500 }), "UTHO_SERVER_ERROR", "unknown"],
    ["a gateway's 502", html(502), "UTHO_SERVER_ERROR", "unknown"],
    ["a fault inside 200", refusal("Something went wrong"), "UTHO_SERVER_ERROR", "unknown"],
    ["a web page", html(), "UTHO_UNEXPECTED_RESPONSE", "unknown"],
    ["half a body", raw('{"status":"suc'), "UTHO_UNEXPECTED_RESPONSE", "unknown"],
    ["a status of no known meaning", json({ status: "queued" }), "UTHO_UNEXPECTED_RESPONSE", "unknown"],
    ["a redirect", redirect("/v3", 307), "UTHO_UNEXPECTED_RESPONSE", "unknown"],
    ["a cut connection", cutBeforeHeaders, "UTHO_NETWORK", "unknown"],
    ["a connection cut later", cutAfterHeaders, "UTHO_NETWORK", "unknown"],
  ])("is sent once, whatever the answer is: %s", async (_what, reply, code, effect) => {
    const { client, clock } = await against([create(reply)]);
    expect(await failureOf(client.snapshots.create(1001, "nightly"))).toMatchObject({
      code,
      effect,
      attempts: 1,
      method: "POST",
      path: "/cloud/1001/snapshot/create",
    });
    expect(clock.sleeps).toEqual([]);
  });

  it.each(["", " ", "\n"])("refuses the name %j before anything is sent", async (name) => {
    const { client } = await against([]);
    expect(await failureOf(client.snapshots.create("1001", name))).toBeInstanceOf(ArgumentError);
  });

  it("says how long to wait, and leaves the waiting to the caller", async () => {
    const busy = json({ status: "error", message: "busy" }, { headers: { "retry-after": "120" } });
    const { client } = await against([create(busy)]);
    expect(await failureOf(client.snapshots.create("1001", "nightly"))).toMatchObject({
      retryAfterMs: 120_000,
    });
  });
});

describe("snapshots.restore", () => {
  const restore = (reply: Reply): Call => ({
    method: "POST",
    path: "/cloud/1001/snapshot/77/restore",
    reply,
  });

  it("sends no body, and survives an empty answer", async () => {
    const { client } = await against([restore(raw(""))]);
    expect(await client.snapshots.restore("1001", "77")).toEqual({ acknowledged: false });
  });

  it("is sent once", async () => {
    const { client } = await against([restore(cutBeforeHeaders)]);
    expect(await failureOf(client.snapshots.restore(1001, 77))).toMatchObject({
      effect: "unknown",
      attempts: 1,
    });
  });
});

describe("snapshots.delete", () => {
  const call = { method: "DELETE", path: "/cloud/1001/snapshot/77/delete" };

  it.each<[string, Reply, string]>([
    ["success", success({ message: "deleted" }), "deleted"],
    ["a message alone", json({ message: "deleted" }), "deleted"],
    ["a refusal that says so", refusal("Snapshot not found"), "notFound"],
    ["404 that says so", json({ status: "error", message: "x" }, { status: 404 }), "notFound"],
    ["an empty body", raw(""), "unconfirmed"],
    ["null", raw("null"), "unconfirmed"],
    ["an empty object", json({}), "unconfirmed"],
  ])("understands %s", async (_what, reply, expected) => {
    const { client } = await against(calls(call, reply));
    expect((await client.snapshots.delete("1001", "77")).outcome).toBe(expected);
  });

  it("keeps Utho's words", async () => {
    const { client } = await against(
      calls(call, refusal("Snapshot not found"), success({ message: "Done" })),
    );
    expect(await client.snapshots.delete("1001", "77")).toEqual({
      outcome: "notFound",
      message: "Snapshot not found",
    });
    expect(await client.snapshots.delete("1001", "77")).toEqual({ outcome: "deleted", message: "Done" });
  });

  it.each<[string, Reply]>([
    ["a cut", cutBeforeHeaders],
    ["a gateway's 502", html(502)],
  ])("is not repeated before a look, after %s", async (_what, reply) => {
    const { client } = await against(calls(call, reply));
    expect(await failureOf(client.snapshots.delete("1001", "77"))).toMatchObject({
      effect: "unknown",
      attempts: 1,
    });
  });

  it("is repeated while the server is busy, as Retry-After asks", async () => {
    const busy = json({ status: "error", message: "Server is busy" }, { headers: { "retry-after": "7" } });
    const { client, clock } = await against(calls(call, busy, success()));
    expect((await client.snapshots.delete("1001", "77")).outcome).toBe("deleted");
    expect(clock.sleeps).toEqual([7000]);
  });

  it.each<[string, Reply, string]>([
    ["a gateway's 404", html(404), "UTHO_UNEXPECTED_RESPONSE"],
    ["a refused token", raw("", { status: 403 }), "UTHO_AUTH"],
    ["a refusal", refusal("Snapshot is protected"), "UTHO_BAD_REQUEST"],
    ["another thing that is missing", refusal("Storage not found"), "UTHO_BAD_REQUEST"],
  ])("takes no %s for success", async (_what, reply, code) => {
    const { client } = await against(calls(call, reply));
    expect(await failureOf(client.snapshots.delete("1001", "77"))).toMatchObject({ code, attempts: 1 });
  });
});
