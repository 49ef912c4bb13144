import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { Stack } from "../support/stack";

const ROOT = resolve(__dirname, "../..");

/** What only a request needs, and what only the command needs. */
const HEAVY = ["valibot", "async-mutex", "commander"];

/** Notes every module that a Node process loads, in a file of its own, at once: plugins are killed at the end. */
const RECORDER = `
const { appendFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");
const load = Module._extensions[".js"];
const note = (path) => appendFileSync(join(process.env.RECORDED_LOADS, String(process.pid)), path + "\\n");
for (const extension of [".js", ".cjs"]) {
  Module._extensions[extension] = (module, path) => {
    note(path);
    return load(module, path);
  };
}
`;

const heavyOf = (paths: readonly string[]): string[] =>
  HEAVY.filter((name) => paths.some((path) => path.replaceAll("\\", "/").includes(`/node_modules/${name}/`)));

describe("what is loaded", () => {
  it("a program without look-ups loads none of the heavy packages", () => {
    const program = `
      require("@pulumi/pulumi");
      const before = new Set(Object.keys(require.cache));
      require("pulumi-utho");
      const added = Object.keys(require.cache).filter((path) => !before.has(path));
      process.stdout.write(JSON.stringify(added));
    `;
    const run = spawnSync(process.execPath, ["-e", program], { cwd: ROOT, encoding: "utf8" });
    expect(run.status, run.stderr).toBe(0);
    const added: string[] = JSON.parse(run.stdout);
    expect(added).toContain(join(ROOT, "dist/sdk/index.js"));
    expect(heavyOf(added)).toEqual([]);
    // These need no package: a Provider checks its endpoint when it is declared, by the client's own settings.
    const light = ["compact.js", "endpoint.js", "errors.js", "options.js", "time.js"].map((file) =>
      join(ROOT, "dist/client", file),
    );
    const ofClient = added.filter((path) => path.includes(join("dist", "client")));
    expect(ofClient.filter((path) => !light.includes(path))).toEqual([]);
  });

  it("lazily is loaded by require: Node's other loader costs more than what it saves", () => {
    const files = readdirSync(join(ROOT, "dist"), { recursive: true, encoding: "utf8" });
    const scripts = files.filter((file) => file.endsWith(".js"));
    expect(scripts.length).toBeGreaterThan(100);
    const importing = scripts.filter((file) =>
      /(?:await|return|=>|=|\() ?import\(/.test(readFileSync(join(ROOT, "dist", file), "utf8")),
    );
    expect(importing).toEqual([]);
  });

  describe("by the plugin", () => {
    let folder: string;
    let recorded: string;
    let simulator: Simulator;
    let stack: Stack;

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), "loads-"));
      recorded = join(folder, "recorded");
      mkdirSync(recorded);
      const recorder = join(folder, "recorder.cjs");
      writeFileSync(recorder, RECORDER);
      simulator = await startSimulator();
      stack = await Stack.create({
        program: 'new utho.Snapshot("web", { cloudId: "1001" });',
        simulator,
        env: { NODE_OPTIONS: `--require ${JSON.stringify(recorder)}`, RECORDED_LOADS: recorded },
      });
    });

    afterEach(async () => {
      stack.dispose();
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Modules of each process that ran our provider since the last call. */
    function pluginLoads(): string[][] {
      const files = readdirSync(recorded).map((name) => join(recorded, name));
      const loads = files.map((file) => readFileSync(file, "utf8").split("\n"));
      for (const file of files) rmSync(file);
      return loads.filter((paths) => paths.includes(join(ROOT, "dist/provider/index.js")));
    }

    it("up without changes needs no HTTP client and no schema library", async () => {
      const up = await stack.up();
      expect(up.code, up.output).toBe(0);
      const request = join(ROOT, "dist/client/transport.js");
      const creation = join(ROOT, "dist/provider/snapshot/create.js");
      const [creating = [], ...others] = pluginLoads();
      expect(others).toEqual([]);
      expect(heavyOf(creating)).toContain("valibot");
      expect(creating).toContain(request);
      expect(creating).toContain(creation);

      const again = await stack.up("--expect-no-changes");
      expect(again.code, again.output).toBe(0);
      const [comparing = [], ...more] = pluginLoads();
      expect(more).toEqual([]);
      expect(heavyOf(comparing)).toEqual([]);
      expect(comparing).not.toContain(creation);
      expect(comparing).not.toContain(request);
    });
  });
});
