import {
  type CheckResult,
  checkInputs,
  type Demand,
  DURATION,
  type Fail,
  FLAG,
  isId,
  normaliseId,
  oneOf,
  type RawInputs,
} from "../engine/inputs";
import { isUnknown } from "../engine/values";
import { LONGEST_NAME } from "../utho/names";
import { ON_REPLACE } from "./contract";

const GIVEN: Readonly<Record<string, Demand>> = {
  adoptId: {
    code: "UTHO_INPUT_ADOPT_ID",
    isGood: isId,
    text: (shown) =>
      `${shown} is not the id of a snapshot: give the number alone, such as "9001", without the server's id`,
  },
  powerOff: FLAG,
  maxDowntime: DURATION,
  waitForReady: FLAG,
  onReplace: {
    code: "UTHO_INPUT_TYPE",
    isGood: (value) => oneOf(ON_REPLACE)(value) !== undefined,
    text: (shown) => `onReplace is ${shown}; wanted "keep" or "delete"`,
  },
};

/** Depends on inputs and state alone, so that an update plan can be carried out: `create` generates a missing name. */
export function checkSnapshot(news: RawInputs): CheckResult {
  return checkInputs(news, GIVEN, (inputs, fail) => {
    normaliseId(inputs, "cloudId");
    normaliseId(inputs, "adoptId");
    checkCloudId(inputs, fail);
    checkName(inputs, fail);
  });
}

function checkCloudId(inputs: RawInputs, fail: Fail): void {
  const value = inputs.cloudId;
  if (isUnknown(value) || isId(value)) return;
  const problem =
    value === undefined || value === ""
      ? "cloudId is empty; give the id of the server, as getServers() lists it"
      : `${JSON.stringify(value)} is not the id of a server: ids are numbers, such as "1001"; getServer({ name }) finds one by name`;
  fail("cloudId", "UTHO_INPUT_CLOUD_ID", problem);
}

function checkName(inputs: Record<string, unknown>, fail: Fail): void {
  const { name } = inputs;
  if (name === null) delete inputs.name;
  if (name === undefined || name === null || isUnknown(name)) return;
  const problem = problemOf(name);
  if (problem !== undefined) fail("name", "UTHO_INPUT_NAME", problem);
}

function problemOf(name: unknown): string | undefined {
  if (typeof name !== "string") return `the name must be a text, not ${typeof name}`;
  if (name.trim() === "") return "the name is blank; leave it out to have one generated";
  if (name !== name.trim()) return `the name ${JSON.stringify(name)} begins or ends with white space`;
  if (name.length > LONGEST_NAME)
    return `the name has ${name.length} characters; at most ${LONGEST_NAME} are allowed`;
  if (/\p{Cc}/u.test(name)) return "the name holds control characters, such as a line break or a tab";
  return undefined;
}

/**
 * Whether the snapshot that is replaced stays. What the program says is in effect at once. Where it says nothing any
 * more, what it said before still holds for this replacement: a snapshot cannot be made again.
 */
export function keepsReplaced(program: RawInputs | undefined, former: RawInputs | undefined): boolean {
  if (program === undefined) return false;
  return (program.onReplace ?? former?.onReplace) === "keep";
}
