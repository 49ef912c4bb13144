import {
  type CheckFailure,
  type CheckResult,
  checkFlag,
  checkTimeouts,
  type Fail,
  failInto,
  flagOf,
  normaliseId,
  type RawInputs,
  textOf,
  textsOf,
  timeoutsOf,
} from "../engine/inputs";
import { isUnknown } from "../engine/unknown";
import { checkSnapshotId } from "../utho/snapshotid";
import type { CloneInputs } from "./contract";

/** A hostname as every API of this kind takes it; Utho may refuse more, and then says so. */
const HOSTNAME = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/** Checks the inputs of a ServerClone. */
export function checkClone(news: RawInputs): CheckResult {
  const failures: CheckFailure[] = [];
  const fail = failInto(failures);
  const inputs: Record<string, unknown> = { ...news };
  for (const key of [
    "planId",
    "vpcId",
    "firewall",
    "adoptId",
    "dcslug",
    "billingCycle",
    "cpuModel",
    "auth",
    "hostname",
  ]) {
    normaliseId(inputs, key);
  }
  checkSnapshotId(inputs, fail);
  checkHostname(inputs.hostname, fail);
  checkText(inputs, "planId", 'the id of one of Utho\'s plans, such as "10045"', fail);
  for (const key of ["dcslug", "billingCycle", "firewall", "vpcId", "cpuModel", "auth"]) {
    if (inputs[key] !== undefined) checkText(inputs, key, "a text", fail);
  }
  checkAdoptId(inputs.adoptId, fail);
  checkRootPassword(inputs, fail);
  checkSshKeys(inputs, fail);
  checkFlag(inputs, "enablePublicIp", fail);
  checkTimeouts(inputs, fail);
  return { inputs, failures };
}

function checkHostname(value: unknown, fail: Fail): void {
  if (isUnknown(value) || (typeof value === "string" && HOSTNAME.test(value))) return;
  fail(
    "hostname",
    "UTHO_CLONE_INPUT",
    `${JSON.stringify(value ?? null)} is no hostname: letters, digits, dots and hyphens are allowed, with a letter or digit at both ends`,
  );
}

function checkText(inputs: RawInputs, key: string, wanted: string, fail: Fail): void {
  const value = inputs[key];
  if (isUnknown(value) || (typeof value === "string" && value !== "")) return;
  fail(key, "UTHO_CLONE_INPUT", `${key} is ${JSON.stringify(value ?? null)}; wanted ${wanted}`);
}

function checkAdoptId(value: unknown, fail: Fail): void {
  if (value === undefined || isUnknown(value)) return;
  if (typeof value === "string" && /^\d{1,20}$/.test(value)) return;
  fail("adoptId", "UTHO_CLONE_INPUT", `${JSON.stringify(value)} is not the id of a server, such as "1003"`);
}

/** It is secret, and so never quoted. */
function checkRootPassword(inputs: Record<string, unknown>, fail: Fail): void {
  const value = inputs.rootPassword;
  if (value === null) delete inputs.rootPassword;
  if (value === undefined || value === null || isUnknown(value)) return;
  if (typeof value === "string" && value.trim() !== "") return;
  fail("rootPassword", "UTHO_CLONE_INPUT", "rootPassword must be a text that is not blank");
}

/** Utho takes ids of keys that it has stored, not the keys themselves. */
function checkSshKeys(inputs: Record<string, unknown>, fail: Fail): void {
  const value = inputs.sshKeys;
  if (value === null) delete inputs.sshKeys;
  if (value === undefined || value === null || isUnknown(value)) return;
  const keys: unknown[] = Array.isArray(value) ? value : [value];
  if (keys.every((key) => isUnknown(key) || /^\d{1,20}$/.test(String(key)))) {
    inputs.sshKeys = keys.map(String);
  } else {
    fail(
      "sshKeys",
      "UTHO_CLONE_INPUT",
      "sshKeys must be the numbers of keys that are stored in Utho's console",
    );
  }
}

/** Inputs that `check` has passed, as the lifecycle reads them. */
export function asCloneInputs(checked: RawInputs): CloneInputs {
  return {
    snapshotId: textOf(checked, "snapshotId") ?? "",
    hostname: textOf(checked, "hostname") ?? "",
    planId: textOf(checked, "planId") ?? "",
    dcslug: textOf(checked, "dcslug"),
    billingCycle: textOf(checked, "billingCycle"),
    sshKeys: textsOf(checked, "sshKeys"),
    firewall: textOf(checked, "firewall"),
    vpcId: textOf(checked, "vpcId"),
    enablePublicIp: flagOf(checked, "enablePublicIp"),
    cpuModel: textOf(checked, "cpuModel"),
    auth: textOf(checked, "auth"),
    rootPassword: textOf(checked, "rootPassword"),
    adoptId: textOf(checked, "adoptId"),
    mark: textOf(checked, "mark"),
    resourceUrn: textOf(checked, "resourceUrn"),
    timeouts: timeoutsOf(checked),
  };
}
