import { sum } from "./coverage";
import { type Amount, type ServerEntry, SNAPSHOT_STATES, type SnapshotEntry, type Totals } from "./model";

/** Sums over what exists in the account; what is gone costs nothing. */
export function totalsOf(snapshots: readonly SnapshotEntry[], servers: readonly ServerEntry[]): Totals {
  const there = snapshots.filter(({ exists }) => exists === true);
  const owned = there.filter(({ owners }) => owners.length > 0);
  const covered = (wanted: ServerEntry["coverage"]) =>
    servers.filter((one) => one.coverage === wanted).length;
  return {
    account: amountOf(there),
    managed: amountOf(owned),
    unmanaged: amountOf(there.filter(({ owners }) => owners.length === 0)),
    sizeUnknown: there.filter(({ sizeGb }) => sizeGb === null).length,
    states: statesOf(snapshots),
    servers: { covered: covered("covered"), stale: covered("stale"), uncovered: covered("uncovered") },
  };
}

function statesOf(snapshots: readonly SnapshotEntry[]): Totals["states"] {
  const states: Totals["states"] = {
    undetermined: 0,
    missing: 0,
    failed: 0,
    drifted: 0,
    interrupted: 0,
    unmanaged: 0,
    "in-sync": 0,
  };
  for (const state of SNAPSHOT_STATES) states[state] = snapshots.filter((one) => one.state === state).length;
  return states;
}

function amountOf(snapshots: readonly SnapshotEntry[]): Amount {
  return {
    count: snapshots.length,
    sizeGb: sum(snapshots.map(({ sizeGb }) => sizeGb)),
    monthlyCost: sum(snapshots.map(({ monthlyCost }) => monthlyCost)),
  };
}
