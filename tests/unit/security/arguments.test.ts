import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { PulumiCli } from "../../../cli/stack/pulumi-cli";
import { Workspace } from "../../live/pulumi";
import { session } from "../../support/terminal";
import { ROOT } from "./lockfile";

const TOKEN = "secret-token-of-the-arguments-test";

/** Writes down how it was called; stands for the CLI. */
const RECORDER = `#!/usr/bin/env node
const { readFileSync, writeFileSync } = require("node:fs");
const input = readFileSync(0, "utf8");
writeFileSync(__dirname + "/seen.json", JSON.stringify({ argv: process.argv, token: process.env.UTHO_TOKEN, input }));
`;

/** A folder with such a CLI, and what it saw. */
function recorder(): { folder: string; seen(): { argv: string[]; token: string; input: string } } {
  const folder = mkdtempSync(join(tmpdir(), "recorder-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "pulumi"), RECORDER);
  chmodSync(join(folder, "pulumi"), 0o755);
  return { folder, seen: () => JSON.parse(readFileSync(join(folder, "seen.json"), "utf8")) };
}

describe("the token stands in no arguments of a process", () => {
  it("since one place of the package starts processes, of the Pulumi CLI, and of npm with fixed arguments", () => {
    const layers = ["sdk", "provider", "client", "simulator", "cli", "testing", "policy"];
    const files = execFileSync("git", ["ls-files", ...layers], { cwd: ROOT, encoding: "utf8" });
    const starters = files
      .split("\n")
      .filter((file) => file.endsWith(".ts"))
      .filter((file) =>
        /child_process|node:cluster|worker_threads/.test(readFileSync(join(ROOT, file), "utf8")),
      );
    expect(starters).toEqual(["cli/stack/pulumi-cli.ts"]);
    const source = readFileSync(join(ROOT, "cli/stack/pulumi-cli.ts"), "utf8");
    expect(source.match(/\b(spawn|exec|execFile|fork)(Sync)?\([^,)]*,/g)).toEqual(["spawn(program,"]);
    expect(source.match(/\blaunch\((?!program:).*/g)).toEqual([
      'launch("pulumi", [...args, "--non-interactive", "--color=never"], {',
      'launch("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], how);',
    ]);
  });

  it.runIf(process.platform !== "win32")(
    "since the command gives the CLI by standard input what is secret",
    async () => {
      const { folder, seen } = recorder();
      const { terminal } = session({
        env: { ...process.env, PATH: `${folder}:${process.env.PATH}`, UTHO_TOKEN: TOKEN },
      });
      await new PulumiCli(folder, terminal).must(
        "import",
        ["stack", "import", "--stack=dev"],
        `{"${TOKEN}":1}`,
      );
      expect(seen().argv.slice(2)).toEqual([
        "stack",
        "import",
        "--stack=dev",
        "--non-interactive",
        "--color=never",
      ]);
      expect(seen().input).toBe(`{"${TOKEN}":1}`);
    },
  );

  it("since its command takes none", () => {
    const source = readFileSync(join(ROOT, "cli/program.ts"), "utf8");
    expect(source).not.toMatch(/option\([^)]*--(utho-)?(api-)?token/);
  });

  it.runIf(process.platform !== "win32")(
    "since the live kit gives it to the CLI by the environment",
    async () => {
      const { folder, seen } = recorder();
      const workspace = new Workspace({
        engine: folder,
        root: folder,
        stack: "recorder",
        token: TOKEN,
        endpoint: "http://127.0.0.1:1/v2",
        pollInterval: 50,
        endingGrace: 1000,
        signal: new AbortController().signal,
      });
      const run = await workspace.run("up", "--yes");
      expect(run.code, run.output).toBe(0);
      expect(seen().argv.slice(2)).toEqual(["up", "--yes", "--non-interactive", "--color", "never"]);
      expect(seen().argv.join(" ")).not.toContain(TOKEN);
      expect(seen().token).toBe(TOKEN);
    },
  );
});
