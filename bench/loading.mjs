import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { median } from "./median.mjs";

const ROOT = resolve(import.meta.dirname, "..");

const LOAD_PULUMI = 'require("@pulumi/pulumi"); const loaded = performance.now();';
const LOAD_OURS = 'require("pulumi-utho");';
const REPORT = "process.stdout.write(JSON.stringify([performance.now(), performance.now() - loaded]));";

/**
 * What `require("pulumi-utho")` adds to a program that loads Pulumi anyway, in milliseconds, measured in two ways: by
 * the clock inside each process from the end of the one require to the end of the other, and as the difference between
 * whole processes with and without it. Many fresh processes, the two sides in turn.
 */
export function measureLoading(loads) {
  const without = [];
  const withOurs = [];
  const added = [];
  // The first of each only warms the file cache.
  for (let index = 0; index <= loads; index += 1) {
    const [bare] = run(LOAD_PULUMI + REPORT);
    const [whole, inside] = run(LOAD_PULUMI + LOAD_OURS + REPORT);
    if (index === 0) continue;
    without.push(bare);
    withOurs.push(whole);
    added.push(inside);
  }
  return {
    loads,
    pulumiMs: median(without),
    bothMs: median(withOurs),
    differenceMs: median(withOurs.map((ms, index) => ms - without[index])),
    addedMs: median(added),
  };
}

function run(program) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", program], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${program} failed:\n${stderr}`);
  return JSON.parse(stdout);
}
