import type { World } from "../rules/world";
import type { SizeStyle } from "../settings/settings";

/** Whether an answer is about servers or lists snapshots of the whole account; ids can differ between them. */
export type Place = "server" | "account";

export function writeId(world: World, id: string, place: Place): string | number {
  const { idsAs } = world.settings;
  const asNumber = idsAs === "number" || (idsAs === "mixed" && place === "account");
  return asNumber && /^\d+$/.test(id) ? Number(id) : id;
}

export function writeCount(world: World, value: number): string | number {
  return world.settings.numbersAs === "number" ? value : String(value);
}

export function writePrice(world: World, value: number): string | number {
  return world.settings.numbersAs === "string" ? String(value) : value;
}

/** The size of a snapshot or of a plan. */
export function writeSize(world: World, gb: number): string | number {
  return writeGigabytes(world.settings.sizeStyle, gb);
}

/** The size of a server's disk. */
export function writeDiskSize(world: World, gb: number): string | number {
  return writeGigabytes(world.settings.diskSizeStyle, gb);
}

function writeGigabytes(style: SizeStyle, gb: number): string | number {
  switch (style) {
    case "number":
      return gb;
    case "50":
      return String(gb);
    case "50 GB":
      return `${gb} GB`;
    case "50GB":
      return `${gb}GB`;
  }
}

/** Whose time it is, and in which data centre. */
type Timed = { of: "snapshot" | "server"; zone: string } | { of: "action" };

/** A wall time without zone, in the cloud's own zone and by its own clock. */
export function writeTime(world: World, at: number, timed: Timed): string {
  const { clockSkewMs } = world.settings;
  const timeZone = timeZoneOf(world, timed);
  const moment = at + clockSkewMs;
  const shifted = new Date(moment + offsetMs(timeZone, moment));
  return shifted.toISOString().slice(0, 19).replace("T", " ");
}

function timeZoneOf({ settings }: World, timed: Timed): string {
  const { timeZone, serverTimeZone, actionTimeZone, zones } = settings;
  if (timed.of === "action") return actionTimeZone ?? timeZone;
  const ofDataCentre = zones.find((one) => one.slug === timed.zone)?.timeZone;
  return (timed.of === "server" ? serverTimeZone : null) ?? ofDataCentre ?? timeZone;
}

const quarterHour = 900_000;
const offsets = new Map<string, number>();

/** Remembered for each quarter of an hour, within which no zone changes: asking Intl for each row is slow. */
function offsetMs(timeZone: string, at: number): number {
  const quarter = Math.floor(at / quarterHour);
  const key = `${timeZone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const start = quarter * quarterHour;
  // Sweden writes a time as ISO 8601 does.
  const wall = new Date(start).toLocaleString("sv-SE", { timeZone });
  const offset = Date.parse(`${wall.replace(" ", "T")}Z`) - start;
  offsets.set(key, offset);
  return offset;
}
