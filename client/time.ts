import { setTimeout as delay } from "node:timers/promises";
import { ArgumentError } from "./errors";

/** Where the client gets time from; tests give one that does not really wait. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects as soon as `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
};

/**
 * A time as the cloud wrote it, "YYYY-MM-DDTHH:MM:SS". Its zone is unknown: Utho documents none, and IST and
 * UTC are both plausible. It can be compared with other times of the cloud, never with ours.
 */
export type WallTime = string;

const WALL =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Reads a time of an answer ("YYYY-MM-DD HH:MM:SS"; a T in between, missing seconds, fractions and a zone are
 * tolerated, the last two dropped). Gives undefined for anything that is no date, "0000-00-00 00:00:00" included.
 */
export function parseWallTime(value: unknown): WallTime | undefined {
  if (typeof value !== "string") return undefined;
  const match = WALL.exec(value.trim());
  if (match === null) return undefined;
  const [, year = "", month = "", day = "", hour = "00", minute = "00", second = "00"] = match;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // Date accepts the 30th of February and hour 24, and moves them; the day differs then. NaN equals no day.
  if (date.getUTCDate() !== Number(day)) return undefined;
  // Written as one: put together from parts, V8 keeps the parts, 250 bytes for each snapshot in place of 60.
  return date.toISOString().slice(0, 19);
}

/**
 * Turns a time of the cloud into an instant, for a zone that the caller knows or assumes.
 *
 * @param zone an IANA name such as "Asia/Kolkata", or "UTC"
 * @returns ISO 8601 with Z, to the second
 * @throws ArgumentError for an unknown zone, or where `wall` is no WallTime
 */
export function toInstant(wall: WallTime, zone: string): string {
  if (!isTimeZone(zone)) {
    throw new ArgumentError(
      `"${zone}" is not a time zone; give an IANA name such as "Asia/Kolkata" or "UTC"`,
      "toInstant",
    );
  }
  if (parseWallTime(wall) !== wall) {
    throw new ArgumentError(`"${wall}" is not a time of the form YYYY-MM-DDTHH:MM:SS`, "toInstant");
  }
  return new Date(toMoment(wall, zone)).toISOString().replace(".000Z", "Z");
}

/** The same in milliseconds since the epoch, of what is known to be a WallTime and a zone. */
export function toMoment(wall: WallTime, zone: string): number {
  return zoneOf(zone).momentOf(Date.parse(`${wall}Z`));
}

/**
 * Wall time in a zone, by the tables that Node itself carries. Asking `Intl` costs microseconds each time, and a plan
 * may ask for tens of thousands of moments, so a zone is asked once for each block of days, and where its clock was
 * changed in between, until the moment of that is found.
 */
export interface Zone {
  /** Milliseconds that the zone's wall clock is ahead of UTC at this moment. */
  offsetAt(moment: number): number;
  /** The moment at which the zone's wall clock shows this (as if it were UTC); of two such moments the earlier. */
  momentOf(wall: number): number;
}

const DAY = 86_400_000;

/** Since 1920 no zone has changed its clock and changed it back within a week (Brazil's north did so in 2000). */
const BLOCK = 6 * DAY;

/** How exactly `Intl` shows when a clock changes. Newfoundland did so at one minute past midnight. */
const SECOND = 1_000;

const zones = new Map<string, Zone>();

/** The time zone of this machine. */
export function machineTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Whether Node knows a zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    zoneOf(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The zone with this IANA name. A name that Node does not know is a `RangeError`. */
export function zoneOf(name: string): Zone {
  const zone = zones.get(name) ?? newZone(name);
  zones.set(name, zone);
  return zone;
}

/** The zones that Utho writes. India has not changed its clock since 1945, long before there were servers. */
const FIXED_OFFSETS: ReadonlyMap<string, number> = new Map([
  ["UTC", 0],
  ["Asia/Kolkata", 5.5 * 3_600_000],
]);

/** The same without what was found out before. */
export function newZone(name: string): Zone {
  const offset = FIXED_OFFSETS.get(name);
  if (offset === undefined) return makeZone(clockIn(name));
  // Loading the tables of `Intl` takes longer than a whole plan, and here there is nothing to look up.
  return { offsetAt: () => offset, momentOf: (wall) => wall - offset };
}

/** From `start` on, and until the next one starts, the clock is `offset` ahead of UTC. */
interface Stretch {
  start: number;
  offset: number;
}

/** @param askOffset what `Zone.offsetAt` returns; it is called seldom */
export function makeZone(askOffset: (moment: number) => number): Zone {
  const edges = new Map<number, number>();
  const offsetAtEdge = (edge: number): number => {
    const offset = edges.get(edge) ?? askOffset(edge);
    edges.set(edge, offset);
    return offset;
  };
  const stretches = new Map<number, Stretch[]>();
  const stretchesOf = (block: number): Stretch[] => {
    const known = stretches.get(block);
    if (known !== undefined) return known;
    const first = { start: block, offset: offsetAtEdge(block) };
    const next = { start: block + BLOCK, offset: offsetAtEdge(block + BLOCK) };
    const found = [...changesBetween(askOffset, first, next), first];
    stretches.set(block, found);
    return found;
  };
  // Moments come in the order of time, so that most lie in the stretch of the one before.
  let since = Number.NaN;
  let until = Number.NaN;
  let current = 0;
  const offsetAt = (moment: number): number => {
    if (moment >= since && moment < until) return current;
    const block = Math.floor(moment / BLOCK) * BLOCK;
    until = block + BLOCK;
    for (const { start, offset } of stretchesOf(block)) {
      since = start;
      current = offset;
      if (start <= moment) break;
      until = start;
    }
    return current;
  };
  return { offsetAt, momentOf: (wall) => momentOf(offsetAt, wall) };
}

/** The changes after `from` and up to `to`, at which moments the clocks show these offsets; the latest first. */
function changesBetween(askOffset: (moment: number) => number, from: Stretch, to: Stretch): Stretch[] {
  if (from.offset === to.offset) return [];
  if (to.start - from.start <= SECOND) return [to];
  const middle = from.start + Math.floor((to.start - from.start) / SECOND / 2) * SECOND;
  const between = { start: middle, offset: askOffset(middle) };
  return [...changesBetween(askOffset, between, to), ...changesBetween(askOffset, from, between)];
}

function momentOf(offsetAt: (moment: number) => number, wall: number): number {
  const around = [offsetAt(wall - DAY), offsetAt(wall + DAY)];
  const moments = around.map((offset) => wall - offset).sort((a, b) => a - b);
  // Where the clock was put forward, no moment shows this time; the later one lies right behind the gap.
  return moments.find((moment) => moment + offsetAt(moment) === wall) ?? Math.max(...moments);
}

/** Asks `Intl` what the clock shows, and takes the moment from it. */
function clockIn(timeZone: string): (moment: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (moment) => {
    const shown = new Map<string, number>();
    for (const { type, value } of format.formatToParts(moment)) shown.set(type, Number(value));
    const of = (part: string) => shown.get(part) ?? 0;
    const wall = new Date(0);
    // `Date.UTC` would take the year 46 for 1946.
    wall.setUTCFullYear(of("year"), of("month") - 1, of("day"));
    wall.setUTCHours(of("hour"), of("minute"), of("second"));
    return wall.getTime() - Math.floor(moment / SECOND) * SECOND;
  };
}
