import { isActive, isFailure } from "../../utho/status";
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
  let judged = 0;
  for (const snapshot of own) {
    const isCandidate = snapshot === candidates[judged];
    const found = isCandidate ? (reasons[judged] ?? []) : [exemption(snapshot)];
    if (isCandidate) judged += 1;
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
): (readonly string[])[] {
  const times = candidates.map((one) => one.takenAt);
  if (takenAt === undefined) {
    return keepAtLeast(policy.minKeep, reasonsFor(times, policy.keep, policy.timeZone));
  }
  // Names, from which times are read again, hold whole seconds.
  const next = Math.floor(takenAt / SECOND) * SECOND;
  const place = placeOf(times, next);
  times.splice(place, 0, next);
  const reasons = reasonsFor(times, policy.keep, policy.timeZone);
  reasons.splice(place, 1);
  return keepAtLeast(policy.minKeep - 1, reasons);
}

/** With the newest of those that no rule keeps, until there are so many. */
function keepAtLeast(fewest: number, reasons: (readonly string[])[]): (readonly string[])[] {
  let missing = fewest - reasons.filter((found) => found.length > 0).length;
  if (missing <= 0) return reasons;
  return reasons.map((found) => {
    if (missing <= 0 || found.length > 0) return found;
    missing -= 1;
    return ["minKeep"];
  });
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
