import { reasonsFor } from "./rules";
import type { KeepPolicy, RotationPolicy } from "./types";
import { parseWithin } from "./within";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const MONTH = 31 * DAY;
const YEAR = 366 * DAY;

/** A preview must not wait for this: a longer history is looked at in hours or days, which may miss one at its end. */
const MOST_MOMENTS = 10_000;

/**
 * How many snapshots of one server the policy keeps once its history is long enough; `undefined`: more and more, since
 * a rule keeps all.
 */
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
