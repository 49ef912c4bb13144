import { isActive, isFailure } from "../../snapshot/status";
import { dueAfter, isInFuture } from "./due";
import { reasonsFor } from "./rules";
import type { Kept, RotationPolicy, RotationSnapshot, ServerPlan } from "./types";

const SECOND = 1_000;

/**
 * What a rotation does on one server at `now`. Snapshots of other servers are passed over.
 *
 * Where a snapshot is due, the rules are applied as if it were there already, and it counts for `minKeep`: what is
 * deleted is deleted once it is Active and never before, and so the preview, and the plan that is made after the take,
 * agree.
 *
 * Throws a `RangeError` for a zone or a span of `within` that is none; nothing is judged by half a policy.
 */
export function planServer(
  cloudId: string,
  snapshots: readonly RotationSnapshot[],
  policy: RotationPolicy,
  now: number,
): ServerPlan {
  const own = snapshots.filter((one) => one.cloudId === cloudId).sort(newestFirst);
  const dueAt = dueAfter(own, policy.everyMs, now);
  const take = dueAt <= now;
  const candidates = own.filter((one) => isActive(one.status) && !isInFuture(one.takenAt, now));
  const reasons = judge(candidates, policy, take ? now : undefined);
  const keep: Kept[] = [];
  const deleted: RotationSnapshot[] = [];
  for (const snapshot of own) {
    const found = reasons.get(snapshot) ?? [exemption(snapshot)];
    if (found.length > 0) keep.push({ snapshot, reasons: found });
    else deleted.push(snapshot);
  }
  return { cloudId, take, dueAt, keep, delete: deleted.reverse() };
}

/** Reasons to keep each candidate, none for those to delete. `takenAt`: of the snapshot that is yet to be taken. */
function judge(
  candidates: readonly RotationSnapshot[],
  policy: RotationPolicy,
  takenAt: number | undefined,
): Map<RotationSnapshot, string[]> {
  const times: number[] = candidates.map((one) => one.takenAt);
  // Names, from which times are read again, hold whole seconds.
  const next = takenAt === undefined ? undefined : Math.floor(takenAt / SECOND) * SECOND;
  const place = next === undefined ? -1 : placeOf(times, next);
  if (next !== undefined) times.splice(place, 0, next);
  const reasons = reasonsFor(times, policy.keep, policy.timeZone);
  const coming = next === undefined ? 0 : 1;
  if (coming > 0) reasons.splice(place, 1);
  keepAtLeast(reasons, policy.minKeep - coming);
  return new Map(candidates.map((snapshot, index) => [snapshot, reasons[index] ?? []]));
}

/** The newest of those that no rule keeps stay, until so many are left. */
function keepAtLeast(reasons: readonly string[][], fewest: number): void {
  let missing = fewest - reasons.filter((found) => found.length > 0).length;
  for (const found of reasons) {
    if (missing > 0 && found.length === 0) {
      found.push("minKeep");
      missing -= 1;
    }
  }
}

/** Where a new time belongs among times that come newest first. */
function placeOf(times: readonly number[], time: number): number {
  const place = times.findIndex((other) => other <= time);
  return place === -1 ? times.length : place;
}

/** Why a snapshot stays that the rules do not judge. */
function exemption({ status }: RotationSnapshot): string {
  if (isActive(status)) return "its time lies in the future";
  return isFailure(status) ? `not Active (${status})` : `not Active yet (${status})`;
}

/** Of two with the same second the one with the higher id, as the cloud counts, was made later. */
function newestFirst(a: RotationSnapshot, b: RotationSnapshot): number {
  return b.takenAt - a.takenAt || b.id.length - a.id.length || (a.id < b.id ? 1 : -1);
}
