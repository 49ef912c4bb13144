import { ArgumentError } from "./errors";
import { isTimeZone, zoneOf } from "./zone";

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
  const wall = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const date = new Date(`${wall}Z`);
  // Date accepts the 30th of February and moves it; what comes back differs then.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(wall) ? wall : undefined;
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
  const moment = zoneOf(zone).momentOf(Date.parse(`${wall}Z`));
  return new Date(moment).toISOString().replace(".000Z", "Z");
}
