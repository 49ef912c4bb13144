/**
 * Utho writes times without a zone. Those of servers and snapshots are Indian by every screenshot; other kinds of things
 * have other zones, so nothing but snapshots is evidence for snapshots, and nothing but servers for servers. Some
 * snapshots tell: a generated name holds the time of our own clock in UTC, and no snapshot was made in the future.
 */
export const INDIA = "Asia/Kolkata";
export const UTC = "UTC";

/** The zone of servers and snapshots where nothing shows another. */
export const ASSUMED_ZONE = INDIA;

/** A cloud's zoneless time beside the earliest moment, in milliseconds, that it can stand for. */
export interface ZoneEvidence {
  wall: string;
  notBefore: number;
}

const HOUR = 3_600_000;
const OFFSETS: readonly (readonly [zone: string, offsetMs: number])[] = [
  [UTC, 0],
  [INDIA, 5.5 * HOUR],
];

/** The distance of the two zones: a snapshot made within this time after the moment fits only one of them. */
const WINDOW = 5.5 * HOUR;

/** Clocks differ; a time may lie this much before the moment, or in the future, and still be meant. */
const SKEW = HOUR / 4;

/** The zone that the evidence shows; `undefined` where it shows none. */
export function inferZone(
  evidence: readonly ZoneEvidence[],
  walls: readonly string[],
  now: number,
): string | undefined {
  for (const { wall, notBefore } of evidence) {
    const asUtc = Date.parse(`${wall}Z`);
    const fits = OFFSETS.find(([, offset]) => {
      const after = asUtc - offset - notBefore;
      return after >= -SKEW && after < WINDOW - SKEW;
    });
    if (fits !== undefined) return fits[0];
  }
  const inFuture = walls.some((wall) => Date.parse(`${wall}Z`) > now + SKEW);
  return inFuture ? INDIA : undefined;
}
