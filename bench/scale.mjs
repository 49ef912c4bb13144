import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { startFleet } from "./cloud.mjs";
import { BenchStack } from "./stack.mjs";

/** Old snapshots of each server, which the state does not know before the discovering refresh. */
const OLD = 10;
const DAY = 86_400_000;
const PROBE = join(import.meta.dirname, "probe.cjs");
/** What a call takes over the internet, and how many requests Utho is taken to allow in a second. */
const CALL_SECONDS = 0.15;
const CALLS_PER_SECOND = 5;
const NODE = process.execPath;
const LOOK_UP = [NODE, join(import.meta.dirname, "programs/lookups.cjs")];
const COMMAND = [NODE, resolve(import.meta.dirname, "../dist/cli/main.js")];
const UP = ["up", "--yes", "--skip-preview"];
const LOOK = ["refresh", "--preview-only"];

/** In this order on one stack: each finds what the one before has left. */
const STEPS = {
  up: { title: "`up`, all due", command: UP },
  discover: { title: "`refresh --preview-only` that discovers the history", command: LOOK, aged: true },
  prune: { title: "`up --refresh` that prunes it", command: [...UP, "--refresh"] },
  noop: { title: "`up`, nothing due", command: UP },
  drift: { title: "drift check", command: [...LOOK, "--expect-no-changes"] },
};

/**
 * What only looks at the same fleet, to which ten snapshots of each server are added that no stack has. Growth is
 * that of what a step takes `above` another, which only starts.
 */
const LOOKS = {
  lookup: { title: "a program that looks up nothing", command: [...LOOK_UP, "nothing"] },
  snapshots: { title: "`getSnapshots`", command: [...LOOK_UP, "snapshots"], above: "lookup" },
  servers: { title: "`getServers`", command: [...LOOK_UP, "servers"], above: "lookup" },
  newest: { title: "`getSnapshot` of one server", command: [...LOOK_UP, "newest"], above: "lookup" },
  help: { title: "`pulumi-utho report --help`", command: [...COMMAND, "report", "--help"] },
  report: {
    title: "`report` of the stack",
    command: [...COMMAND, "report", "--stack", "bench", "--fail-on", "none"],
    above: "help",
  },
  adopt: {
    title: "`adopt` into an empty stack, beside this one (plan)",
    command: [...COMMAND, "adopt", "--stack", "empty", "--also-stack", "bench"],
    above: "help",
  },
};

/** One rotation of so many servers, each with ten old snapshots: how its price grows with the fleet. */
export async function measureScale({ engineBin, scales, log }) {
  const rows = [];
  for (const servers of scales) rows.push(...(await measureFleet(engineBin, servers, log)));
  return rows.map((row) => {
    const smaller = rows.find((one) => one.step === row.step);
    const growth = own(row, rows) / own(smaller, rows);
    return { ...row, growth, times: row.servers / smaller.servers };
  });
}

/** What a step took beyond starting the program or the command. */
function own({ cpuSeconds, servers, above }, rows) {
  return cpuSeconds - (rows.find((row) => row.servers === servers && row.step === above)?.cpuSeconds ?? 0);
}

async function measureFleet(engineBin, servers, log) {
  const cloud = await startFleet(servers);
  const env = { BENCH_FLEET: "rotation", NODE_OPTIONS: `--require ${PROBE}` };
  const stack = new BenchStack({ engineBin, program: "fleet.cjs", snapshots: 1, servers, env });
  const rows = [];
  try {
    const config = { "utho:token": cloud.token, "utho:endpoint": cloud.url, "utho:pollInterval": "1s" };
    await stack.prepare(config);
    const measure = async (step, title, timed, above) => {
      const row = { servers, step, title, above, ...(await measureStep(cloud, stack, step, timed)) };
      rows.push(row);
      log(
        `  scale ${servers} ${step}: ${row.cpuSeconds?.toFixed(1)} s of processor time, ${row.calls} calls`,
      );
    };
    for (const [step, { title, command, aged }] of Object.entries(STEPS)) {
      if (aged) age(cloud.cloud, (name, time) => name.replace(/\d{8}t\d{6}z$/, time));
      await measure(step, title, () => stack.time(command));
    }
    await stack.prepare(config, "empty");
    age(cloud.cloud, (name, time) => `by-hand-${name}-${time}`);
    Object.assign(stack.env, { UTHO_TOKEN: cloud.token, UTHO_ENDPOINT: cloud.url });
    for (const [step, { title, command, above }] of Object.entries(LOOKS))
      await measure(step, title, () => stack.timeOf(command), above);
  } finally {
    stack.dispose();
    await cloud.close();
  }
  return rows;
}

async function measureStep(cloud, stack, step, timed) {
  stack.env.BENCH_PROBE = join(stack.folder, `probe-${step}`);
  mkdirSync(stack.env.BENCH_PROBE);
  cloud.requests.clear();
  const { cpuSeconds } = await timed();
  const plugins = readdirSync(stack.env.BENCH_PROBE)
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(join(stack.env.BENCH_PROBE, file), "utf8")));
  const calls = cloud.requests.count();
  return {
    cpuSeconds,
    calls,
    // Calls of many servers go side by side; what Utho allows in a second is then what a run waits for.
    uthoSeconds: Math.max(calls === 0 ? 0 : CALL_SECONDS, calls / CALLS_PER_SECOND),
    megabytes: plugins.length === 0 ? undefined : Math.max(...plugins.map(({ megabytes }) => megabytes)),
    stateBytes: stack.stateBytes(),
  };
}

/** Gives each server the snapshots that earlier nights would have left it. */
function age(cloud, nameOf) {
  const newest = new Map(cloud.snapshots().map(({ cloudId, name }) => [cloudId, name]));
  for (const [cloudId, name] of newest) {
    for (let night = 1; night <= OLD; night += 1) {
      const createdAt = new Date(cloud.now() - night * DAY).toISOString();
      const time = createdAt.replace(/[-:]|\.\d+/g, "").toLowerCase();
      cloud.addSnapshot({ cloudId, name: nameOf(name, time), createdAt });
    }
  }
}
