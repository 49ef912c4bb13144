import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ROOT } from "./lockfile";

/** Runs the audit with an npm that prints this. */
function audit(printed: string, code: number): { code: number | null; output: string; asked: string[] } {
  const folder = mkdtempSync(join(tmpdir(), "audit-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "printed"), printed);
  const npm = `#!/bin/sh\necho "$@" > "${folder}/asked"\ncat "${folder}/printed"\nexit ${code}\n`;
  writeFileSync(join(folder, "npm"), npm);
  chmodSync(join(folder, "npm"), 0o755);
  const run = spawnSync(process.execPath, [join(ROOT, "tools/audit.mjs")], {
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` },
  });
  const asked = readFileSync(join(folder, "asked"), "utf8").trim().split(" ");
  return { code: run.status, output: run.stdout + run.stderr, asked };
}

const report = (counts: Record<string, number>): string =>
  JSON.stringify({
    vulnerabilities: {
      odd: { severity: "high", range: "<2.0.0", via: [{ title: "Leaks its input" }, "other"] },
    },
    metadata: { vulnerabilities: counts },
  });

describe.runIf(process.platform !== "win32")("npm run audit", () => {
  it("fails on a high or critical weakness of what users run, and names it", () => {
    const { code, output, asked } = audit(report({ high: 1, critical: 0, total: 1 }), 1);
    expect(code).toBe(1);
    expect(output).toContain("odd <2.0.0: high. Leaks its input");
    expect(asked).toContain("--omit=dev");
  });

  it("passes without weaknesses, and with minor ones only", () => {
    expect(audit(report({ high: 0, critical: 0, total: 0 }), 0).code).toBe(0);
    const lesser = audit(report({ low: 2, high: 0, critical: 0, total: 2 }), 1);
    expect(lesser.code).toBe(0);
    expect(lesser.output).toContain("Known weaknesses: 2");
  });

  it.each([
    ["a mirror without that service", JSON.stringify({ message: "405 Method Not Allowed", statusCode: 405 })],
    ["no network", ""],
  ])("passes with %s, and says that it has learned nothing", (_where, printed) => {
    const { code, output } = audit(printed, 1);
    expect(code).toBe(0);
    expect(output).toContain("nothing was learned");
  });
});

it("npm run audit is a step of CI", () => {
  expect(readFileSync(join(ROOT, ".ci/run"), "utf8")).toMatch(/^step audit npm run audit$/m);
});
