import type { Zone } from "./zone";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The first of January 1970 was a Thursday, and ISO weeks begin on Mondays. */
const DAYS_INTO_WEEK = 3;

/** A moment, and what the wall clock of the rotation's zone shows then, in milliseconds as if it were UTC. */
export interface Moment {
  at: number;
  wall: number;
}

/** A number that moments of the same period share, and no others. */
export type PeriodOf = (moment: Moment) => number;

export function momentIn(zone: Zone, at: number): Moment {
  return { at, wall: at + zone.offsetAt(at) };
}

/**
 * The hour's own beginning: the two hours that both read 01:xx on the night when the clock is put back are two.
 * In all other periods the wall clock alone decides, so that a day has 23, 24 or 25 hours.
 */
export const hourOf: PeriodOf = ({ at, wall }) => at - modulo(wall, HOUR);

export const dayOf: PeriodOf = ({ wall }) => Math.floor(wall / DAY);

export const weekOf: PeriodOf = ({ wall }) => Math.floor((Math.floor(wall / DAY) + DAYS_INTO_WEEK) / 7);

export const monthOf: PeriodOf = ({ wall }) => {
  const date = new Date(wall);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
};

export const yearOf: PeriodOf = ({ wall }) => new Date(wall).getUTCFullYear();

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
