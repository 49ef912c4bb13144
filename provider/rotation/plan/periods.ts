import type { Zone } from "../../../client/zone";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The first of January 1970 was a Thursday, and ISO weeks begin on Mondays. */
const DAYS_INTO_WEEK = 3;

/** A moment, and what the wall clock of the rotation's zone shows then. */
export interface Moment {
  /** Milliseconds since the epoch. */
  at: number;
  /** The wall clock in milliseconds, as if it were UTC. */
  wall: number;
  /** Its date, in days. */
  day: number;
}

/** A number that moments of the same period share, and no others. */
export type PeriodOf = (moment: Moment) => number;

export function momentIn(zone: Zone, at: number): Moment {
  return { at, wall: at + zone.offsetAt(at), day: dayIn(zone, at) };
}

/** The date alone. */
export function dayIn(zone: Zone, at: number): number {
  return Math.floor((at + zone.offsetAt(at)) / DAY);
}

/**
 * The hour's own beginning: the two hours that both read 01:xx on the night when the clock is put back are two.
 * In all other periods the wall clock alone decides, so that a day has 23, 24 or 25 hours.
 */
export const hourOf: PeriodOf = ({ at, wall }) => at - modulo(wall, HOUR);

export const dayOf: PeriodOf = ({ day }) => day;

export const weekOf: PeriodOf = ({ day }) => Math.floor((day + DAYS_INTO_WEEK) / 7);

export const monthOf: PeriodOf = ({ day }) => monthOfDay(day);

export const yearOf: PeriodOf = ({ day }) => Math.floor(monthOfDay(day) / 12);

/** Months since the year 0. Of many moments in the order of time most are of the same day as the one before. */
const monthOfDay = remembering((day: number): number => {
  const date = new Date(day * DAY);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
});

function remembering(compute: (day: number) => number): (day: number) => number {
  let known = Number.NaN;
  let result = Number.NaN;
  return (day) => {
    if (day !== known) result = compute(day);
    known = day;
    return result;
  };
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
