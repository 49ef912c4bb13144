import { type Zone, zoneOf } from "../../../client/time";
import { isActive, isFailure } from "../../utho/status";
import type { RotationPolicy, RotationSnapshot, RunFacts } from "./types";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The first of January 1970 was a Thursday, and ISO weeks begin on Mondays. */
const DAYS_INTO_WEEK = 3;

/** A moment, and what the wall clock of the rotation's zone shows then. */
export interface Moment {
  at: number;
  /** The wall clock in milliseconds, as if it were UTC. */
  wall: number;
  day: number;
}

/** A number that moments of the same period share, and no others. */
export type PeriodOf = (moment: Moment) => number;

export function momentIn(zone: Zone, at: number): Moment {
  const wall = at + zone.offsetAt(at);
  return { at, wall, day: Math.floor(wall / DAY) };
}

/**
 * The hour's own beginning: the two hours that both read 01:xx on the night when the clock is put back are two.
 * In all other periods the wall clock alone decides, so that a day has 23, 24 or 25 hours.
 */
export const hourOf: PeriodOf = ({ at, wall }) => at - modulo(wall, HOUR);

export const dayOf: PeriodOf = ({ day }) => day;

export const weekOf: PeriodOf = ({ day }) => Math.floor((day + DAYS_INTO_WEEK) / 7);

/** Months since the year 0. */
export const monthOf: PeriodOf = ({ wall }) => {
  const date = new Date(wall);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
};

export const yearOf: PeriodOf = ({ wall }) => new Date(wall).getUTCFullYear();

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

/** Clocks differ: a time may lie this much ahead of ours and still be meant. */
const SKEW = HOUR / 4;

const LONGEST_TOLERANCE = HOUR;
const TOLERANCE_SHARE = 24;

/** Whether the time of a snapshot lies in the future, beyond what two clocks may differ. */
export function isInFuture(takenAt: number, now: number): boolean {
  return takenAt > now + SKEW;
}

/**
 * How much earlier than `every` a snapshot is due where no day is made of it (36h, 7h), in milliseconds: a 24th, at most
 * an hour. A job never runs at the same second twice, and one that comes a minute early must not wait for the next time.
 */
export function toleranceOf(everyMs: number): number {
  return Math.min(everyMs / TOLERANCE_SHARE, LONGEST_TOLERANCE);
}

type Schedule = Pick<RotationPolicy, "everyMs" | "timeZone" | "from" | "until">;

/** Further ahead there are no dates. */
const MOST_DAYS = 1_000_000;

/**
 * When the next snapshot is due, in milliseconds since the epoch; `now` without a snapshot to count from and a window
 * to wait for. They come newest first. One that is still coming puts it off, or two jobs would take two. One that has
 * failed does not, nor does one with a time in the future, which would put it off for as long as that clock was wrong.
 *
 * After a window that no run fell into, the next one is waited for, and then the first run takes at any hour. A server
 * without a snapshot has waited for one window when that is over.
 */
export function dueAfter(
  snapshots: readonly RotationSnapshot[],
  schedule: Schedule,
  now: number,
  { begunAt = now, promisedAt }: RunFacts = {},
): { dueAt: number; missedWindow: boolean } {
  const newest = snapshots.find(({ status, takenAt }) => !isFailure(status) && !isInFuture(takenAt, now));
  const { everyMs, until } = schedule;
  if (newest === undefined && until === undefined) return { dueAt: now, missedWindow: false };
  // Made of days, or dividing them into equal parts longer than an hour.
  const countsDays = everyMs % DAY === 0 || (DAY % everyMs === 0 && everyMs > HOUR);
  if (newest !== undefined && until === undefined && !countsDays)
    return { dueAt: afterDistance(newest.takenAt, schedule), missedWindow: false };
  const { slotOf, startOf, endOf } = slotsOf(schedule);
  const steps = Math.min(Math.ceil(everyMs / DAY), MOST_DAYS);
  const slot = newest === undefined ? slotOf(promisedAt ?? begunAt) : slotOf(newest.takenAt) + steps;
  const isOver = begunAt >= endOf(slot);
  const waits = isOver && (newest !== undefined || promisedAt === undefined);
  const missedWindow = isOver && (newest !== undefined || promisedAt !== undefined);
  return { dueAt: startOf(waits ? slot + 1 : slot), missedWindow };
}

/** Parts of an hour begin with it: of the hours that the clock shows twice each has its own. */
function afterDistance(takenAt: number, { everyMs, timeZone }: Schedule): number {
  if (DAY % everyMs !== 0) return takenAt + everyMs - toleranceOf(everyMs);
  return takenAt + everyMs - modulo(momentIn(zoneOf(timeZone), takenAt).wall, everyMs);
}

/**
 * The parts of days that want one snapshot each, numbered without a gap; a day begins at `from`. A time that the clock
 * shows twice counts when it comes first, and one that the clock skips as much later as it was put forward.
 */
function slotsOf(schedule: Schedule): Record<"startOf" | "endOf" | "slotOf", (of: number) => number> {
  const { everyMs, timeZone, from = 0, until } = schedule;
  const zone = zoneOf(timeZone);
  const length = Math.min(everyMs, DAY);
  const startOf = (slot: number): number => zone.momentOf(slot * length + from);
  return {
    startOf,
    endOf(slot) {
      if (until === undefined) return Number.POSITIVE_INFINITY;
      const end = zone.momentOf(slot * length + until);
      return end > startOf(slot) ? end : startOf(slot) + until - from;
    },
    slotOf(at) {
      let slot = Math.floor((at + zone.offsetAt(at) - from) / length);
      while (startOf(slot + 1) <= at) slot += 1;
      while (startOf(slot) > at) slot -= 1;
      return slot;
    },
  };
}

/** Whether a snapshot is still coming: a run waits for it, and takes another only should it fail. */
export function isUnderWay({ status, takenAt }: RotationSnapshot, everyMs: number, now: number): boolean {
  const isPending = !isActive(status) && !isFailure(status);
  return isPending && !isInFuture(takenAt, now) && takenAt > now - everyMs;
}

/**
 * The time spans of `keep`, as restic writes them: "14d", "1y6m", "2y5m7d3h". Here m means months, other than in the
 * durations of Pulumi; w (weeks), which restic lacks, is seven days.
 */
export interface Within {
  years: number;
  months: number;
  days: number;
  hours: number;
}

const SPAN = /^(?:\d+[ymwdh])+$/;
const PART = /(\d+)([ymwdh])/g;
const DAYS_IN_WEEK = 7;

/** The span that the text names. `undefined` if it names none: fractions, a unit given twice, a length of zero. */
export function parseWithin(text: string): Within | undefined {
  const trimmed = text.trim();
  if (!SPAN.test(trimmed)) return undefined;
  const amounts = new Map<string, number>();
  for (const [, amount, unit = ""] of trimmed.matchAll(PART)) {
    if (amounts.has(unit)) return undefined;
    amounts.set(unit, Number(amount));
  }
  if ([...amounts.values()].every((amount) => amount === 0)) return undefined;
  const of = (unit: string) => amounts.get(unit) ?? 0;
  return { years: of("y"), months: of("m"), days: of("d") + of("w") * DAYS_IN_WEEK, hours: of("h") };
}
