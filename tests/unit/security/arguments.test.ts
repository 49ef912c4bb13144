import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Workspace } from "../../live/pulumi";
import { ROOT } from "./lockfile";

const TOKEN = "secret-token-of-the-arguments-test";

/** Writes down how it was called; stands for the CLI. */
const WITNESS = `#!/usr/bin/env node
const { writeFileSync } = require("node:fs");
writeFileSync(process.env.WITNESS_FILE, JSON.stringify({ argv: process.argv, token: process.env.UTHO_TOKEN }));
`;

describe("the token stands in no arguments of a process", () => {
  it("since the package itself starts none", () => {
    const files = execFileSync("git", ["ls-files", "sdk", "provider", "client", "simulator", "cli"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    const starters = files
      .split("\n")
      .filter((file) => file.endsWith(".ts"))
      .filter((file) =>
        /child_process|node:cluster|worker_threads/.test(readFileSync(join(ROOT, file), "utf8")),
      );
    expect(starters).toEqual([]);
  });

  it("since its command takes none", () => {
    const source = readFileSync(join(ROOT, "cli/program.ts"), "utf8");
    expect(source).not.toMatch(/option\([^)]*--(utho-)?(api-)?token/);
  });

  it.runIf(process.platform !== "win32")(
    "since the live kit gives it to the CLI by the environment",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "witness-"));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      const file = join(folder, "seen.json");
      writeFileSync(join(folder, "pulumi"), WITNESS);
      chmodSync(join(folder, "pulumi"), 0o755);
      process.env.WITNESS_FILE = file;
      onTestFinished(() => {
        delete process.env.WITNESS_FILE;
      });
      const workspace = new Workspace({
        engine: folder,
        root: folder,
        stack: "witness",
        token: TOKEN,
        endpoint: "http://127.0.0.1:1/v2",
        pollInterval: 50,
        endingGrace: 1000,
        signal: new AbortController().signal,
      });
      const run = await workspace.run("up", "--yes");
      expect(run.code, run.output).toBe(0);
      const seen: { argv: string[]; token: string } = JSON.parse(readFileSync(file, "utf8"));
      expect(seen.argv.slice(2)).toEqual(["up", "--yes", "--non-interactive", "--color", "never"]);
      expect(seen.argv.join(" ")).not.toContain(TOKEN);
      expect(seen.token).toBe(TOKEN);
    },
  );
});
