import { isDeepStrictEqual } from "node:util";
import { parseDuration, UNITS } from "../duration";
import { fieldsIn } from "../engine/inputs";
import { type RotationInputs, type RotationSettings, SETTINGS } from "./contract";
import type { RotationPolicy } from "./plan/types";

export function prefixOf(inputs: Pick<RotationInputs, "namePrefix" | "ownPrefix">): string {
  return inputs.namePrefix ?? inputs.ownPrefix;
}

/** What the plan goes by. An `every` that cannot be read makes nothing due. */
export function policyOf(settings: RotationSettings): RotationPolicy {
  const { every, at = "", between = [at], keep, timeZone, minKeep } = settings;
  const [from, closes] = between.map(parseClock);
  const until = closes === undefined || closes > (from ?? 0) ? closes : closes + DAY_MS;
  const everyMs = parseEvery(every) ?? Number.POSITIVE_INFINITY;
  return { everyMs, from, until, keep, timeZone, minKeep };
}

/**
 * Whether the program now says something else. Order of keys and of servers means nothing, and nor does what is hidden:
 * another URN is a resource that was moved, and says nothing of its snapshots.
 */
export function sameSettings(a: RotationSettings, b: RotationSettings): boolean {
  return isDeepStrictEqual(said(a), said(b));
}

/** All settings but one that says nothing of which snapshots there are to be. */
function said({ cloudIds, ...settings }: RotationSettings): object {
  const { maxDowntime: _maxDowntime, ...others } = fieldsIn(SETTINGS, settings);
  return { makeRoom: false, acknowledgeLosses: [], ...others, cloudIds };
}

export const DAY_MS = 86_400_000;

/** Days and weeks besides, which Go lacks. A day is 24 hours here: it is a distance and no date. */
const UNITS_OF_EVERY = { ...UNITS, d: DAY_MS, w: 7 * DAY_MS };

/** Milliseconds of a text such as "24h", "7d" or "1d12h"; `undefined` for anything else, and if it is not above 0. */
export function parseEvery(text: string): number | undefined {
  const ms = parseDuration(text, UNITS_OF_EVERY) ?? 0;
  return ms > 0 && Number.isSafeInteger(ms) ? ms : undefined;
}

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Milliseconds after midnight of a time of day such as "02:00"; `undefined` for anything else. "24:00" ends a day. */
export function parseClock(text: string): number | undefined {
  if (text === "24:00") return DAY_MS;
  const [, hours, minutes] = CLOCK.exec(text) ?? [];
  return hours === undefined ? undefined : (Number(hours) * 60 + Number(minutes)) * 60_000;
}
