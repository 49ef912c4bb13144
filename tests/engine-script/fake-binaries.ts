import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

export interface FakeEngine {
  /** What "pulumi version" prints. Default "v3.248.0". */
  version?: string;
  /** Binaries to leave out. */
  without?: string[];
  /** The language host ends at once with this text on standard error instead of serving. */
  brokenHost?: string;
}

/** Writes an executable script. */
export function writeScript(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

/** Puts the three binaries of an engine into a folder, small but able to answer what the script asks them. */
export function writeFakeEngine(folder: string, fake: FakeEngine = {}): void {
  const binaries: Record<string, string> = {
    pulumi: fakeCli(fake.version ?? "v3.248.0"),
    "pulumi-language-nodejs": fake.brokenHost === undefined ? FAKE_HOST : brokenHost(fake.brokenHost),
    "pulumi-resource-pulumi-nodejs": "#!/bin/sh\n",
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(binaries)) {
    if (!fake.without?.includes(name)) {
      writeScript(path.join(folder, name), text);
    }
  }
}

function fakeCli(version: string): string {
  return `#!/bin/sh\n[ "$1" = version ] && echo "${version}"\n`;
}

function brokenHost(complaint: string): string {
  return `#!/bin/sh\necho "${complaint}" >&2\nexit 3\n`;
}

const FAKE_HOST = `#!${process.execPath}
const server = require("node:http2").createServer();
server.on("stream", (stream, headers) => {
  const known = headers[":path"] === "/pulumirpc.LanguageRuntime/GetPluginInfo";
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": known ? "0" : "12" }));
  stream.end(Buffer.alloc(5));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

export interface FakeGo {
  /** What "go env GOVERSION" prints. Default "go1.26.8". */
  version?: string;
  /** "go env" fails with this on standard error. */
  envFailure?: string;
  /** "go build" fails with this on standard error. */
  buildFailure?: string;
  /** "go build" makes binaries that do not run. */
  brokenBuild?: boolean;
  /** "go build" waits until this file is there. */
  gate?: string;
  /** Gets a line for each call: "env", "list", "build pulumi", … */
  journal: string;
  /** A folder that stands for the module cache. */
  modules: string;
}

const FAKE_GO = path.resolve(__dirname, "fake-go.cjs");

/** A Go that builds nothing but knows the four calls that the script makes. */
export function writeFakeGo(file: string, fake: FakeGo): void {
  const built = path.join(fake.modules, "built");
  writeFakeEngine(built, fake.brokenBuild ? { version: "no version at all" } : {});
  writeScript(path.join(fake.modules, "nodejs/dist/pulumi-resource-pulumi-nodejs"), "#!/bin/sh\n");
  chmodSync(path.join(fake.modules, "nodejs/dist/pulumi-resource-pulumi-nodejs"), 0o444);
  writeScript(
    file,
    `#!${process.execPath}\nrequire(${JSON.stringify(FAKE_GO)})(${JSON.stringify({ ...fake, built })});\n`,
  );
}
