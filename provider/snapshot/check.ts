import type { Code } from "../codes";
import { parseDuration } from "../duration";
import { isUnknown } from "../unknown";
import type { SnapshotInputs, Timeouts } from "./contract";
import { generateName, LONGEST_NAME } from "./naming";

export interface CheckFailure {
  property: string;
  reason: string;
}

export interface CheckResult {
  inputs: Record<string, unknown>;
  failures: CheckFailure[];
}

/** Inputs as the program wrote them: any JSON. */
export type RawInputs = Readonly<Record<string, unknown>>;

/**
 * Checks the inputs of a Snapshot and fixes its name. A name left out is generated once and then kept, so that it
 * forces no replacement; on replacement the engine calls again without `olds`, and a new one is generated.
 */
export function checkSnapshot(olds: RawInputs, news: RawInputs, now: number): CheckResult {
  const failures: CheckFailure[] = [];
  const fail = (property: string, code: Code, text: string): void => {
    failures.push({ property, reason: `${code}: ${text}. See docs/errors.md#${code.toLowerCase()}` });
  };
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
    inputs.name = olds.name ?? generateName(String(inputs.resourceUrn ?? ""), now);
  }
  return { inputs, failures };
}

type Fail = (property: string, code: Code, text: string) => void;

/** JavaScript programs pass ids as numbers now and then; Utho itself writes them both ways. */
function normaliseId(inputs: Record<string, unknown>, key: string): void {
  const value = inputs[key];
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) inputs[key] = String(value);
  if (typeof value === "string") inputs[key] = value.trim();
  if (value === null || inputs[key] === undefined) delete inputs[key];
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
      `${JSON.stringify(value)} is not the id of a server: ids are numbers, such as "1001"; getServer({ hostname }) finds one by name`,
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

function checkFlag(inputs: Record<string, unknown>, key: string, fail: Fail): void {
  const value = inputs[key];
  if (value === null) delete inputs[key];
  if (value === undefined || value === null || typeof value === "boolean" || isUnknown(value)) return;
  fail(key, "UTHO_INPUT_TYPE", `${key} must be true or false, not ${JSON.stringify(value)}`);
}

function checkTimeouts(inputs: RawInputs, fail: Fail): void {
  const timeouts: unknown = inputs.timeouts;
  if (typeof timeouts !== "object" || timeouts === null) return;
  const known: readonly (keyof Timeouts)[] = ["create", "update", "delete"];
  for (const [key, value] of Object.entries(timeouts)) {
    if (!known.some((name) => name === key) || isUnknown(value)) continue;
    if (typeof value === "string" && (parseDuration(value) ?? 0) > 0) continue;
    fail(
      "timeouts",
      "UTHO_INPUT_TIMEOUT",
      `customTimeouts.${key} is ${JSON.stringify(value)}; wanted a duration such as 45m or 1h30m`,
    );
  }
}

/** Inputs that `check` has passed, as the lifecycle reads them. */
export function asSnapshotInputs(checked: Record<string, unknown>): SnapshotInputs {
  const text = (key: string): string | undefined => {
    const value = checked[key];
    return typeof value === "string" ? value : undefined;
  };
  const flag = (key: string): boolean | undefined => {
    const value = checked[key];
    return typeof value === "boolean" ? value : undefined;
  };
  return {
    cloudId: text("cloudId") ?? "",
    name: text("name"),
    triggers: checked.triggers,
    powerOff: flag("powerOff"),
    adoptId: text("adoptId"),
    waitForReady: flag("waitForReady"),
    resourceUrn: text("resourceUrn"),
    timeouts: asTimeouts(checked.timeouts),
  };
}

function asTimeouts(value: unknown): Timeouts | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value).filter(([, text]) => typeof text === "string");
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
