#!/usr/bin/env node
/**
 * `npm run mutants`: puts a known defect into the provider, one at a time, and runs the tests that should see it. Ends
 * with 1 if a defect survives, or if one no longer fits the code. Words given to it choose defects by their names.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { MUTANTS } from "./mutants/list.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const wanted = process.argv.slice(2);

let bad = 0;
for (const mutant of MUTANTS) {
  if (wanted.length > 0 && !wanted.some((word) => mutant.defect.includes(word))) continue;
  const verdict = tried(mutant);
  if (verdict !== "caught") bad += 1;
  console.log(
    `${verdict.padEnd(9)} ${mutant.defect} (${[mutant.test, mutant.named].filter(Boolean).join(", ")})`,
  );
}
if (bad > 0) process.exitCode = 1;

function tried({ also, test, named, ...first }) {
  const edits = also === undefined ? [first] : [first, also];
  const before = edits.map(({ file }) => [join(ROOT, file), readFileSync(join(ROOT, file), "utf8")]);
  if (edits.some(({ from }, at) => before[at][1].split(from).length !== 2)) return "stale";
  // An interruption must not leave the defect behind; the tests end by the same signal.
  const goOn = () => {};
  process.on("SIGINT", goOn);
  try {
    for (const { file, from, to } of edits) {
      const path = join(ROOT, file);
      const code = readFileSync(path, "utf8");
      writeFileSync(
        path,
        code.replace(from, () => to),
      );
    }
    return judged(test, named);
  } finally {
    for (const [path, code] of before) writeFileSync(path, code);
    process.off("SIGINT", goOn);
  }
}

function judged(test, named) {
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const project = test.startsWith("tests/unit/") ? "unit" : "engine";
  const args = [vitest, "run", "--project", project, test, "--bail=1", "--reporter=json", "--silent"];
  const chosen = named === undefined ? [] : ["-t", named];
  const { stdout } = spawnSync(process.execPath, [...args, ...chosen], { cwd: ROOT, encoding: "utf8" });
  const report = JSON.parse(stdout.slice(stdout.indexOf('{"numTotalTestSuites"')));
  if (report.numPassedTests + report.numFailedTests === 0) return "no test";
  return report.numFailedTests > 0 ? "caught" : "SURVIVED";
}
