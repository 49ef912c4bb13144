import type { RotationInputs, RotationSettings } from "./contract";
import type { RotationPolicy } from "./plan/types";

export function prefixOf({
  namePrefix,
  ownPrefix,
}: Pick<RotationInputs, "namePrefix" | "ownPrefix">): string {
  return namePrefix ?? ownPrefix;
}

/** What the plan goes by. An `every` that cannot be read makes nothing due. */
export function policyOf(settings: RotationSettings): RotationPolicy {
  const { every, at = "", between = [at], keep, timeZone, minKeep } = settings;
  const [from, closes] = between.map(parseClock);
  const until = closes === undefined || closes > (from ?? 0) ? closes : closes + DAY_MS;
  const everyMs = parseEvery(every) ?? Number.POSITIVE_INFINITY;
  return { everyMs, from, until, keep, timeZone, minKeep };
}

/** For people: "24h", "24h, from 02:00 on" or "24h, between 01:00 and 05:00". */
export function scheduleText({
  every,
  at,
  between,
}: Pick<RotationSettings, "every" | "at" | "between">): string {
  if (between !== undefined) return `${every}, between ${between.join(" and ")}`;
  return at === undefined ? every : `${every}, from ${at} on`;
}

/**
 * Whether the program now says something else. Order of keys and of servers means nothing, and nor does what is hidden:
 * another URN is a resource that was moved, and says nothing of its snapshots.
 */
export function sameSettings(a: RotationSettings, b: RotationSettings): boolean {
  return fingerprint(a) === fingerprint(b);
}

function fingerprint(inputs: RotationSettings): string {
  const { cloudIds, namePrefix, minKeep, powerOff, paused, onRemove, makeRoom = false } = inputs;
  const { every, at, between, timeZone, acknowledgeLosses = [] } = inputs;
  const rules = Object.entries(inputs.keep).sort(([a], [b]) => (a < b ? -1 : 1));
  const schedule = [every, at, between, timeZone];
  const work = [powerOff, paused, onRemove, makeRoom, acknowledgeLosses];
  const settings = [cloudIds, schedule, rules, minKeep, namePrefix, work];
  return JSON.stringify(settings);
}

/**
 * The time between two snapshots: Go's durations, as Pulumi writes them, and days and weeks besides, which Go lacks.
 * A day is 24 hours here: it is a distance and no date.
 */
export const DAY_MS = 86_400_000;

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

const EVERY = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g;

/** Milliseconds of a text such as "24h", "7d" or "1d12h"; `undefined` for anything else, and if it is not above 0. */
export function parseEvery(text: string): number | undefined {
  const trimmed = text.trim();
  if (!EVERY.test(trimmed)) return undefined;
  let total = 0;
  for (const [, amount, unit] of trimmed.matchAll(PART)) total += Number(amount) * (UNIT_MS[unit ?? ""] ?? 0);
  const ms = Math.round(total);
  return ms > 0 && Number.isSafeInteger(ms) ? ms : undefined;
}

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Milliseconds after midnight of a time of day such as "02:00"; `undefined` for anything else. "24:00" ends a day. */
export function parseClock(text: string): number | undefined {
  if (text === "24:00") return DAY_MS;
  const [, hours, minutes] = CLOCK.exec(text) ?? [];
  return hours === undefined ? undefined : (Number(hours) * 60 + Number(minutes)) * 60_000;
}
