import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { selfSigned } from "./self-signed";

const ROOT = resolve(__dirname, "../../..");

/** Two reads and two creates one after the other, then what became of each. */
const PROGRAM = `
const { UthoClient } = require("./dist/client");
const client = new UthoClient({ token: "t0ken", endpoint: process.argv[1], maxRetries: 0 });
const calls = [
  () => client.account.info(), () => client.account.info(),
  () => client.snapshots.create(1, "n"), () => client.snapshots.create(1, "n"),
];
(async () => {
  const said = [];
  for (const call of calls) said.push(await call().then(() => "ok", (error) => error.effect + " " + error.message));
  process.stdout.write(JSON.stringify(said));
  process.exit();
})();
`;

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the server does not listen");
  return address.port;
}

describe("through a proxy", () => {
  const asked: { target: string | undefined; headers: IncomingHttpHeaders }[] = [];
  let arrived: { url: string | undefined; port: number | undefined }[] = [];
  let seen = "";
  const utho = createTlsServer(selfSigned, (request, response) => {
    arrived.push({ url: request.url, port: request.socket.remotePort });
    request.resume().on("end", () => response.end('{"status":"success","user":{"id":5}}'));
  });
  const proxy = createServer();
  let folder: string;

  beforeAll(async () => {
    proxy.on("connect", (request, socket) => {
      asked.push({ target: request.url, headers: request.headers });
      const [host = "", port = ""] = (request.url ?? "").split(":");
      const onward = connect(Number(port), host, () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        socket.on("data", (bytes) => {
          seen += bytes.toString("latin1");
        });
        socket.pipe(onward).pipe(socket);
      });
      for (const one of [socket, onward]) one.on("error", () => onward.destroy());
    });
    for (const server of [utho, proxy])
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()));
    folder = mkdtempSync(join(tmpdir(), "pulumi-utho-certificate-"));
    writeFileSync(join(folder, "localhost.pem"), selfSigned.cert);
  });

  beforeEach(() => {
    asked.length = 0;
    arrived = [];
    seen = "";
  });

  afterAll(() => {
    for (const server of [utho, proxy]) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(env: Record<string, string>): Promise<string[]> {
    const endpoint = `https://localhost:${portOf(utho.address())}/v2`;
    const way = { HTTPS_PROXY: `http://me:pass%20word@127.0.0.1:${portOf(proxy.address())}` };
    const child = spawn(process.execPath, ["-e", PROGRAM, endpoint], {
      cwd: ROOT,
      env: { PATH: process.env.PATH ?? "", ...way, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.on("data", (bytes: Buffer) => {
      out += bytes.toString();
    });
    await new Promise((done) => child.on("close", done));
    const said: string[] = JSON.parse(out);
    return said;
  }

  const trusting = () => ({ NODE_EXTRA_CA_CERTS: join(folder, "localhost.pem") });

  it("all goes in a tunnel that it cannot look into; reads share one, and each POST has its own", async () => {
    expect(await run(trusting())).toEqual(["ok", "ok", "ok", "ok"]);
    expect(arrived.map(({ url }) => url)).toEqual([
      ...["/v2/account/info", "/v2/account/info"],
      ...["/v2/cloud/1/snapshot/create", "/v2/cloud/1/snapshot/create"],
    ]);
    expect(new Set(arrived.map(({ port }) => port)).size).toBe(3);
    expect(asked).toHaveLength(3);
    for (const { target, headers } of asked) {
      expect(target).toBe(`localhost:${portOf(utho.address())}`);
      expect(headers["proxy-authorization"]).toBe(`Basic ${Buffer.from("me:pass word").toString("base64")}`);
      expect(headers.authorization).toBeUndefined();
    }
    expect(seen).not.toMatch(/t0ken|snapshot/);
  });

  it("a certificate that no authority has signed is refused too", async () => {
    const said = await run({ NODE_TLS_REJECT_UNAUTHORIZED: "0" });
    for (const one of said) expect(one).toMatch(/^none .*certificate was not accepted/);
    expect(arrived).toEqual([]);
  });

  it("NO_PROXY leads past it", async () => {
    expect(await run({ ...trusting(), NO_PROXY: "localhost" })).toEqual(["ok", "ok", "ok", "ok"]);
    expect(asked).toEqual([]);
  });
});
