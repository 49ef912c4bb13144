import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Guard } from "../../live/observer/guard";
import { Observer } from "../../live/observer/observer";
import { selfSigned } from "../client/self-signed";

const TOKEN = "token-of-the-observer-test";

async function listen(server: Server, scheme: "http" | "https"): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  return `${scheme}://localhost:${address.port}/v2`;
}

async function observe(endpoint: string): Promise<Observer> {
  const guard = new Guard({ cloudId: "1001", prefix: "u1-", restore: false });
  const observer = await Observer.start(endpoint, TOKEN, guard);
  onTestFinished(() => observer.close());
  return observer;
}

async function serve(listener: RequestListener): Promise<Observer> {
  return observe(await listen(createServer(listener), "http"));
}

describe("the live kit's observer", () => {
  it.each(["", "0"])(
    "sends nothing to a server with a self-signed certificate (NODE_TLS_REJECT_UNAUTHORIZED=%s)",
    async (setting) => {
      vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", setting);
      let requests = 0;
      const server = createTlsServer(selfSigned, (_request, response) => {
        requests++;
        response.end("{}");
      });
      const observer = await observe(await listen(server, "https"));
      const { answer } = await observer.ask({ method: "GET", path: "/cloud/1001" });
      expect(answer).toBeUndefined();
      expect(requests).toBe(0);
    },
  );

  it("follows no redirect", async () => {
    let elsewhere = 0;
    const target = await listen(
      createServer((_request, response) => {
        elsewhere++;
        response.end("{}");
      }),
      "http",
    );
    const observer = await serve((_request, response) => response.writeHead(302, { location: target }).end());
    const { answer } = await observer.ask({ method: "GET", path: "/cloud/1001" });
    expect(answer).toMatchObject({ status: 302, redirects: true });
    expect(elsewhere).toBe(0);
  });

  it("serves only the provider of its run", async () => {
    let requests = 0;
    const observer = await serve((_request, response) => {
      requests++;
      response.end("{}");
    });
    const refused = await fetch(`${observer.url}/cloud/1001`, {
      headers: { authorization: "Bearer other" },
    });
    expect(refused.status).toBe(403);
    expect(requests).toBe(0);
    const own = await fetch(`${observer.url}/cloud/1001`, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(own.status).toBe(200);
    expect(requests).toBe(1);
    expect(observer.exchanges).toMatchObject([{ by: "provider", method: "GET", path: "/cloud/1001" }]);
  });

  it("holds back what the guard objects to, and keeps the token out of what it notes", async () => {
    let requests = 0;
    const observer = await serve((_request, response) => {
      requests++;
      response.end("{}");
    });
    const held = await fetch(`${observer.url}/cloud/1002/destroy`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(held.status).toBe(403);
    expect(requests).toBe(0);
    expect(observer.heldBack).toHaveLength(1);
    expect(JSON.stringify([observer.heldBack, observer.exchanges])).not.toContain(TOKEN);
  });

  it("breaks the provider's connection when Utho's broke", async () => {
    const observer = await serve((request) => request.socket.destroy());
    const call = fetch(`${observer.url}/cloud/1001`, { headers: { authorization: `Bearer ${TOKEN}` } });
    await expect(call).rejects.toThrow();
  });
});
