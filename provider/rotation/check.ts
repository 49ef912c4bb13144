import { isRecord } from "../../client/compact";
import { isTimeZone } from "../../client/time";
import {
  type CheckResult,
  checkInputs,
  type Demand,
  DURATION,
  type Fail,
  FLAG,
  isId,
  normaliseId,
  type RawInputs,
  textOf,
} from "../engine/inputs";
import { hasUnknown, isUnknown } from "../engine/values";
import { labelOf, markOf } from "../utho/names";
import { ON_REMOVE, sortedIds } from "./contract";
import { parseWithin } from "./plan/periods";
import { COUNTS, SPANS } from "./plan/types";
import { DAY_MS, parseClock, parseEvery } from "./settings";

const GIVEN: Readonly<Record<string, Demand>> = {
  timeZone: {
    code: "UTHO_ROTATION_INPUT",
    isGood: (value) => typeof value === "string" && isTimeZone(value),
    text: (shown) => `${shown} is no time zone; give an IANA name, such as "Asia/Kolkata" or "UTC"`,
  },
  minKeep: {
    code: "UTHO_ROTATION_INPUT",
    isGood: (value) => typeof value === "number" && Number.isInteger(value) && value >= 1,
    text: (shown) =>
      `minKeep is ${shown}; wanted a whole number of 1 or more: a rotation never deletes the last good snapshot`,
  },
  powerOff: FLAG,
  maxDowntime: DURATION,
  paused: FLAG,
  makeRoom: FLAG,
  onRemove: {
    code: "UTHO_ROTATION_INPUT",
    isGood: (value) => ON_REMOVE.some((one) => one === value),
    text: (shown) => `onRemove is ${shown}; wanted "keep", "delete" or "expire"`,
  },
  acknowledgeLosses: {
    code: "UTHO_ROTATION_INPUT",
    isGood: (value) =>
      Array.isArray(value) &&
      value.every((id) => isUnknown(id) || /^\d{1,20}\/\d{1,20}$/.test(textOf(id) ?? "")),
    text: (shown) =>
      `acknowledgeLosses is ${shown}; wanted a list of ids from the output losses, such as ["1001/5001"]`,
  },
};

type Bad = (property: string, text: string) => void;

/** Checks the inputs of a SnapshotRotation, and fixes the mark and the prefix that its snapshots are known by. */
export function checkRotation(olds: RawInputs, news: RawInputs): CheckResult {
  const given = Object.entries(news).filter(([, value]) => value !== null && value !== undefined);
  return checkInputs(Object.fromEntries(given), GIVEN, (inputs, fail) => {
    const bad: Bad = (property, text) => fail(property, "UTHO_ROTATION_INPUT", text);
    checkServers(inputs, fail, bad);
    checkEvery(inputs, bad);
    const times = timesProblem(inputs);
    if (times !== undefined) bad(inputs.at === undefined ? "between" : "at", times);
    checkKeep(inputs, bad);
    const prefix = prefixProblem(inputs.namePrefix);
    if (prefix !== undefined) bad("namePrefix", prefix);
    const urn = textOf(inputs.resourceUrn) ?? "";
    inputs.mark = textOf(olds.mark) ?? markOf(urn);
    inputs.ownPrefix = textOf(olds.ownPrefix) ?? labelOf(urn);
  });
}

/** Checks `cloudId` and `cloudIds`, of which exactly one is wanted, and brings them into one form and order. */
function checkServers(inputs: Record<string, unknown>, fail: Fail, bad: Bad): void {
  const { cloudId, cloudIds } = inputs;
  if (cloudId !== undefined && cloudIds !== undefined) {
    bad(
      "cloudIds",
      "cloudId and cloudIds are both given; name one server by cloudId, or several by cloudIds",
    );
  } else if (cloudId !== undefined) {
    normaliseId(inputs, "cloudId");
    checkId(inputs.cloudId, "cloudId", fail);
  } else if (cloudIds === undefined) {
    bad("cloudId", "no server is named; give cloudId, or cloudIds for several");
  } else if (!isUnknown(cloudIds)) {
    checkIds(inputs, cloudIds, fail, bad);
  }
}

