import { configFor, SERVERS, startCloud } from "./cloud.mjs";
import { median } from "./median.mjs";
import { BenchStack } from "./stack.mjs";

/** How long the simulated Utho takes for one snapshot. Utho itself takes minutes; the ratio would only be better. */
const SNAPSHOT_MS = 10_000;
const UP = ["up", "--yes", "--skip-preview"];

/** Each `up` from nothing; the sides take turns, in another order each round. */
const SIDES = {
  rotation: { program: "fleet.cjs", makes: SERVERS },
  floor: { program: "floor.cjs", makes: 0 },
  snapshots: { program: "fleet.cjs", makes: SERVERS },
};

/**
 * A fleet of which every server is due at once: one `SnapshotRotation`, beside the engine's floor, which is one resource
 * whose provider does nothing, and beside a `Snapshot` for each server, of which the engine runs only some at a time.
 */
export async function measureFleet({ engineBin, rounds, log }) {
  const samples = Object.fromEntries(Object.keys(SIDES).map((side) => [side, []]));
  for (let round = 0; round < rounds; round += 1) {
    const order = Object.keys(SIDES);
    for (const side of [...order.slice(round % order.length), ...order.slice(0, round % order.length)]) {
      const sample = await measureSide(engineBin, side);
      samples[side].push(sample);
      log(`  fleet    ${side.padEnd(11)} ${sample.seconds.toFixed(2)} s`);
    }
  }
  const own = SNAPSHOT_MS / 1000;
  const middle = (side, key) => median(samples[side].map((sample) => sample[key]));
  const aboveFloor = (side) =>
    median(samples[side].map(({ seconds }, round) => (seconds - samples.floor[round].seconds) / own));
  return {
    servers: SERVERS,
    rounds,
    snapshotSeconds: own,
    floorSeconds: middle("floor", "seconds"),
    sides: Object.fromEntries(
      ["rotation", "snapshots"].map((side) => [
        side,
        {
          seconds: middle(side, "seconds"),
          aboveFloor: aboveFloor(side),
          calls: middle(side, "calls"),
          listings: Math.round(middle(side, "listings")),
        },
      ]),
    ),
    samples,
  };
}

async function measureSide(engineBin, side) {
  const { program, makes } = SIDES[side];
  const cloud = await startCloud({ snapshotDurationMs: SNAPSHOT_MS });
  const env = { BENCH_FLEET: side };
  const stack = new BenchStack({ engineBin, program, snapshots: 1, servers: SERVERS, env });
  try {
    await stack.prepare(configFor(cloud));
    const { seconds } = await stack.time(UP);
    const active = cloud.cloud.snapshots().filter(({ status }) => status === "Active").length;
    if (active !== makes) throw new Error(`${side}: ${active} Active snapshots instead of ${makes}`);
    const listings = cloud.requests.count("snapshot.listByDeploy");
    return { seconds, calls: cloud.requests.count() - listings, listings };
  } finally {
    stack.dispose();
    await cloud.close();
  }
}
