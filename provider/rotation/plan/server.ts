import type { CloudId } from "../../../client/request";
import { byNumber } from "../../engine/inputs";
import { isActive, isFailure } from "../../utho/status";
import { dueAfter, isInFuture, parseWithin } from "./periods";
import { reasonsFor } from "./rules";
import {
  type KeepPolicy,
  type Kept,
  type RotationPolicy,
  type RotationSnapshot,
  type RunFacts,
  type ServerPlan,
  withoutTake,
} from "./types";

const SECOND = 1_000;

/**
 * What a rotation does on one server at `now`. Snapshots of other servers are passed over.
 *
 * Where a snapshot is due, the rules are applied as if it were there already, and it counts for `minKeep`: what is
 * deleted is deleted once it is Active and never before, and so the preview, and the plan that is made after the take,
 * agree.
 *
 * Throws a `RangeError` for an invalid time zone or span of `within`; nothing is judged by half a policy.
 */
export function planServer(
  cloudId: CloudId,
  snapshots: readonly RotationSnapshot[],
  policy: RotationPolicy,
  now: number,
  run: RunFacts = {},
): ServerPlan {
  const own = snapshots
    .filter((one) => one.cloudId === cloudId)
    .sort((a, b) => b.takenAt - a.takenAt || byNumber(b.id, a.id));
  const { dueAt, missedWindow } = dueAfter(own, policy, now, run);
  const take = dueAt <= now;
  const candidates = own.filter((one) => isActive(one.status) && !isInFuture(one.takenAt, now));
  const judged = judge(candidates, policy, take ? now : undefined);
  const reasonsOf = new Map(candidates.map((one, index) => [one, judged[index] ?? []]));
  const keep: Kept[] = [];
  const deleted: RotationSnapshot[] = [];
  for (const snapshot of own) {
    const reasons = reasonsOf.get(snapshot) ?? [exemption(snapshot)];
    if (reasons.length > 0) keep.push({ snapshot, reasons });
    else deleted.push(snapshot);
  }
  return { cloudId, take, dueAt, missedWindow, keep, delete: deleted.reverse() };
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
  const older = times.findIndex((other) => other <= next);
  const place = older === -1 ? times.length : older;
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

function exemption({ status }: RotationSnapshot): string {
  if (isActive(status)) return "its time lies in the future";
  return isFailure(status) ? `not Active (${status})` : `not Active yet (${status})`;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const MONTH = 31 * DAY;
const YEAR = 366 * DAY;

/** A preview must not wait for this: a longer history is looked at in hours or days, which may miss one at its end. */
const MOST_MOMENTS = 10_000;

/** Of one server, once its history is long enough; `undefined`: more and more, since a rule keeps all. */
export function keptWhenFull(
  { everyMs, keep, timeZone, minKeep }: RotationPolicy,
  now: number,
): number | undefined {
  if (Object.values(keep).includes(-1) || !Number.isFinite(everyMs)) return undefined;
  const reach = reachOf(keep, everyMs);
  if (reach.each / everyMs > MOST_MOMENTS) return Math.ceil(reach.each / everyMs);
  const isShort = Math.max(reach.each, reach.hours, reach.days) / everyMs <= MOST_MOMENTS;
  const stepOf = (period: number): number => (isShort ? everyMs : Math.max(everyMs, period));
  const times: number[] = [];
  let age = 0;
  for (const [step, until] of [
    [everyMs, reach.each],
    [stepOf(HOUR), reach.hours],
    [stepOf(DAY), reach.days],
  ] as const) {
    for (; age <= until + step && times.length < MOST_MOMENTS; age += step) times.push(now - age);
  }
  const kept = reasonsFor(times, keep, timeZone).filter((reasons) => reasons.length > 0).length;
  return Math.max(kept, minKeep);
}

/** Which snapshots of a server are left at a later time: the places of its own, and how many of those yet to come. */
export interface HeldLater {
  own: readonly number[];
  taken: number;
}

/** What is left of one server's snapshots if each that is due until then is taken; `undefined`: of too many runs. */
export function heldLater(
  own: readonly RotationSnapshot[],
  { cloudId, policy, from, until }: { cloudId: CloudId; policy: RotationPolicy; from: number; until: number },
): HeldLater | undefined {
  const coming: RotationSnapshot[] = [];
  // No snapshot of Utho has an empty id.
  const take = (takenAt: number) => coming.push({ id: "", cloudId, name: "", takenAt, status: "Active" });
  if (planServer(cloudId, own, policy, from).take) take(from);
  const { dueAt } = planServer(cloudId, [...own, ...coming], policy, from);
  if ((until - dueAt) / policy.everyMs > MOST_MOMENTS) return undefined;
  for (let time = Math.max(dueAt, from); time <= until; time += policy.everyMs) take(time);
  // Retention by one look at all of them keeps what it keeps after each of these runs.
  const later = planServer(cloudId, [...own, ...coming], withoutTake(policy), until);
  const kept = new Set(later.keep.map(({ snapshot }) => snapshot));
  return {
    own: own.flatMap((one, index) => (kept.has(one) ? [index] : [])),
    taken: coming.filter((one) => kept.has(one)).length,
  };
}

/** How far back the rules look that judge each snapshot, each hour, and each day or more, in milliseconds. */
function reachOf(keep: KeepPolicy, everyMs: number): { each: number; hours: number; days: number } {
  const counted = (count: number | undefined, period: number): number =>
    (count ?? 0) * Math.max(period, everyMs);
  return {
    each: Math.max(counted(keep.last, everyMs), spanOf(keep.within)),
    hours: Math.max(counted(keep.hourly, HOUR), spanOf(keep.withinHourly)),
    days: Math.max(
      counted(keep.daily, DAY),
      counted(keep.weekly, WEEK),
      counted(keep.monthly, MONTH),
      counted(keep.yearly, YEAR),
      ...[keep.withinDaily, keep.withinWeekly, keep.withinMonthly, keep.withinYearly].map(spanOf),
    ),
  };
}

function spanOf(text: string | undefined): number {
  const span = text === undefined ? undefined : parseWithin(text);
  if (span === undefined) return 0;
  return span.years * YEAR + span.months * MONTH + span.days * DAY + span.hours * HOUR;
}
