import {
  amountOf,
  type Fail,
  flagOf,
  isRecord,
  normaliseId,
  type RawInputs,
  textOf,
  textsOf,
  timeoutsOf,
} from "../engine/inputs";
import { isUnknown } from "../engine/values";
import type { OnRemove, RotationInputs, RotationSettings } from "./contract";
import { parseWithin } from "./plan/periods";
import type { KeepPolicy, RotationPolicy } from "./plan/types";

/** Checks `cloudId` and `cloudIds`, of which exactly one is wanted, and brings them into one form and order. */
export function checkServers(inputs: Record<string, unknown>, fail: Fail): void {
  const { cloudId, cloudIds } = inputs;
  if (cloudId !== undefined && cloudIds !== undefined) {
    fail(
      "cloudIds",
      "UTHO_ROTATION_INPUT",
      "cloudId and cloudIds are both given; name one server by cloudId, or several by cloudIds",
    );
  } else if (cloudId !== undefined) {
    normaliseId(inputs, "cloudId");
    checkId(inputs.cloudId, "cloudId", fail);
  } else if (cloudIds === undefined) {
    fail("cloudId", "UTHO_ROTATION_INPUT", "no server is named; give cloudId, or cloudIds for several");
  } else if (!isUnknown(cloudIds)) {
    checkIds(inputs, cloudIds, fail);
  }
}

function checkIds(inputs: Record<string, unknown>, value: unknown, fail: Fail): void {
  if (!Array.isArray(value)) {
    fail("cloudIds", "UTHO_ROTATION_INPUT", `cloudIds must be a list of ids, not ${JSON.stringify(value)}`);
    return;
  }
  if (value.length === 0) {
    const why = "a look-up that found no server would otherwise silently end the backups";
    fail("cloudIds", "UTHO_ROTATION_INPUT", `cloudIds is empty; ${why}`);
    return;
  }
  const ids = value.map((id: unknown) => {
    const one: Record<string, unknown> = { id };
    normaliseId(one, "id");
    return one.id;
  });
  for (const id of ids) checkId(id, "cloudIds", fail);
  const known = ids.filter((id): id is string => typeof id === "string");
  inputs.cloudIds = known.length === ids.length ? sortedIds(known) : ids;
}

function checkId(value: unknown, property: string, fail: Fail): void {
  if (isUnknown(value) || (typeof value === "string" && /^\d{1,20}$/.test(value))) return;
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  fail(
    property,
    "UTHO_INPUT_CLOUD_ID",
    `${text} is not the id of a server: ids are numbers, such as "1001"; getServers() lists them`,
  );
}

/** Each id once, in the order of their numbers: the program's order means nothing. */
export function sortedIds(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

/** The servers that checked inputs, or a state, name. */
export function serversOf(values: RawInputs): string[] {
  const { cloudId, cloudIds } = values;
  const given: readonly unknown[] = Array.isArray(cloudIds) ? cloudIds : [cloudIds ?? cloudId];
  return sortedIds(given.filter((id): id is string => typeof id === "string"));
}

export const ON_REMOVE = ["keep", "delete", "expire"] as const satisfies readonly OnRemove[];

/** Inputs that `check` has passed, or those that a state holds, with the defaults filled in. */
export function asRotationInputs(values: RawInputs): RotationInputs {
  return {
    cloudIds: serversOf(values),
    every: textOf(values, "every") ?? "",
    at: textOf(values, "at"),
    between: textsOf(values, "between"),
    keep: keepOf(values),
    timeZone: textOf(values, "timeZone") ?? "UTC",
    minKeep: amountOf(values, "minKeep") ?? 1,
    namePrefix: textOf(values, "namePrefix"),
    powerOff: flagOf(values, "powerOff") ?? false,
    maxDowntime: textOf(values, "maxDowntime"),
    paused: flagOf(values, "paused") ?? false,
    onRemove: ON_REMOVE.find((one) => one === values.onRemove) ?? "keep",
    makeRoom: flagOf(values, "makeRoom"),
    acknowledgeLosses: textsOf(values, "acknowledgeLosses"),
    mark: textOf(values, "mark") ?? "",
    ownPrefix: textOf(values, "ownPrefix") ?? "",
    resourceUrn: textOf(values, "resourceUrn"),
    timeouts: timeoutsOf(values),
  };
}

/** The prefix of new snapshots. */
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

const COUNTS = ["last", "hourly", "daily", "weekly", "monthly", "yearly"] as const;
/** The rules of `keep` that are time spans. */
export const SPANS = [
  "within",
  "withinHourly",
  "withinDaily",
  "withinWeekly",
  "withinMonthly",
  "withinYearly",
] as const;

const EXAMPLE = "{ daily: 7, weekly: 4, monthly: 12 }";

/** Refuses a policy that would keep nothing, and any key or value that may have been meant otherwise. */
export function checkKeep(inputs: Record<string, unknown>, fail: Fail): void {
  const { keep } = inputs;
  if (isUnknown(keep)) return;
  if (!isRecord(keep)) {
    const given = keep === undefined ? "keep is missing" : `keep is ${JSON.stringify(keep)}`;
    fail("keep", "UTHO_ROTATION_INPUT", `${given}; say what is kept, such as ${EXAMPLE}`);
    return;
  }
  const entries = Object.entries(keep).filter(([, value]) => value !== undefined && value !== null);
  inputs.keep = Object.fromEntries(entries);
  for (const [key, value] of entries) checkRule(key, value, fail);
  const keepsSomething = entries.some(([key, value]) => isUnknown(value) || isSpan(key) || value !== 0);
  if (!keepsSomething) {
    fail("keep", "UTHO_ROTATION_INPUT", `this keep would keep nothing; say what is kept, such as ${EXAMPLE}`);
  }
}

function checkRule(key: string, value: unknown, fail: Fail): void {
  const property = `keep.${key}`;
  if (isCount(key)) {
    if (isUnknown(value) || (typeof value === "number" && Number.isInteger(value) && value >= -1)) return;
    fail(
      property,
      "UTHO_ROTATION_INPUT",
      `keep.${key} is ${JSON.stringify(value)}; wanted a whole number, or -1 for all`,
    );
  } else if (isSpan(key)) {
    if (isUnknown(value) || (typeof value === "string" && parseWithin(value) !== undefined)) return;
    fail(
      property,
      "UTHO_ROTATION_INPUT",
      `keep.${key} is ${JSON.stringify(value)}; wanted a time span of years, months, weeks, days and hours, such as "14d" or "1y6m"`,
    );
  } else {
    fail(
      property,
      "UTHO_ROTATION_INPUT",
      `keep knows no "${key}"; it knows ${[...COUNTS, ...SPANS].join(", ")}`,
    );
  }
}

function isCount(key: string): key is (typeof COUNTS)[number] {
  return COUNTS.some((one) => one === key);
}

function isSpan(key: string): key is (typeof SPANS)[number] {
  return SPANS.some((one) => one === key);
}

/** The policy of checked inputs, or of a state: what is missing or of another type is left out. */
export function keepOf(values: RawInputs): KeepPolicy {
  const policy: KeepPolicy = {};
  if (!isRecord(values.keep)) return policy;
  for (const key of COUNTS) {
    const count = values.keep[key];
    if (typeof count === "number") policy[key] = count;
  }
  for (const key of SPANS) {
    const span = values.keep[key];
    if (typeof span === "string" && parseWithin(span) !== undefined) policy[key] = span;
  }
  return policy;
}
