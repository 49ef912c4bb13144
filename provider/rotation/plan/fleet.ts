import { planServer } from "./server";
import type { RotationPolicy, RotationSnapshot, ServerPlan } from "./types";

/**
 * The plan of a rotation: one for each server, in the order of the servers, also for one that has no snapshot yet. Each
 * is judged by itself; a snapshot of a server that is not named is in none of them.
 */
export function planRotation(
  cloudIds: readonly string[],
  snapshots: readonly RotationSnapshot[],
  policy: RotationPolicy,
  now: number,
): ServerPlan[] {
  const groups = new Map(cloudIds.map((cloudId): [string, RotationSnapshot[]] => [cloudId, []]));
  for (const snapshot of snapshots) groups.get(snapshot.cloudId)?.push(snapshot);
  return [...groups].map(([cloudId, own]) => planServer(cloudId, own, policy, now));
}
