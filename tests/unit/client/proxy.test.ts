import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { UthoError } from "../../../client";
import { proxyFor } from "../../../client/options";
import { toFailure } from "../../../provider/failure";
import { against, clientFor, failureOf } from "./harness";
import { type Call, raw } from "./scripted-server";

const UTHO = "https://api.utho.com/v2";

describe("the proxy of an endpoint", () => {
  it.each<[string, NodeJS.ProcessEnv, string | undefined]>([
    [UTHO, {}, undefined],
    [UTHO, { HTTPS_PROXY: "http://proxy.corp:3128" }, "HTTPS_PROXY (proxy.corp:3128)"],
    [UTHO, { https_proxy: "http://me:secret@proxy.corp:3128/x" }, "https_proxy (proxy.corp:3128)"],
    [UTHO, { HTTPS_PROXY: "me:secret@proxy.corp:3128" }, "HTTPS_PROXY (proxy.corp:3128)"],
    [UTHO, { ALL_PROXY: "proxy.corp" }, "ALL_PROXY (proxy.corp)"],
    [UTHO, { HTTPS_PROXY: "http://se cret@" }, "HTTPS_PROXY (which is no address)"],
    [UTHO, { HTTP_PROXY: "http://proxy.corp:3128" }, undefined],
    [UTHO, { HTTPS_PROXY: "http://p:1", NO_PROXY: "localhost, .utho.com" }, undefined],
    [UTHO, { HTTPS_PROXY: "http://p:1", NO_PROXY: "*" }, undefined],
    [UTHO, { HTTPS_PROXY: "http://p:1", NO_PROXY: "tho.com" }, "HTTPS_PROXY (p:1)"],
    [UTHO, { HTTPS_PROXY: "http://p:1", NO_PROXY: "api.utho.com:443" }, undefined],
    [UTHO, { HTTPS_PROXY: "http://p:1", NO_PROXY: "api.utho.com:8443" }, "HTTPS_PROXY (p:1)"],
    [UTHO, { HTTPS_PROXY: "http://p:1", NO_PROXY: "*.utho.com" }, undefined],
    [UTHO, { HTTPS_PROXY: "http://p:1", NO_PROXY: "10.0.0.0/8,/8,utho.com/8" }, "HTTPS_PROXY (p:1)"],
    ["https://10.1.2.3/v2", { HTTPS_PROXY: "http://p:1", NO_PROXY: "10.0.0.0/8" }, undefined],
    ["https://11.1.2.3/v2", { HTTPS_PROXY: "http://p:1", NO_PROXY: "10.0.0.0/8" }, "HTTPS_PROXY (p:1)"],
    ["https://[fd00::1]/v2", { HTTPS_PROXY: "http://p:1", NO_PROXY: "fd00::/16" }, undefined],
    ["https://[fd00::1]:8443/v2", { HTTPS_PROXY: "http://p:1", NO_PROXY: "[fd00::1]:8443" }, undefined],
    ["https://[fd00::1]/v2", { HTTPS_PROXY: "http://p:1", NO_PROXY: "fd00::1" }, undefined],
    ["http://127.0.0.1:4000", { HTTPS_PROXY: "http://p:1" }, undefined],
  ])("%s with %j is %s", (endpoint, env, proxy) => {
    expect(proxyFor(endpoint, env)?.shown).toBe(proxy);
  });
});

describe("where a proxy is", () => {
  it.each<[string, string | undefined]>([
    ["proxy.corp:3128", "http://proxy.corp:3128/"],
    ["https://me:secret@proxy.corp", "https://me:secret@proxy.corp/"],
    ["socks5://proxy.corp:1080", undefined],
    ["http://se cret@", undefined],
  ])("%s is %s", (value, url) => {
    expect(proxyFor(UTHO, { HTTPS_PROXY: value })?.url?.href).toBe(url);
  });

  it("is said to be no address before anything is sent or looked up", async () => {
    vi.stubEnv("https_proxy", "socks5://me:secret@proxy.corp:1080");
    vi.stubEnv("no_proxy", "");
    vi.stubEnv("NO_PROXY", "");
    onTestFinished(() => void vi.unstubAllEnvs());
    const { client } = clientFor(UTHO);
    const error = await failureOf(client.snapshots.create(1, "n"));
    expect(error).toMatchObject({ code: "UTHO_NETWORK", effect: "none", attempts: 1 });
    expect(error.message).toContain(
      "https_proxy (proxy.corp:1080) is not the address of an http or https proxy",
    );
    expect(error.message).not.toContain("secret");
  });
});

describe("a proxy that answers in Utho's place", () => {
  const page = "<html><body>Blocked by policy</body></html>";
  let proxy: Server;
  let address: string;

  beforeEach(async () => {
    proxy = createServer((_request, response) =>
      response.writeHead(403, { "content-type": "text/html" }).end(page),
    );
    proxy.on("connect", (_request, socket) =>
      socket.end(`HTTP/1.1 403 Forbidden\r\ncontent-length: ${page.length}\r\n\r\n${page}`),
    );
    await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
    const place = proxy.address();
    address = typeof place === "object" && place !== null ? `127.0.0.1:${place.port}` : "";
    for (const name of ["https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"])
      vi.stubEnv(name, "");
    vi.stubEnv("HTTPS_PROXY", `http://me:pass-word@${address}`);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await new Promise((done) => proxy.close(done));
  });

  it("is named, without its password, and neither the token nor Utho is blamed", async () => {
    const { client } = clientFor("https://api.utho.invalid/v2", { maxRetries: 0 });
    const error = await client.account.info().catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(UthoError);
    const { code, story } = toFailure(error, "ask");
    expect(["UTHO_UNEXPECTED_RESPONSE", "UTHO_NETWORK"]).toContain(code);
    expect(story.next).toContain(`the proxy of HTTPS_PROXY (${address})`);
    expect(JSON.stringify(story)).not.toMatch(/pass-word|</);
    expect(story.next).not.toMatch(/token|fault is on Utho's side/);
  });
});

describe("a page of a gateway, when no proxy is configured", () => {
  const page = "<html><body>Bad gateway</body></html>";

  it.each([
    [401, "UTHO_UNEXPECTED_RESPONSE"],
    [403, "UTHO_UNEXPECTED_RESPONSE"],
    [429, "UTHO_RATE_LIMITED"],
    [502, "UTHO_SERVER_ERROR"],
  ])(
    "with HTTP %i is quoted as a plain line, and blames neither the token nor Utho",
    async (status, code) => {
      const call: Call = { method: "GET", path: "/account/info", reply: raw(page, { status }) };
      const { client } = await against([call], { maxRetries: 0 });
      const failure = toFailure(await client.account.info().catch((cause: unknown) => cause), "ask");
      expect(failure.code).toBe(code);
      expect(failure.story.next).toContain("a proxy or a gateway on the way");
      expect(failure.message).toMatch(/(: |")Bad gateway/);
      expect(failure.message).not.toMatch(/<|refused the token|check the token|on Utho's side/i);
    },
  );

  it("is Utho's own fault when it says so in its own words", async () => {
    const call: Call = {
      method: "GET",
      path: "/account/info",
      reply: raw('{"status":"error","message":"no"}', { status: 502 }),
    };
    const { client } = await against([call], { maxRetries: 0 });
    const { story } = toFailure(await client.account.info().catch((cause: unknown) => cause), "ask");
    expect(story.next).toBe("the fault is on Utho's side; run again later.");
  });
});
