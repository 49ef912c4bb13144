import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
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
import { figuresOf, lastOf, ratiosOf, turns } from "./compare.mjs";
import { comparisonText } from "./tables.mjs";

const ROOT = resolve(import.meta.dirname, "..");
const HISTORY = join(import.meta.dirname, "history.jsonl");

const git = (...args) => execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim();

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

/**
 * Measures the version of the last entry, or of a commit, in a worktree of its own, and this one, in turn and with the
 * same options. Both by this version's bench: the yardstick must not change with what it measures.
 */
export function compare(machine, { against, rounds }, args) {
  const commit = against ?? lastOf(historyLines(), machine)?.commit;
  if (commit === undefined)
    throw new Error("bench/history.jsonl has no entry of this machine: run without --compare first.");
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const older = join(folder, "older");
  const roots = { before: older, now: ROOT };
  try {
    git("worktree", "add", "--detach", older, commit);
    install(older);
    execFileSync("npm", ["run", "-s", "build"], { cwd: older, stdio: ["ignore", 2, 2] });
    rmSync(join(older, "bench"), { recursive: true });
    cpSync(import.meta.dirname, join(older, "bench"), { recursive: true });
    const measured = turns(rounds).map((order) =>
      Object.fromEntries(order.map((version) => [version, measure(roots[version], args)])),
    );
    return comparisonText(ratiosOf(measured), git("rev-parse", "--short", commit));
  } finally {
    git("worktree", "remove", "--force", older);
    rmSync(folder, { recursive: true, force: true });
  }
}

function historyLines() {
  return existsSync(HISTORY) ? readFileSync(HISTORY, "utf8").split("\n") : [];
}

/** One round of one version. What was asked for is said once more, and the last word counts. */
function measure(root, args) {
  const stdio = ["ignore", "pipe", "inherit"];
  const asked = args.filter(
    (one, index) => one !== "--compare" && !isAgainst(one) && args[index - 1] !== "--against",
  );
  const run = [join(root, "bench/run.mjs"), ...asked, "--rounds", "1", "--json"];
  return figuresOf(
    JSON.parse(
      execFileSync(process.execPath, run, { cwd: root, stdio, encoding: "utf8", maxBuffer: 2 ** 28 }),
    ),
  );
}

function isAgainst(argument) {
  return argument === "--against" || argument.startsWith("--against=");
}

/** The packages of this checkout, but the package itself, which is the older one; where it had others, those. */
function install(older) {
  const lockOf = (root) => readFileSync(join(root, "package-lock.json"), "utf8");
  if (lockOf(older) !== lockOf(ROOT)) {
    const install = ["ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"];
    execFileSync("npm", install, { cwd: older, stdio: ["ignore", 2, 2] });
    return;
  }
  const from = join(ROOT, "node_modules");
  mkdirSync(join(older, "node_modules"));
  for (const name of readdirSync(from)) symlinkSync(join(from, name), join(older, "node_modules", name));
  rmSync(join(older, "node_modules/pulumi-utho"));
  symlinkSync(older, join(older, "node_modules/pulumi-utho"));
}
