import { DateTime } from "luxon";
import type { World } from "../rules/world";

/** Whether an answer is about servers or lists snapshots of the whole account; ids can differ between them. */
export type Place = "server" | "account";

export function writeId(world: World, id: string, place: Place): string | number {
  const { idsAs } = world.settings;
  const asNumber = idsAs === "number" || (idsAs === "mixed" && place === "account");
  return asNumber && /^\d+$/.test(id) ? Number(id) : id;
}

export function writeNumber(world: World, value: number): string | number {
  return world.settings.numbersAs === "number" ? value : String(value);
}

export function writeSize(world: World, gb: number): string | number {
  switch (world.settings.sizeStyle) {
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

/** A wall time without zone, in the cloud's own zone and by its own clock. */
export function writeTime(world: World, at: number): string {
  const { clockSkewMs, timeZone } = world.settings;
  return DateTime.fromMillis(at + clockSkewMs, { zone: timeZone }).toFormat("yyyy-MM-dd HH:mm:ss");
}
