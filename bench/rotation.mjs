import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { median } from "./median.mjs";

const ROOT = resolve(import.meta.dirname, "..");
const PROCESS = resolve(import.meta.dirname, "programs/rotation.cjs");

/** Snapshots, and over how many servers they are spread. */
const SHAPES = [
  { snapshots: 10_000, servers: 1 },
  { snapshots: 10_000, servers: 50 },
  { snapshots: 1_000, servers: 50 },
];

/**
 * How long the plan of a rotation takes, in milliseconds, beside the least that one could do with the same list: sort
 * it, and write down the date of each in the zone with one `Intl.DateTimeFormat`. In a fresh process each time, as
 * `pulumi up` makes it, the two in turn within it: the first time, and the quickest of twenty more.
 */
export function measureRotation(loads) {
  return SHAPES.map((shape) => {
    const runs = Array.from({ length: loads }, (_, index) => run({ ...shape, planFirst: index % 2 === 0 }));
    return {
      ...shape,
      loads,
      planMs: median(runs.map(({ planMs }) => planMs)),
      datesMs: median(runs.map(({ datesMs }) => datesMs)),
      planToDates: median(runs.map(({ planMs, datesMs }) => planMs / datesMs)),
      laterPlanMs: median(runs.map(({ laterPlanMs }) => laterPlanMs)),
      laterPlanToDates: median(runs.map(({ laterPlanMs, laterDatesMs }) => laterPlanMs / laterDatesMs)),
      kept: runs[0].kept,
    };
  });
}

function run(request) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROCESS, JSON.stringify(request)], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${PROCESS} failed:\n${stderr}`);
  return JSON.parse(stdout);
}
