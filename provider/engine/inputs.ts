import { isRecord } from "../../client/compact";
import { type Code, pageOf } from "../codes";
import { parseDuration } from "../duration";
import { isUnknown } from "./values";

/** One input that cannot be used, in the engine's form. */
export interface CheckFailure {
  property: string;
  reason: string;
}

/** What `check` answers: the inputs as the resource will have them, and what is wrong with them. */
export interface CheckResult {
  inputs: Record<string, unknown>;
  failures: CheckFailure[];
}

/** What `diff` answers: whether there is a change, and which inputs force a replacement. */
export interface Difference {
  changes: boolean;
  replaces: string[];
}

export interface Made {
  id: string;
  outs: Record<string, unknown>;
}

/** What `read` answers: an empty id where the resource is gone. */
export interface ReadAnswer {
  id: string;
  props: Record<string, unknown>;
}

/** Inputs as the program wrote them: any JSON. */
export type RawInputs = Readonly<Record<string, unknown>>;

/** Under this key the plugin's states hold what users need not see. */
export const BOOK = "__utho";

/** What begins the type of each resource of the dynamic provider. */
export const DYNAMIC_TOKENS = "pulumi-nodejs:dynamic/utho:";

const URN = "urn:pulumi:";

/** The URN of a state's resource, without what all of ours share: the engine writes the whole state at each step. */
const PLACE = "place";

/** Values of a state as the core has them, whichever door and version wrote it. */
export function unpacked(values: RawInputs): Record<string, unknown> {
  const { [PLACE]: place, ...others } = withBook(values);
  return typeof place === "string" ? { ...others, resourceUrn: urnAt(place) } : others;
}

/** The core's values as a state holds them. */
export function shortened(values: RawInputs): Record<string, unknown> {
  const { resourceUrn, ...others } = values;
  const place = typeof resourceUrn === "string" ? placeOf(resourceUrn) : undefined;
  return place === undefined ? { ...values } : { ...others, [PLACE]: place };
}

/** The same for what is read of a state: in the form of an earlier version it stays, or else it would look changed. */
export function shortenedAs(state: RawInputs, values: RawInputs): Record<string, unknown> {
  return PLACE in withBook(state) ? shortened(values) : { ...values };
}

function withBook(values: RawInputs): RawInputs {
  if (!(BOOK in values)) return values;
  const { [BOOK]: book, ...others } = values;
  return { ...others, ...(isRecord(book) ? book : {}) };
}

/** `<stack>::<project>::<types, the own one without what all of ours begin with>::<name>`. */
function placeOf(urn: string): string | undefined {
  const whole = urn.slice(URN.length);
  const begin = beginOfType(whole);
  const place = whole.slice(0, begin) + whole.slice(begin + DYNAMIC_TOKENS.length);
  return urnAt(place) === urn ? place : undefined;
}

function urnAt(place: string): string {
  const begin = beginOfType(place);
  return URN + place.slice(0, begin) + DYNAMIC_TOKENS + place.slice(begin);
}

/** Where the last of the types begins; only what follows them, the name, may hold "::" itself. */
function beginOfType(place: string): number {
  const types = place.indexOf("::", place.indexOf("::") + 2) + 2;
  return Math.max(types, place.lastIndexOf("$", place.indexOf("::", types)) + 1);
}

export type Fail = (property: string, code: Code, text: string) => void;

/** Go durations, for example "45m", by operation. */
export interface Timeouts {
  create?: string;
  update?: string;
  delete?: string;
}

export function failInto(failures: CheckFailure[]): Fail {
  return (property, code, text) => {
    failures.push({ property, reason: `${code}: ${text}. See ${pageOf(code)}` });
  };
}

/**
 * Checks a copy of what a program gives: by `check`, by `demands` what may be left out, as null leaves it out too, and
 * need not be known yet, and the timeouts.
 */
export function checkInputs(
  news: RawInputs,
  demands: Readonly<Record<string, Demand>>,
  check: (inputs: Record<string, unknown>, fail: Fail) => void,
): CheckResult {
  const failures: CheckFailure[] = [];
  const fail = failInto(failures);
  const inputs: Record<string, unknown> = { ...news };
  check(inputs, fail);
  for (const [key, { code, isGood, text }] of Object.entries(demands)) {
    const value = inputs[key];
    if (value === null) delete inputs[key];
    if (value === undefined || value === null || isUnknown(value) || isGood(value)) continue;
    fail(key, code, text(JSON.stringify(value), key));
  }
  checkTimeouts(inputs, fail);
  return { inputs, failures };
}

/** JavaScript programs pass ids as numbers now and then; Utho itself writes them both ways. */
export function normaliseId(inputs: Record<string, unknown>, key: string): void {
  const value = inputs[key];
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) inputs[key] = String(value);
  if (typeof value === "string") inputs[key] = value.trim();
  if (value === null || inputs[key] === undefined) delete inputs[key];
}

