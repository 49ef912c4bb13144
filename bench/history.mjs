import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");
const HISTORY = join(import.meta.dirname, "history.jsonl");

const git = (...args) => execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim();

/** Processor time and calls of each command of a run, by its name. */
function figuresOf({ rows, scale = [] }) {
  const ours = rows.flatMap(({ operation, size, sides }) =>
    sides.ours === undefined ? [] : [[`${operation} of ${size}`, sides.ours]],
  );
  const grown = scale.map((row) => [`${row.step} of a rotation of ${row.servers}`, row]);
  return Object.fromEntries(
    [...ours, ...grown].map(([name, { cpuSeconds, calls }]) => [name, { cpuSeconds, calls }]),
  );
}

/** Notes what was measured, on which machine, of which commit. */
export function remember(results, args) {
  const figures = figuresOf(results);
  if (Object.keys(figures).length === 0) return;
  const { machine } = results;
  appendFileSync(
    HISTORY,
    `${JSON.stringify({ machine, commit: git("rev-parse", "HEAD"), args, figures })}\n`,
  );
}

/** The last entry of this machine, whose commit is measured again: a machine's load is another one each time. */
function lastOf({ processor, cores }) {
  const lines = existsSync(HISTORY) ? readFileSync(HISTORY, "utf8").trim().split("\n") : [];
  const entries = lines.map((line) => JSON.parse(line));
  return entries.findLast(({ machine }) => machine.processor === processor && machine.cores === cores);
}

/**
 * Measures the version of the last entry in a worktree of its own and then this one, with the same options, and prints
 * the ratios.
 */
export function compare(machine, args) {
  const last = lastOf(machine);
  if (last === undefined)
    throw new Error("bench/history.jsonl has no entry of this machine: run without --compare first.");
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const older = join(folder, "older");
  try {
    git("worktree", "add", "--detach", older, last.commit);
    linkPackages(older);
    execFileSync("npm", ["run", "-s", "build"], { cwd: older, stdio: "inherit" });
    const [before, now] = [measure(older, args), measure(ROOT, args)];
    console.log(`Ratios of this version to ${last.commit.slice(0, 7)}, in processor time; calls of both:`);
    for (const [name, { cpuSeconds, calls }] of Object.entries(now)) {
      const former = before[name];
      if (former === undefined) continue;
      console.log(
        `${(cpuSeconds / former.cpuSeconds).toFixed(2)} ×  ${name} (${former.calls} → ${calls} calls)`,
      );
    }
  } finally {
    git("worktree", "remove", "--force", older);
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(root, args) {
  const stdio = ["ignore", "pipe", "inherit"];
  const run = [join(root, "bench/run.mjs"), ...args, "--json"];
  return figuresOf(
    JSON.parse(
      execFileSync(process.execPath, run, { cwd: root, stdio, encoding: "utf8", maxBuffer: 2 ** 28 }),
    ),
  );
}

/** The packages of this checkout, but the package itself, which is the older one. */
function linkPackages(older) {
  const from = join(ROOT, "node_modules");
  mkdirSync(join(older, "node_modules"));
  for (const name of readdirSync(from)) symlinkSync(join(from, name), join(older, "node_modules", name));
  rmSync(join(older, "node_modules/pulumi-utho"));
  symlinkSync(older, join(older, "node_modules/pulumi-utho"));
}
