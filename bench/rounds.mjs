import { configFor, millisecondsOf, SERVERS, startCloud } from "./cloud.mjs";
import { OPERATIONS } from "./operations.mjs";
import { BenchStack } from "./stack.mjs";
import { VARIANTS } from "./variants.mjs";

/**
 * Measures every chosen variant at every size. Each round begins from nothing, and the variants take turns at every
 * single command, in another order each round, so that whatever else the machine does meets them alike. Yields each round when it ends.
 */
export async function* measureRounds({ rounds, sizes, ...rest }) {
  const { log } = rest;
  for (let round = 1; round <= rounds; round += 1) {
    const samples = [];
    for (const size of sizes) {
      log(`round ${round} of ${rounds}: ${size} snapshots`);
      samples.push(...(await measureOnce({ ...rest, size, round })));
    }
    yield { round, samples };
  }
}

async function measureOnce({ engineBin, size, round, repeats, variants, operations, poll, log }) {
  const sides = [];
  const samples = [];
  try {
    for (const variant of rotated(variants, round))
      sides.push(await openSide(engineBin, variant, size, poll));
    for (const { operation, repeat } of steps(operations, repeats)) {
      for (const side of sides) {
        const sample = await measureCommand(side, operation);
        samples.push({ round, repeat, size, variant: side.variant, operation, ...sample });
        log(
          `  ${operation.padEnd(8)} ${side.variant.padEnd(11)} ${sample.seconds.toFixed(2)} s${cpuOf(sample)}`,
        );
      }
    }
  } finally {
    for (const side of sides) await closeSide(side);
  }
  return samples;
}

/** "up" makes everything and can be done once; then the other commands in turn, again and again. */
function steps(operations, repeats) {
  const once = operations.filter((operation) => OPERATIONS[operation].once);
  const others = operations.filter((operation) => !OPERATIONS[operation].once);
  const repeated = Array.from({ length: repeats }, (_, repeat) =>
    others.map((operation) => ({ operation, repeat })),
  );
  return [...once.map((operation) => ({ operation, repeat: 0 })), ...repeated.flat()];
}

async function openSide(engineBin, variant, size, poll) {
  const cloud = await startCloud();
  const { program, env } = VARIANTS[variant];
  const stack = new BenchStack({
    engineBin,
    program,
    snapshots: size,
    servers: SERVERS,
    env: { ...env, BENCH_POLL_MS: String(millisecondsOf(poll)) },
  });
  await stack.prepare(configFor(cloud, poll));
  return { variant, cloud, stack, size };
}

async function closeSide({ cloud, stack }) {
  stack.dispose();
  await cloud.close();
}

async function measureCommand({ cloud, stack, variant, size }, operation) {
  cloud.requests.clear();
  const cpuBefore = process.cpuUsage();
  const { seconds, cpuSeconds } = await stack.time(OPERATIONS[operation].command);
  const cpu = process.cpuUsage(cpuBefore);
  const made = cloud.cloud.snapshots().length;
  if (!VARIANTS[variant].asksNothing && made !== size)
    throw new Error(`${variant}: ${made} snapshots instead of ${size}`);
  return {
    seconds,
    cpuSeconds,
    calls: cloud.requests.count(),
    callsByOperation: cloud.requests.counts(),
    stateBytes: stack.stateBytes(),
    simulatorCpuSeconds: (cpu.user + cpu.system) / 1e6,
  };
}

function cpuOf({ cpuSeconds }) {
  return cpuSeconds === undefined ? "" : `, ${cpuSeconds.toFixed(2)} s of processor time`;
}

function rotated(items, by) {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}
