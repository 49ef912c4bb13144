import { type Fail, isRecord, type RawInputs } from "../engine/inputs";
import { isUnknown } from "../engine/unknown";
import type { KeepPolicy } from "./plan/types";
import { parseWithin } from "./plan/within";

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