function checkIds(inputs: Record<string, unknown>, value: unknown, fail: Fail, bad: Bad): void {
  if (!Array.isArray(value)) {
    bad("cloudIds", `cloudIds must be a list of ids, not ${JSON.stringify(value)}`);
    return;
  }
  if (value.length === 0) {
    const why = "a look-up that found no server would otherwise silently end the backups";
    bad("cloudIds", `cloudIds is empty; ${why}`);
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
  if (isUnknown(value) || isId(value)) return;
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  fail(
    property,
    "UTHO_INPUT_CLOUD_ID",
    `${text} is not the id of a server: ids are numbers, such as "1001"; getServers() lists them`,
  );
}

const EXAMPLE = "{ daily: 7, weekly: 4, monthly: 12 }";

/** Refuses a policy that would keep nothing, and any key or value that may have been meant otherwise. */
function checkKeep(inputs: Record<string, unknown>, bad: Bad): void {
  const { keep } = inputs;
  if (isUnknown(keep)) return;
  if (!isRecord(keep)) {
    const given = keep === undefined ? "keep is missing" : `keep is ${JSON.stringify(keep)}`;
    bad("keep", `${given}; say what is kept, such as ${EXAMPLE}`);
    return;
  }
  const entries = Object.entries(keep).filter(([, value]) => value !== undefined && value !== null);
  inputs.keep = Object.fromEntries(entries);
  for (const [key, value] of entries) checkRule(key, value, bad);
  const keepsSomething = entries.some(([key, value]) => isUnknown(value) || isSpan(key) || value !== 0);
  if (!keepsSomething) {
    bad("keep", `this keep would keep nothing; say what is kept, such as ${EXAMPLE}`);
  }
}

function checkRule(key: string, value: unknown, bad: Bad): void {
  const shown = `keep.${key} is ${JSON.stringify(value)}; wanted`;
  if (COUNTS.some((one) => one === key)) {
    if (isUnknown(value) || (typeof value === "number" && Number.isInteger(value) && value >= -1)) return;
    bad(`keep.${key}`, `${shown} a whole number, or -1 for all`);
  } else if (isSpan(key)) {
    if (isUnknown(value) || (typeof value === "string" && parseWithin(value) !== undefined)) return;
    bad(
      `keep.${key}`,
      `${shown} a time span of years, months, weeks, days and hours, such as "14d" or "1y6m"`,
    );
  } else bad(`keep.${key}`, `keep knows no "${key}"; it knows ${[...COUNTS, ...SPANS].join(", ")}`);
}

function isSpan(key: string): boolean {
  return SPANS.some((one) => one === key);
}

function checkEvery(inputs: RawInputs, bad: Bad): void {
  const { every } = inputs;
  if (isUnknown(every) || (typeof every === "string" && parseEvery(every) !== undefined)) return;
  bad(
    "every",
    every === undefined
      ? 'every is missing; say how often a snapshot is taken, such as "24h" or "7d"'
      : `every is ${JSON.stringify(every)}; wanted a duration above 0, such as "24h", "7d" or "1h30m"`,
  );
}

/** What is wrong with `at` and `between`, and with `every` beside them; `undefined`: nothing. */
export function timesProblem({ every, at, between }: RawInputs): string | undefined {
  if (at === undefined && between === undefined) return undefined;
  if (at !== undefined && between !== undefined) {
    return "at and between are both given; give at where a snapshot that is late may be taken at any hour, and between where it waits for the next window";
  }
  const everyMs = typeof every === "string" ? parseEvery(every) : undefined;
  if (everyMs !== undefined && everyMs % DAY_MS !== 0) {
    return `every is ${JSON.stringify(every)}, and ${at === undefined ? "between" : "at"} names a time of day: with it, every is one or more whole days, such as "24h" or "7d"`;
  }
  if (hasUnknown(at) || hasUnknown(between)) return undefined;
  if (between === undefined) return clockProblem("at", at);
  const times: readonly unknown[] = Array.isArray(between) ? between : [];
  if (times.length !== 2) {
    return `between is ${JSON.stringify(between)}; wanted two times of day, such as ["01:00", "05:00"]`;
  }
  const [opens, closes] = times;
  if (opens === closes)
    return `between opens and closes at ${JSON.stringify(opens)}; wanted two different times`;
  return clockProblem("between", opens) ?? (closes === "24:00" ? undefined : clockProblem("between", closes));
}

function clockProblem(property: string, value: unknown): string | undefined {
  if (typeof value === "string" && parseClock(value) !== undefined && value !== "24:00") return undefined;
  const meant = meantTime(String(value));
  const advice = meant === undefined ? 'wanted a time of day, such as "02:00"' : `write "${meant}"`;
  return `${property} ${property === "at" ? "is" : "has"} ${JSON.stringify(value)}; ${advice}`;
}

const NEARLY_A_TIME = /^(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2})?\s*([ap])?(?:m|\.m\.)?$/i;

/** "02:00" for 2, "2:00", "2am" and "02:00:00"; `undefined` for what is no time. */
function meantTime(text: string): string | undefined {
  const [, hours, minutes = "00", half] = NEARLY_A_TIME.exec(text.trim()) ?? [];
  const hour =
    half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  const meant = `${String(hour).padStart(2, "0")}:${minutes}`;
  return parseClock(meant) === undefined ? undefined : meant;
}

/** Names have its first 16 characters; the whole mark shows whether a name is of this rotation. */
const LONGEST_PREFIX = 80;
const PREFIX = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

function prefixProblem(prefix: unknown): string | undefined {
  if (prefix === undefined || isUnknown(prefix)) return undefined;
  const text = JSON.stringify(prefix);
  if (typeof prefix !== "string" || prefix.trim() === "")
    return `${text} is no prefix; leave it out for <stack>-<logical name>`;
  if (prefix.length > LONGEST_PREFIX)
    return `the prefix has ${prefix.length} characters; at most ${LONGEST_PREFIX} are allowed`;
  if (PREFIX.test(prefix)) return undefined;
  return `the prefix ${text} would not be recognised in a name; letters, digits, ".", "_" and "-" are allowed, and a letter or digit first`;
}
