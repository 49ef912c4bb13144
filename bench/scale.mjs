import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startFleet } from "./cloud.mjs";
import { BenchStack } from "./stack.mjs";

/** Old snapshots of each server, which the state does not know before the discovering refresh. */
const OLD = 10;
const DAY = 86_400_000;
const PROBE = join(import.meta.dirname, "probe.cjs");
/** What a call takes over the internet, and how many requests Utho is taken to allow in a second. */
const CALL_SECONDS = 0.15;
const CALLS_PER_SECOND = 5;
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

/** One rotation of so many servers, each with ten old snapshots: how its price grows with the fleet. */
export async function measureScale({ engineBin, scales, log }) {
  const rows = [];
  for (const servers of scales) rows.push(...(await measureFleet(engineBin, servers, log)));
  return rows.map((row) => {
    const smaller = rows.find((one) => one.step === row.step);
    return { ...row, growth: row.cpuSeconds / smaller.cpuSeconds, times: row.servers / smaller.servers };
  });
}

async function measureFleet(engineBin, servers, log) {
  const cloud = await startFleet(servers);
  const env = { BENCH_FLEET: "rotation", NODE_OPTIONS: `--require ${PROBE}` };
  const stack = new BenchStack({ engineBin, program: "fleet.cjs", snapshots: 1, servers, env });
  const rows = [];
  try {
    await stack.prepare({ "utho:token": cloud.token, "utho:endpoint": cloud.url, "utho:pollInterval": "1s" });
    for (const [step, { title, command, aged }] of Object.entries(STEPS)) {
      if (aged) age(cloud.cloud);
      const row = { servers, step, title, ...(await measureStep(cloud, stack, step, command)) };
      rows.push(row);
      log(
        `  scale ${servers} ${step}: ${row.cpuSeconds?.toFixed(1)} s of processor time, ${row.calls} calls`,
      );
    }
  } finally {
    stack.dispose();
    await cloud.close();
  }
  return rows;
}

async function measureStep(cloud, stack, step, command) {
  stack.env.BENCH_PROBE = join(stack.folder, `probe-${step}`);
  mkdirSync(stack.env.BENCH_PROBE);
  cloud.requests.clear();
  const { cpuSeconds } = await stack.time(command);
  const plugins = readdirSync(stack.env.BENCH_PROBE)
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(join(stack.env.BENCH_PROBE, file), "utf8")));
  const calls = cloud.requests.count();
  return {
    cpuSeconds,
    calls,
    // Calls of many servers go side by side; what Utho allows in a second is then what a run waits for.
    uthoSeconds: Math.max(calls === 0 ? 0 : CALL_SECONDS, calls / CALLS_PER_SECOND),
    megabytes: Math.max(...plugins.map(({ megabytes }) => megabytes)),
    stateBytes: stack.stateBytes(),
  };
}

/** Gives each server the snapshots that earlier nights would have left it. */
function age(cloud) {
  for (const { cloudId, name } of cloud.snapshots()) {
    for (let night = 1; night <= OLD; night += 1) {
      const createdAt = new Date(cloud.now() - night * DAY).toISOString();
      const time = createdAt.replace(/[-:]|\.\d+/g, "").toLowerCase();
      cloud.addSnapshot({ cloudId, name: name.replace(/\d{8}t\d{6}z$/, time), createdAt });
    }
  }
}
