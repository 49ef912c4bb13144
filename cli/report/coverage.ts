import { grouped } from "../../client/compact";
import type { CloudId } from "../../client/request";
import type { Cloud } from "./cloud";
import type { ServerEntry, SnapshotEntry } from "./model";

/** Of each server that exists: the newest snapshot that a restore could use, and whether it is young enough. */
export function coverageOf(snapshots: readonly SnapshotEntry[], cloud: Cloud, maxAge: number): ServerEntry[] {
  const present = snapshots.filter(({ exists }) => exists === true);
  const byServer = grouped(present, ({ cloudId }) => cloudId);
  return cloud.servers
    .map(({ cloudId, hostname }) => serverEntry(cloudId, hostname, byServer.get(cloudId) ?? [], maxAge))
    .sort((a, b) =>
      a.hostname < b.hostname ? -1 : a.hostname > b.hostname ? 1 : Number(a.cloudId) - Number(b.cloudId),
    );
}

function serverEntry(
  cloudId: CloudId,
  hostname: string,
  own: readonly SnapshotEntry[],
  maxAge: number,
): ServerEntry {
  const recoveryPoint = newestUsable(own);
  return {
    cloudId,
    hostname,
    coverage: judge(recoveryPoint, own, maxAge),
    recoveryPoint,
    snapshots: own.length,
    sizeGb: sum(own.map(({ sizeGb }) => sizeGb)),
    monthlyCost: sum(own.map(({ monthlyCost }) => monthlyCost)),
  };
}

/** A usable snapshot of unknown age protects against something, and promises no recovery point. */
function judge(
  point: ServerEntry["recoveryPoint"],
  own: readonly SnapshotEntry[],
  maxAge: number,
): ServerEntry["coverage"] {
  if (point !== null) return point.ageSeconds * 1000 <= maxAge ? "covered" : "stale";
  return own.some(({ usable }) => usable) ? "stale" : "uncovered";
}

function newestUsable(own: readonly SnapshotEntry[]): ServerEntry["recoveryPoint"] {
  let newest: ServerEntry["recoveryPoint"] = null;
  for (const { usable, createdAt, ageSeconds, id } of own) {
    if (!usable || createdAt === null || ageSeconds === null) continue;
    if (newest === null || ageSeconds < newest.ageSeconds) newest = { id, createdAt, ageSeconds };
  }
  return newest;
}

export function sum(values: readonly (number | null)[]): number {
  const total = values.reduce<number>((all, value) => all + (value ?? 0), 0);
  return Math.round(total * 100) / 100;
}
