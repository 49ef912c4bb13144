import { isTimeZone } from "../../client/zone";
import {
  type CheckFailure,
  type CheckResult,
  checkFlag,
  checkTimeouts,
  type Fail,
  failInto,
  type RawInputs,
  textOf,
} from "../engine/inputs";
import { isUnknown } from "../engine/values";
import { LONGEST_LABEL, labelOf, markOf } from "../utho/names";
import { checkServers } from "./servers";
import { checkKeep, parseEvery } from "./settings";

/** Checks the inputs of a SnapshotRotation, and fixes the mark and the prefix that its snapshots are known by. */
export function checkRotation(olds: RawInputs, news: RawInputs): CheckResult {
  const failures: CheckFailure[] = [];
  const fail = failInto(failures);
  const given = Object.entries(news).filter(([, value]) => value !== null && value !== undefined);
  const inputs: Record<string, unknown> = Object.fromEntries(given);
  checkServers(inputs, fail);
  checkEvery(inputs, fail);
  checkKeep(inputs, fail);
  checkTimeZone(inputs, fail);
  checkMinKeep(inputs, fail);
  checkPrefix(inputs, fail);
  checkFlag(inputs, "powerOff", fail);
  checkFlag(inputs, "paused", fail);
  checkFlag(inputs, "makeRoom", fail);
  checkOnRemove(inputs, fail);
  checkTimeouts(inputs, fail);
  const urn = textOf(inputs, "resourceUrn") ?? "";
  inputs.mark = textOf(olds, "mark") ?? markOf(urn);
  inputs.ownPrefix = textOf(olds, "ownPrefix") ?? labelOf(urn);
  return { inputs, failures };
}

function checkEvery(inputs: RawInputs, fail: Fail): void {
  const { every } = inputs;
  if (isUnknown(every) || (typeof every === "string" && parseEvery(every) !== undefined)) return;
  fail(
    "every",
    "UTHO_ROTATION_INPUT",
    every === undefined
      ? 'every is missing; say how often a snapshot is taken, such as "24h" or "7d"'
      : `every is ${JSON.stringify(every)}; wanted a duration above 0, such as "24h", "7d" or "1h30m"`,
  );
}

function checkTimeZone(inputs: RawInputs, fail: Fail): void {
  const { timeZone } = inputs;
  if (timeZone === undefined || isUnknown(timeZone)) return;
  if (typeof timeZone === "string" && isTimeZone(timeZone)) return;
  fail(
    "timeZone",
    "UTHO_ROTATION_INPUT",
    `${JSON.stringify(timeZone)} is no time zone; give an IANA name, such as "Asia/Kolkata" or "UTC"`,
  );
}

function checkMinKeep(inputs: RawInputs, fail: Fail): void {
  const { minKeep } = inputs;
  if (minKeep === undefined || isUnknown(minKeep)) return;
  if (typeof minKeep === "number" && Number.isInteger(minKeep) && minKeep >= 1) return;
  fail(
    "minKeep",
    "UTHO_ROTATION_INPUT",
    `minKeep is ${JSON.stringify(minKeep)}; wanted a whole number of 1 or more: a rotation never deletes the last good snapshot`,
  );
}

const PREFIX = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

function checkPrefix(inputs: RawInputs, fail: Fail): void {
  const { namePrefix } = inputs;
  if (namePrefix === undefined || isUnknown(namePrefix)) return;
  const text = JSON.stringify(namePrefix);
  if (typeof namePrefix !== "string" || namePrefix.trim() === "") {
    fail(
      "namePrefix",
      "UTHO_ROTATION_INPUT",
      `${text} is no prefix; leave it out for <stack>-<logical name>`,
    );
  } else if (namePrefix.length > LONGEST_LABEL) {
    fail(
      "namePrefix",
      "UTHO_ROTATION_INPUT",
      `the prefix has ${namePrefix.length} characters; at most ${LONGEST_LABEL} are allowed`,
    );
  } else if (!PREFIX.test(namePrefix)) {
    fail(
      "namePrefix",
      "UTHO_ROTATION_INPUT",
      `the prefix ${text} would not be recognised in a name; letters, digits, ".", "_" and "-" are allowed, and a letter or digit first`,
    );
  }
}

function checkOnRemove(inputs: RawInputs, fail: Fail): void {
  const { onRemove } = inputs;
  if (onRemove === undefined || onRemove === "keep" || onRemove === "delete" || isUnknown(onRemove)) return;
  fail(
    "onRemove",
    "UTHO_ROTATION_INPUT",
    `onRemove is ${JSON.stringify(onRemove)}; wanted "keep" or "delete"`,
  );
}
