import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { against, clientFor, failureOf } from "./harness";
import { type Call, cutBeforeHeaders, type Reply, startScriptedServer, success } from "./scripted-server";
import { selfSigned } from "./self-signed";

const USER = success({ user: { id: 5 } });
const info = (reply: Reply): Call => ({ method: "GET", path: "/account/info", reply });
const create = (reply: Reply): Call => ({
  method: "POST",
  path: "/cloud/1/snapshot/create",
  body: { name: "n" },
  reply,
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A port on which no process listens. */
async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = portOf(server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the server does not listen");
  return address.port;
}

describe("a refused connection", () => {
  it("did certainly nothing, so even a POST is tried again", async () => {
    const { client, clock, attempts } = clientFor(`http://127.0.0.1:${await freePort()}/v2`);
    expect(await failureOf(client.snapshots.create(1, "n"))).toMatchObject({
      code: "UTHO_NETWORK",
      effect: "none",
      attempts: 5,
      cause: expect.objectContaining({ code: "ECONNREFUSED" }),
    });
    expect(clock.sleeps).toEqual([500, 1000, 2000, 4000]);
    expect(attempts.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, "UTHO_NETWORK"],
      [2, "UTHO_NETWORK"],
      [3, "UTHO_NETWORK"],
      [4, "UTHO_NETWORK"],
      [5, "UTHO_NETWORK"],
    ]);
  });

  it("at every address of a name is one too", async () => {
    const { client } = clientFor(`http://localhost:${await freePort()}/v2`, { maxRetries: 0 });
    expect(await failureOf(client.snapshots.create(1, "n"))).toMatchObject({
      code: "UTHO_NETWORK",
      effect: "none",
    });
  });

  it("is overcome when the server is there again, and then a POST is sent once", async () => {
    const port = await freePort();
    const { client, clock } = clientFor(`http://127.0.0.1:${port}/v2`);
    clock.onSleep = async () => {
      clock.onSleep = undefined;
      const server = await startScriptedServer([create(cutBeforeHeaders)], { port });
      onTestFinished(() => server.close());
    };
    expect(await failureOf(client.snapshots.create(1, "n"))).toMatchObject({
      effect: "unknown",
      attempts: 2,
    });
  });

  it("differs from a name that does not exist only by its cause", async () => {
    const { client } = clientFor("https://utho.invalid/v2", { maxRetries: 1 });
    const error = await failureOf(client.snapshots.create(1, "n"));
    expect(error).toMatchObject({ code: "UTHO_NETWORK", effect: "none", attempts: 2 });
    expect(error.message).toContain("getaddrinfo");
  });
});

describe("a certificate that no authority has signed", () => {
  it.each(["", "0"])(
    "is refused before anything is sent (NODE_TLS_REJECT_UNAUTHORIZED=%s)",
    async (setting) => {
      vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", setting);
      let requests = 0;
      const server = createTlsServer(selfSigned, (_request, response) => {
        requests++;
        response.end("{}");
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      onTestFinished(() => void server.close());
      const { client } = clientFor(`https://localhost:${portOf(server.address())}/v2`);
      // One after the other: a failure that nothing awaits yet would be an unhandled rejection.
      const calls = [() => client.account.info(), () => client.snapshots.create(1, "n")];
      for (const call of calls) {
        expect(await failureOf(call())).toMatchObject({
          code: "UTHO_NETWORK",
          effect: "none",
          attempts: 1,
          message: expect.stringContaining("certificate was not accepted"),
        });
      }
      expect(requests).toBe(0);
    },
  );
});

describe("a cancelled call", () => {
  it("sends nothing when it is cancelled beforehand", async () => {
    const { client } = await against([]);
    const call = client.snapshots.create(1, "n", { signal: AbortSignal.abort() });
    expect(await failureOf(call)).toMatchObject({ code: "UTHO_CANCELLED", effect: "none" });
  });

  it("may have been applied when it is cancelled during the call", async () => {
    const controller = new AbortController();
    const { client } = await against([create(() => controller.abort())]);
    const call = client.snapshots.create(1, "n", { signal: controller.signal });
    expect(await failureOf(call)).toMatchObject({ code: "UTHO_CANCELLED", effect: "unknown", attempts: 1 });
  });

  it("is not made again", async () => {
    const controller = new AbortController();
    const { client } = await against([info(() => controller.abort())]);
    const call = client.account.info({ signal: controller.signal });
    expect(await failureOf(call)).toMatchObject({ code: "UTHO_CANCELLED", attempts: 1 });
  });

  it("leaves no listener on the signal behind", async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    const { client } = await against([info(USER)]);
    await client.account.info({ signal });
    expect(removed.mock.calls.length).toBe(added.mock.calls.length);
  });
});
