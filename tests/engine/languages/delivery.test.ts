import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installPlugin } from "../../../cli/plugin/install";
import { type Simulator, startSimulator } from "../../../simulator";
import { speak } from "../../support/languages";
import { Stack, well } from "../../support/stack";
import { session } from "../../support/terminal";

const REPOSITORY = resolve(__dirname, "../../..");
const { version }: { version: string } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8"));

let simulator: Simulator;
let stack: Stack;
let site: Server | undefined;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-utho-delivery-"));
  simulator = await startSimulator({ settings: { snapshotDurationMs: 50 } });
  stack = await Stack.create({ program: "", simulator });
});
afterEach(async () => {
  site?.close();
  site = undefined;
  stack.dispose();
  rmSync(folder, { recursive: true, force: true });
  await simulator.close();
});

/** Offers the archives as a release does; says what was asked for. */
async function offer(): Promise<{ url: string; asked: string[] }> {
  execFileSync(process.execPath, [join(REPOSITORY, "tools/archives.mjs"), folder]);
  const asked: string[] = [];
  const served = createServer(({ url = "" }, response) => {
    asked.push(url);
    const file = readdirSync(folder).find((name) => `/${name}` === url);
    if (file === undefined) response.writeHead(404).end();
    else response.end(readFileSync(join(folder, file)));
  });
  site = served;
  await new Promise<void>((listening) => served.listen(0, "127.0.0.1", listening));
  const { port } = served.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked };
}

/** A program of a project that names no folder of a plugin. */
const program = (options = "{}") => `
name: tests
runtime: yaml
resources:
  web:
    type: utho:Snapshot
    properties: { cloudId: "1001" }
    options: ${options}
`;

/** Cold, the language host is compiled first. */
describe("the plugin comes", { timeout: 1_500_000 }, () => {
  beforeEach(async () => {
    await speak(stack, "yaml");
    writeFileSync(join(stack.folder, "Pulumi.yaml"), program());
  }, 1_500_000);

  it("from a server, by the command and by the address in a program", async () => {
    const { url, asked } = await offer();
    expect(readdirSync(folder)).toHaveLength(6);
    const command = ["plugin", "install", "resource", "utho", version, "--server", url];
    await promisify(execFile)("pulumi", command, { env: stack.env });
    expect(asked).toEqual([expect.stringMatching(`^/pulumi-resource-utho-v${version}-\\w+-\\w+.tar.gz$`)]);
    await well(stack.up());
    expect(simulator.cloud.snapshots()).toHaveLength(1);

    rmSync(join(stack.folder, "home/plugins"), { recursive: true });
    writeFileSync(
      join(stack.folder, "Pulumi.yaml"),
      program(`{ version: "${version}", pluginDownloadURL: "${url}" }`),
    );
    await well(stack.preview());
    expect(asked).toHaveLength(2);
  });

  it("from this package, without a network", async () => {
    const { terminal, out } = session({ env: stack.env });
    await installPlugin(terminal);
    expect(out.join("\n")).toContain(`The plugin utho ${version} is installed.`);
    await well(stack.up());
    expect(simulator.cloud.snapshots()).toHaveLength(1);
    // Again, as after an upgrade of this package.
    await installPlugin(terminal);
  });

  it("not at all where Pulumi's folder of plugins cannot be written, and says so", async () => {
    writeFileSync(join(stack.folder, "no-folder"), "");
    const { terminal } = session({ env: { ...stack.env, PULUMI_HOME: join(stack.folder, "no-folder") } });
    await expect(installPlugin(terminal)).rejects.toMatchObject({ story: { code: "UTHO_PLUGIN_INSTALL" } });
  });
});