/** What an input must be, and what is said of one that is not; `shown`: the value as JSON. */
export interface Demand {
  code: Code;
  isGood: (value: unknown) => boolean;
  text: (shown: string, key: string) => string;
}

export const FLAG: Demand = {
  code: "UTHO_INPUT_TYPE",
  isGood: (value) => typeof value === "boolean",
  text: (shown, key) => `${key} must be true or false, not ${shown}`,
};

export const DURATION: Demand = {
  code: "UTHO_INPUT_TYPE",
  isGood: isDuration,
  text: (shown, key) => `${key} is ${shown}; wanted a duration above 0, such as 10m or 1h30m`,
};

function isDuration(value: unknown): boolean {
  return typeof value === "string" && (parseDuration(value) ?? 0) > 0;
}

/** Whether a value is an id of Utho's: digits, without leading zeros. */
export function isId(value: unknown): value is string {
  return typeof value === "string" && /^(0|[1-9]\d{0,19})$/.test(value);
}

/** For `sort`: Utho counts its ids up, so the lower of two was made earlier. */
export function byNumber(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}

function checkTimeouts({ timeouts }: RawInputs, fail: Fail): void {
  for (const [key, value] of Object.entries(isRecord(timeouts) ? timeouts : {})) {
    if (!["create", "update", "delete"].includes(key) || isUnknown(value) || isDuration(value)) continue;
    const text = `customTimeouts.${key} is ${JSON.stringify(value)}; wanted a duration such as 45m or 1h30m`;
    fail("timeouts", "UTHO_INPUT_TIMEOUT", text);
  }
}

/** The records of a list, or of a map by id. */
export function recordsOf(value: unknown): RawInputs[] {
  const list: unknown[] = Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];
  return list.filter(isRecord);
}

/** The value where it is a text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function flagOf(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

export function amountOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

export function textsOf(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : undefined;
}

/** The value where it is one of these words. */
export function oneOf<Word extends string>(words: readonly Word[]): (value: unknown) => Word | undefined {
  return (value) => words.find((word) => word === value);
}

export function timeoutsOf(value: unknown): Timeouts | undefined {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value).filter(([, text]) => typeof text === "string");
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** What reads each field of inputs or of a state; `undefined`: the field is missing, or of another type. */
type Fields = Readonly<Record<string, (value: unknown) => unknown>>;

/** What such a table reads: a field that is never `undefined` is always there, each other one may be missing. */
export type FieldsOf<T extends Fields> = {
  [K in keyof T as undefined extends ReturnType<T[K]> ? never : K]: ReturnType<T[K]>;
} & {
  [K in keyof T as undefined extends ReturnType<T[K]> ? K : never]?: Exclude<ReturnType<T[K]>, undefined>;
};

/** The fields of a table, from inputs or from a state, whatever version of this package wrote it. */
export function fieldsIn<T extends Fields>(fields: T, values: RawInputs): FieldsOf<T>;
export function fieldsIn(fields: Fields, values: RawInputs): object {
  const found: Record<string, unknown> = {};
  for (const [key, read] of Object.entries(fields)) {
    const value = read(values[key]);
    if (value !== undefined) found[key] = value;
  }
  return found;
}

/** What no program gives, in inputs and states of every resource. */
export const HIDDEN = {
  /** The resource's own URN, for its row and its generated names. The engine drops the key `urn`. */
  resourceUrn: textOf,
  /** `customTimeouts` of the resource options, which never reach a dynamic provider by themselves. */
  timeouts: timeoutsOf,
};

/** Reads a field that is always there: `otherwise` stands for one that is missing or of another type. */
export function orElse<T>(read: (value: unknown) => T | undefined, otherwise: T): (value: unknown) => T {
  return (value) => read(value) ?? otherwise;
}

/** The known name that was most likely meant by an unknown one; `undefined` where none is near. */
export function nearest(unknown: string, known: readonly string[]): string | undefined {
  const word = unknown.toLowerCase();
  const near = known
    .map((name) => ({ name, distance: distance(word, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(2, name.length / 3))
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.name ?? known.find((name) => word.includes(name.toLowerCase()));
}

/** A sentence that refuses an unknown name, with the one that was meant, or else with all that there are. */
export function unknownName(what: string, unknown: string, known: readonly string[]): string {
  const meant = nearest(unknown, known);
  const hint = meant === undefined ? `there are ${known.join(", ")}` : `did you mean "${meant}"?`;
  return `"${unknown}" is not a known ${what}; ${hint}${meant === undefined ? "." : ""}`;
}

/** How many letters must be put in, left out or changed to make one word of the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_none, column) => column);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...b].entries()) {
      const changed = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
