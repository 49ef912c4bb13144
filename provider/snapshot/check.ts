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
  timeoutsOf,
} from "../engine/inputs";
import { isUnknown } from "../engine/unknown";
import { generateName, LONGEST_NAME } from "../utho/names";
import type { SnapshotInputs } from "./contract";

/**
 * Checks the inputs of a Snapshot and fixes its name. A name left out is generated once and then kept, so that it
 * forces no replacement; on replacement the engine calls again without `olds`, and a new one is generated.
 */
export function checkSnapshot(olds: RawInputs, news: RawInputs, now: number): CheckResult {
  const failures: CheckFailure[] = [];
  const fail = failInto(failures);
  const inputs: Record<string, unknown> = { ...news };
  normaliseId(inputs, "cloudId");
  normaliseId(inputs, "adoptId");
  checkCloudId(inputs, fail);
  checkAdoptId(inputs, fail);
  checkName(inputs, fail);
  checkFlag(inputs, "powerOff", fail);
  checkFlag(inputs, "waitForReady", fail);
  checkTimeouts(inputs, fail);
  if (inputs.name === undefined && inputs.adoptId === undefined) {
    const name = isNew(olds) ? generateName(String(inputs.resourceUrn ?? ""), now) : olds.name;
    if (name !== undefined) inputs.name = name;
  }
  return { inputs, failures };
}

/**
 * An existing resource without a name was adopted, and bears the name it had: a generated one would be a change of
 * name, and so replace and delete what was adopted.
 */
function isNew(olds: RawInputs): boolean {
  return olds.cloudId === undefined;
}

function checkCloudId(inputs: RawInputs, fail: Fail): void {
  const value = inputs.cloudId;
  if (isUnknown(value)) return;
  if (value === undefined || value === "") {
    fail(
      "cloudId",
      "UTHO_INPUT_CLOUD_ID",
      "cloudId is empty; give the id of the server, as getServers() lists it",
    );
  } else if (typeof value !== "string" || !/^\d{1,20}$/.test(value)) {
    fail(
      "cloudId",
      "UTHO_INPUT_CLOUD_ID",
      `${JSON.stringify(value)} is not the id of a server: ids are numbers, such as "1001"; getServer({ name }) finds one by name`,
    );
  }
}

function checkAdoptId(inputs: RawInputs, fail: Fail): void {
  const value = inputs.adoptId;
  if (value === undefined || isUnknown(value)) return;
  if (typeof value === "string" && /^\d{1,20}$/.test(value)) return;
  fail(
    "adoptId",
    "UTHO_INPUT_ADOPT_ID",
    `${JSON.stringify(value)} is not the id of a snapshot: give the number alone, such as "9001", without the server's id`,
  );
}

function checkName(inputs: Record<string, unknown>, fail: Fail): void {
  const value = inputs.name;
  if (value === null) delete inputs.name;
  if (value === undefined || value === null || isUnknown(value)) return;
  if (typeof value !== "string") {
    fail("name", "UTHO_INPUT_NAME", `the name must be a text, not ${typeof value}`);
  } else if (value.trim() === "") {
    fail("name", "UTHO_INPUT_NAME", "the name is blank; leave it out to have one generated");
  } else if (value !== value.trim()) {
    fail("name", "UTHO_INPUT_NAME", `the name ${JSON.stringify(value)} begins or ends with white space`);
  } else if (value.length > LONGEST_NAME) {
    fail(
      "name",
      "UTHO_INPUT_NAME",
      `the name has ${value.length} characters; at most ${LONGEST_NAME} are allowed`,
    );
  } else if (/\p{Cc}/u.test(value)) {
    fail("name", "UTHO_INPUT_NAME", "the name holds control characters, such as a line break or a tab");
  }
}

/** Inputs that `check` has passed, as the lifecycle reads them. */
export function asSnapshotInputs(checked: RawInputs): SnapshotInputs {
  return {
    cloudId: textOf(checked, "cloudId") ?? "",
    name: textOf(checked, "name"),
    triggers: checked.triggers,
    powerOff: flagOf(checked, "powerOff"),
    adoptId: textOf(checked, "adoptId"),
    waitForReady: flagOf(checked, "waitForReady"),
    resourceUrn: textOf(checked, "resourceUrn"),
    timeouts: timeoutsOf(checked),
  };
}
