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
  const zone = makeZone(clockIn(name));
  zones.set(name, zone);
  return zone;
}

function makeZone(exactOffset: (moment: number) => number): Zone {
  const starts = new Map<number, number>();
  const atStartOf = (block: number): number => {
    const offset = starts.get(block) ?? exactOffset(block * BLOCK);
    starts.set(block, offset);
    return offset;
  };
  const offsetAt = (moment: number): number => {
    const block = Math.floor(moment / BLOCK);
    const offset = atStartOf(block);
    return offset === atStartOf(block + 1) ? offset : exactOffset(moment);
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
    const wall = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
    return wall - Math.floor(moment / 1_000) * 1_000;
  };
}
