import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { median } from "./median.mjs";

const ROOT = resolve(import.meta.dirname, "..");

const LOAD_PULUMI = 'require("@pulumi/pulumi"); const loaded = performance.now();';
const LOAD_OURS = 'require("pulumi-utho");';
const REPORT = "process.stdout.write(JSON.stringify([performance.now(), performance.now() - loaded]));";

const COMPARING = ["provider/index", "provider/snapshot/lifecycle"];
const ASKING = [...COMPARING, "provider/utho/account", "client/index"];

/** What each thing that users wait for loads of this package, beside what runs it anyway. */
const COMMANDS = {
  "a program": { beside: "@pulumi/pulumi", files: ["sdk/index"] },
  "`up` without changes, in the plugin": { beside: "@pulumi/pulumi", files: COMPARING },
  "`refresh` and drift check, in the plugin": {
    beside: "@pulumi/pulumi",
    files: [...ASKING, "provider/snapshot/read"],
  },
  "`up` that takes a snapshot, in the plugin": {
    beside: "@pulumi/pulumi",
    files: [...ASKING, "provider/snapshot/create"],
  },
  "`pulumi-utho --help`": { beside: "node:fs", files: ["cli/program"] },
  "`pulumi-utho report`": { beside: "node:fs", files: ["cli/program", "cli/report/run", "client/index"] },
};

/** Modules and processor time of each, in fresh processes. */
function measureCommands(loads) {
  return Object.entries(COMMANDS).map(([title, { beside, files }]) => {
    const program = `
      require("${beside}");
      const before = Object.keys(require.cache).length;
      const begun = process.cpuUsage();
      for (const file of ${JSON.stringify(files)}) require("./dist/" + file);
      const { user, system } = process.cpuUsage(begun);
      process.stdout.write(JSON.stringify([Object.keys(require.cache).length - before, (user + system) / 1000]));
    `;
    // The first only warms the file cache.
    const runs = Array.from({ length: loads + 1 }, () => run(program)).slice(1);
    const [[modules]] = runs;
    return { title, modules, cpuMs: median(runs.map(([, ms]) => ms)) };
  });
}

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
    commands: measureCommands(loads),
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
