import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { UthoError } from "../../../client";
import { against, clientFor, failureOf, TOKEN } from "./harness";
import {
  type Call,
  calls,
  cutAfterHeaders,
  cutBeforeHeaders,
  halfBody,
  json,
  type Reply,
  raw,
  redirect,
  silence,
  silenceAfterHeaders,
  startScriptedServer,
  success,
} from "./scripted-server";

const INFO = { method: "GET", path: "/account/info" };
const USER = success({ user: { id: 5 } });
const info = (reply: Reply): Call => ({ ...INFO, reply });
const create = (reply: Reply): Call => ({
  method: "POST",
  path: "/cloud/1/snapshot/create",
  body: { name: "n" },
  reply,
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a request", () => {
  it("carries the token, and says what it accepts and who asks", async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, accept: "application/json", "user-agent": "me/1.0" };
    const { client, server } = await against([{ ...info(USER), headers }], { userAgent: "me/1.0" });
    await client.account.info();
    expect(server.seen[0]?.headers["content-type"]).toBeUndefined();
  });

  it("that changes something speaks JSON, with a body and without, as Utho's own client does", async () => {
    const headers = { "content-type": "application/json" };
    const restore: Call = { method: "POST", path: "/cloud/1/snapshot/2/restore", headers, reply: success() };
    const remove: Call = { method: "DELETE", path: "/cloud/1/snapshot/2/delete", headers, reply: success() };
    const { client, server } = await against([{ ...create(success()), headers }, restore, remove]);
    await client.snapshots.create(1, "n");
    await client.snapshots.restore(1, 2);
    await client.snapshots.delete(1, 2);
    expect(server.seen.map((seen) => seen.headers["content-length"])).toEqual(["12", "0", undefined]);
  });

  it("goes to an endpoint with a slash at its end just as well", async () => {
    const { server } = await against([info(USER)]);
    await clientFor(`${server.url}/`).client.account.info();
  });

  it("goes past a proxy when the endpoint is on this machine", async () => {
    vi.stubEnv("HTTP_PROXY", "http://127.0.0.1:9");
    vi.stubEnv("http_proxy", "http://127.0.0.1:9");
    const { client } = await against([info(USER)]);
    expect(await client.account.info()).toEqual({ id: "5" });
  });
});

describe("connections", () => {
  it("are kept for reading, and new for every POST", async () => {
    const { client, server } = await against([
      info(USER),
      info(USER),
      create(success()),
      create(success()),
      info(USER),
    ]);
    await client.account.info();
    await client.account.info();
    await client.snapshots.create(1, "n");
    await client.snapshots.create(1, "n");
    await client.account.info();
    const ports = server.seen.map((seen) => seen.remotePort);
    expect(ports[1]).toBe(ports[0]);
    expect(ports[4]).toBe(ports[0]);
    expect(new Set([ports[0], ports[2], ports[3]]).size).toBe(3);
  });
});

describe("an answer", () => {
  it("may be packed", async () => {
    const packed = gzipSync(JSON.stringify({ user: { id: 5 } }));
    const { client } = await against([info(raw(packed, { headers: { "content-encoding": "gzip" } }))]);
    expect(await client.account.info()).toEqual({ id: "5" });
  });

  const large = JSON.stringify({ user: { id: 5, fullname: "x".repeat(10_000) } });
  it.each<[string, Reply]>([
    ["as it is", raw(large)],
    ["announced", raw(large, { headers: { "content-length": String(large.length) } })],
    ["announced, before it comes", raw(large.slice(0, 100), { headers: { "content-length": "5001" } })],
    ["packed into a few bytes", raw(gzipSync(large), { headers: { "content-encoding": "gzip" } })],
  ])("that is too large is refused: %s", async (_what, reply) => {
    const { client } = await against([info(reply)], { maxAnswerBytes: 5000 });
    expect(await failureOf(client.account.info())).toMatchObject({
      code: "UTHO_UNEXPECTED_RESPONSE",
      reason: "tooLarge",
      effect: "unknown",
      attempts: 1,
      message: expect.stringContaining("larger than 5000 bytes"),
    });
  });

  it("of just the size allowed is read", async () => {
    const { client } = await against([info(raw(large))], { maxAnswerBytes: large.length });
    expect((await client.account.info()).id).toBe("5");
  });

  it.each([301, 302, 303, 307, 308])("that points elsewhere (%i) is not followed", async (status) => {
    const elsewhere = await startScriptedServer([]);
    onTestFinished(() => elsewhere.close());
    const { client } = await against([info(redirect(`${elsewhere.url}/account/info?t=${TOKEN}`, status))]);
    const error = await failureOf(client.account.info());
    expect(error).toMatchObject({
      code: "UTHO_UNEXPECTED_RESPONSE",
      reason: "redirect",
      status,
      attempts: 1,
    });
    expect(error.message).toContain(`to ${elsewhere.url}/account/info?t=[redacted]`);
  });
});

