/**
 * Wall time in a zone, by the tables that Node itself carries. Asking `Intl` costs microseconds each time, and a plan
 * may ask for tens of thousands of moments, so its answers are kept for whole blocks of time.
 */
export interface Zone {
  /** Milliseconds that the zone's wall clock is ahead of UTC at this moment. */
  offsetAt(moment: number): number;
  /** The moment at which the zone's wall clock shows this (as if it were UTC); of two such moments the earlier. */
  momentOf(wall: number): number;
}

const DAY = 86_400_000;

/** No zone has ever changed its clock and changed it back within so short a time. */
const BLOCK = 4 * DAY;

/** Clocks are changed at the beginning of one; since 1972 no zone's was changed at another moment. */
const QUARTER = 900_000;

const zones = new Map<string, Zone>();

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
  const known = zones.get(name);
  if (known !== undefined) return known;
  // Loading the tables of `Intl` takes longer than a whole plan, and in UTC there is nothing to look up.
  const zone = makeZone(name === "UTC" ? () => 0 : clockIn(name));
  zones.set(name, zone);
  return zone;
}

function makeZone(askOffset: (moment: number) => number): Zone {
  const told = new Map<number, number>();
  const offsetAtStart = (start: number): number => {
    const offset = told.get(start) ?? askOffset(start);
    told.set(start, offset);
    return offset;
  };
  // Moments come in the order of time, so that most lie in the block of the one before.
  let block = Number.NaN;
  let inBlock: number | undefined;
  const offsetAt = (moment: number): number => {
    if (!(moment >= block && moment < block + BLOCK)) {
      block = Math.floor(moment / BLOCK) * BLOCK;
      const offset = offsetAtStart(block);
      inBlock = offset === offsetAtStart(block + BLOCK) ? offset : undefined;
    }
    return inBlock ?? offsetAtStart(Math.floor(moment / QUARTER) * QUARTER);
  };
  const momentOf = (wall: number): number => {
    const around = [offsetAt(wall - DAY), offsetAt(wall + DAY)];
    const moments = around.map((offset) => wall - offset).sort((a, b) => a - b);
    // Where the clock was put forward, no moment shows this time; the later one lies right behind the gap.
    return moments.find((moment) => moment + offsetAt(moment) === wall) ?? Math.max(...moments);
  };
  return { offsetAt, momentOf };
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
    return wall.getTime() - Math.floor(moment / 1_000) * 1_000;
  };
}
