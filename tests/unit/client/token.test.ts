import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { UthoClient, type UthoError } from "../../../client";
import { against, clientFor, failureOf, TOKEN } from "./harness";
import {
  type Call,
  cutAfterHeaders,
  cutBeforeHeaders,
  halfBody,
  json,
  type Reply,
  raw,
  redirect,
  refusal,
  silence,
  success,
} from "./scripted-server";

const SPELLINGS: [string, string][] = [
  ["plain", TOKEN],
  ["URL-encoded", encodeURIComponent(TOKEN)],
  ["base64", Buffer.from(TOKEN).toString("base64")],
  ["base64 with a user name", Buffer.from(`user:${TOKEN}`).toString("base64")],
  ["base64 for URLs", Buffer.from(TOKEN).toString("base64url")],
];

/** Everything that could be printed of a value, down to hidden fields and causes. */
function printed(value: unknown): string {
  const parts = [
    String(value),
    inspect(value, {
      depth: null,
      showHidden: true,
      getters: true,
      maxStringLength: null,
      maxArrayLength: null,
    }),
    JSON.stringify(value) ?? "",
  ];
  if (value instanceof Error) parts.push(value.message, value.stack ?? "", printed(value.cause ?? ""));
  return parts.join("\n");
}

function expectNoToken(value: unknown): void {
  const text = printed(value);
  for (const [, spelling] of SPELLINGS) expect(text).not.toContain(spelling);
  // Of the spelling with a user name, the part that the token alone makes up.
  expect(text).not.toContain(Buffer.from(`user:${TOKEN}`).toString("base64").slice(8, -4));
}

/** Answers that repeat the token to us, each a way into another error. */
const ECHOES: [string, (token: string) => Reply][] = [
  ["a refusal", (token) => refusal(`Bad request by ${token}.`)],
  ["a refused token", (token) => refusal(`Invalid token ${token}`)],
  ["an unknown thing", (token) => refusal(`Server not found for ${token}`)],
  ["a busy server", (token) => refusal(`Busy with ${token}`)],
  ["error entries", (token) => json({ errors: [{ message: token, long_message: token, code: token }] })],
  ["401", (token) => raw(token, { status: 401 })],
  ["429", (token) => raw(token, { status: 429, headers: { "retry-after": token } })],
  ["500", (token) => json({ message: token }, { status: 500 })],
  ["a web page", (token) => raw(`<html>${token}</html>`)],
  ["text", (token) => raw(`Bearer ${token}`)],
  ["garbled JSON", (token) => raw(`{"token":"${token}"`)],
  ["another shape", (token) => success({ cloud: token, message: token })],
  ["an unknown status", (token) => json({ status: token, message: token })],
  ["a redirect", (token) => redirect(`https://evil.example/?t=${token}`)],
  ["half a body", (token) => halfBody(`{"x":"${token}"}`)],
];

const get = (reply: Reply): Call => ({ method: "GET", path: "/cloud/1", reply });
const post = (reply: Reply): Call => ({ method: "POST", path: "/cloud/1/poweron", reply });

describe.each(SPELLINGS)("the token (%s) stands in no error", (_how, spelling) => {
  it.each(ECHOES)("after %s", async (_what, echo) => {
    const reading = await against([get(echo(spelling))], { maxRetries: 0 });
    const errors: UthoError[] = [];
    await reading.client.servers.get(1).catch((error: UthoError) => errors.push(error));
    const posting = await against([post(echo(spelling))]);
    await posting.client.servers.power(1, "poweron").catch((error: UthoError) => errors.push(error));
    for (const error of errors) expectNoToken(error);
    expectNoToken([...reading.attempts, ...posting.attempts]);
  });

  it("nor in an acknowledgement", async () => {
    const { client } = await against([post(success({ message: `done for ${spelling}` }))]);
    const acknowledgement = await client.servers.power(1, "poweron");
    expect(acknowledgement.message).toContain("done for");
    expectNoToken(acknowledgement);
  });
});

describe("the token stands in no error", () => {
  it.each<[string, Reply]>([
    ["a cut connection", cutBeforeHeaders],
    ["a connection cut later", cutAfterHeaders],
    ["silence", silence],
  ])("after %s", async (_what, reply) => {
    const { client, attempts } = await against([get(reply)], { maxRetries: 0, requestTimeout: 80 });
    expectNoToken(await failureOf(client.servers.get(1)));
    expectNoToken(attempts);
  });

  it("after a refused connection or an unknown name", async () => {
    for (const endpoint of ["http://127.0.0.1:9/v2", "https://utho.invalid/v2"]) {
      const { client } = clientFor(endpoint, { maxRetries: 0 });
      expectNoToken(await failureOf(client.servers.get(1)));
    }
  });

  it("of a cancelled call", async () => {
    const controller = new AbortController();
    const { client } = await against([get(() => controller.abort(new Error(TOKEN)))]);
    expectNoToken(await failureOf(client.servers.get(1, { signal: controller.signal })));
  });
});

describe("the client itself", () => {
  it("shows no token, before and after use", async () => {
    const { client } = await against([get(success({ cloud: [] }))]);
    expectNoToken(client);
    await client.servers.get(1);
    expectNoToken(client);
    for (const part of [client.servers, client.snapshots, client.actions, client.account])
      expectNoToken(part);
  });

  it("does not keep the options object", () => {
    const options = { token: TOKEN };
    const client = new UthoClient(options);
    expect(Object.values(client)).not.toContain(options);
  });
});

describe("a password", () => {
  it("of a half-read deployment stands in no error", async () => {
    const reply = raw('{"cloudid":"5","password":"hunter2","ipv4":"1.2');
    const body = { dcslug: "d", planid: "p", image: "i", cloud: [{ hostname: "h" }] };
    const { client } = await against([{ method: "POST", path: "/cloud/deploy", body, reply }]);
    const call = client.servers.deploy({ dcslug: "d", planId: "p", image: "i", hostname: "h" });
    const error = await failureOf(call);
    expect(error).toMatchObject({ code: "UTHO_UNEXPECTED_RESPONSE", reason: "truncated" });
    expect(printed(error)).not.toContain("hunter2");
  });
});