describe("a cut connection", () => {
  it.each<[string, Reply, number | undefined]>([
    ["before the headers", cutBeforeHeaders, undefined],
    ["after the headers", cutAfterHeaders, 200],
    ["in the middle of the body", halfBody('{"user":{"id":5}}'), 200],
    [
      "in the middle of a packed body",
      (response) => {
        const packed = gzipSync(JSON.stringify({ user: { id: 5 } }));
        response.writeHead(200, { "content-encoding": "gzip", "content-length": String(packed.length) });
        response.write(packed.subarray(0, 15), () => response.socket?.destroy());
      },
      200,
    ],
  ])("%s is a network error; reading is repeated", async (_what, reply, status) => {
    const failing = await against([info(reply)], { maxRetries: 0 });
    expect(await failureOf(failing.client.account.info())).toMatchObject({
      code: "UTHO_NETWORK",
      effect: "unknown",
      status,
      cause: expect.any(Error),
    });
    const { client, clock } = await against(calls(INFO, reply, reply, USER));
    expect(await client.account.info()).toEqual({ id: "5" });
    expect(clock.sleeps).toEqual([500, 1000]);
  });

  it("whose half body ends like a whole answer is seen in the JSON; reading is repeated", async () => {
    const { client } = await against(calls(INFO, raw('{"user":{"id":5'), USER));
    expect(await client.account.info()).toEqual({ id: "5" });
  });
});

describe("an answer that does not come", () => {
  const dripping: Reply = (response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(" "), 5);
    response.on("close", () => clearInterval(timer));
  };

  it.each<[string, Reply]>([
    ["no headers", silence],
    ["no body", silenceAfterHeaders],
    ["a body byte by byte, without an end", dripping],
  ])("is a timeout: %s", async (_what, reply) => {
    const { client } = await against([info(reply)], { requestTimeout: 80, maxRetries: 0 });
    expect(await failureOf(client.account.info())).toMatchObject({
      code: "UTHO_TIMEOUT",
      effect: "unknown",
      attempts: 1,
      message: expect.stringContaining("within 80 ms"),
    });
  });

  it("has another length for a call that changes something, and never more than its caller allows", async () => {
    const slowly: Reply = (response) => setTimeout(() => success()(response), 200);
    const { client } = await against([create(slowly), create(silence)], { requestTimeout: 80 });
    expect(await client.snapshots.create(1, "n")).toEqual({ acknowledged: true });
    expect(await failureOf(client.snapshots.create(1, "n", { timeoutMs: 60 }))).toMatchObject({
      code: "UTHO_TIMEOUT",
      message: expect.stringContaining("within 60 ms"),
    });
  });

  it("is asked for again when reading, and never after a POST", async () => {
    // The second answer must come within the time in which the first one is given up.
    const reading = await against(calls(INFO, silence, USER), { requestTimeout: 2_000 });
    expect(await reading.client.account.info()).toEqual({ id: "5" });
    const posting = await against([create(silence)], { writeTimeout: 80 });
    expect(await failureOf(posting.client.snapshots.create(1, "n"))).toMatchObject({
      code: "UTHO_TIMEOUT",
      effect: "unknown",
      attempts: 1,
    });
  });
});

describe("Retry-After", () => {
  it.each<[string, Reply, number[]]>([
    ["in seconds", raw("", { status: 429, headers: { "retry-after": "7" } }), [7000]],
    [
      "as a date",
      raw("", { status: 503, headers: { "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" } }),
      [30_000],
    ],
    ["of an hour, cut to a minute", raw("", { status: 429, headers: { "retry-after": "3600" } }), [60_000]],
    [
      "with busy",
      json({ status: "error", message: "Server is locked" }, { headers: { "retry-after": "2" } }),
      [2000],
    ],
    ["that is left out", raw("", { status: 429 }), [500]],
  ])("is honoured %s", async (_what, reply, sleeps) => {
    const { client, clock } = await against(calls(INFO, reply, USER));
    await client.account.info();
    expect(clock.sleeps).toEqual(sleeps);
  });
});

describe("onAttempt", () => {
  it("is called for every attempt", async () => {
    const { client, attempts } = await against(calls(INFO, raw("", { status: 503 }), cutBeforeHeaders, USER));
    await client.account.info();
    const common = { operation: "account.info", method: "GET", path: "/account/info", durationMs: 0 };
    expect(attempts).toEqual([
      { ...common, attempt: 1, status: 503, outcome: "UTHO_SERVER_ERROR" },
      { ...common, attempt: 2, status: undefined, outcome: "UTHO_NETWORK" },
      { ...common, attempt: 3, status: 200, outcome: "ok", date: expect.stringMatching(/ GMT$/) },
    ]);
  });

  it("cannot spoil a call", async () => {
    const onAttempt = () => {
      throw new Error("observer");
    };
    const { client } = await against([create(success())], { onAttempt });
    expect(await client.snapshots.create(1, "n")).toEqual({ acknowledged: true });
  });
});

it("many calls at once do not disturb each other", async () => {
  const script = calls(INFO, ...Array.from({ length: 50 }, () => USER));
  const { client } = await against(script);
  const results = await Promise.all(script.map(() => client.account.info()));
  expect(results).toEqual(script.map(() => ({ id: "5" })));
});

it("every error is a UthoError", async () => {
  const { client } = await against([info(redirect("/"))]);
  expect(await failureOf(client.account.info())).toBeInstanceOf(UthoError);
});
