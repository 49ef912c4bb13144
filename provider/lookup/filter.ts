import { isRecord } from "../../client/compact";
import type { Code } from "../codes";
import { byNumber, isId, unknownName } from "../engine/inputs";
import { ProviderFailure } from "../failure";
import type { LookupFilters } from "./types";

/** One filter of a look-up, as it was asked for. */
interface Filter<T> {
  /** As the user knows it: `name "web"`, `status Active (default)`. */
  label: string;
  keeps(item: T): boolean;
}

/** What is left, and how many were left after each filter: a hidden filter must never look like "not there". */
export interface Filtered<T> {
  items: T[];
  trail: string;
}

export function applyFilters<T>(
  what: string,
  items: readonly T[],
  filters: readonly Filter<Subject>[],
  subjectOf: (item: T) => Subject,
): Filtered<T> {
  let left = [...items];
  const steps = [`${items.length} ${what} in the account`];
  for (const filter of filters) {
    left = left.filter((item) => filter.keeps(subjectOf(item)));
    steps.push(`${left.length} left after ${filter.label}`);
  }
  return { items: left, trail: steps.join(", ") };
}

/** The only hit; none and more than one are errors that show the trail. */
export function single<T>(kind: string, filtered: Filtered<T>, describe: (item: T) => string): T {
  const [only, ...others] = filtered.items;
  if (only !== undefined && others.length === 0) return only;
  if (only === undefined) {
    throw lookupFailure(
      "UTHO_LOOKUP_NONE",
      `find one ${kind}`,
      `nothing was found: ${filtered.trail}.`,
      "loosen the filter after which nothing was left.",
    );
  }
  const shown = filtered.items.slice(0, 5).map(describe).join("; ");
  const more = filtered.items.length > 5 ? `; and ${filtered.items.length - 5} more` : "";
  throw lookupFailure(
    "UTHO_LOOKUP_MANY",
    `find one ${kind}`,
    `${filtered.items.length} were found (${filtered.trail}): ${shown}${more}.`,
    "add a filter, or set mostRecent: true for the newest.",
  );
}

export function lookupFailure(code: Code, attempted: string, because: string, next: string): ProviderFailure {
  return new ProviderFailure({ code, attempted, because, kept: "a look-up changes nothing.", next });
}

export interface Subject {
  cloudId: string;
  name: string;
  status?: string | undefined;
  createdAt?: string | undefined;
}

type Asked = { [K in keyof LookupFilters]-?: NonNullable<LookupFilters[K]> };

/** Each filter, in the order in which they narrow; the compiler refuses one that is missing. */
const FILTERS: { [K in keyof Asked]: (asked: Asked[K]) => (subject: Subject) => boolean } = {
  cloudId: (id) => (subject) => subject.cloudId === String(id),
  status: (asked) => {
    const words = new Set([asked].flat().map((word) => word.toLowerCase()));
    return ({ status }) => words.has("any") || words.has((status ?? "").toLowerCase());
  },
  name: (name) => (subject) => subject.name === name,
  nameRegex: (pattern) => {
    const regex = regexOf(pattern);
    return ({ name }) => regex.test(name);
  },
  // What has no known time is left out by either.
  createdAfter: (bound) => {
    const after = instantOf("createdAfter", bound);
    return ({ createdAt }) => Date.parse(createdAt ?? "") > after;
  },
  createdBefore: (bound) => {
    const before = instantOf("createdBefore", bound);
    return ({ createdAt }) => Date.parse(createdAt ?? "") < before;
  },
  // The newest of what all others leave, see `newestOf`.
  mostRecent: () => () => true,
};

/** The filters that a look-up asks for; `byDefault` takes the place of a status that it does not name. */
export function filtersOf(filters: LookupFilters, byDefault?: Filter<Subject>): Filter<Subject>[] {
  return Object.keys(FILTERS).flatMap((key) => {
    if (!isFilter(key) || key === "mostRecent") return [];
    const asked = filters[key];
    if (asked !== undefined && asked !== null) return [filterOf(key, asked)];
    return key === "status" && byDefault !== undefined ? [byDefault] : [];
  });
}

function filterOf<K extends keyof Asked>(key: K, asked: Asked[K]): Filter<Subject> {
  return { label: labelOf(key, asked), keeps: FILTERS[key](asked) };
}

function labelOf(key: string, asked: unknown): string {
  if (key === "name") return `name "${asked}"`;
  if (key === "nameRegex") return `nameRegex /${asked}/`;
  return `${key} ${[asked].flat().join(" or ")}`;
}

function isFilter(key: string): key is keyof LookupFilters {
  return key in FILTERS;
}

const isText = (value: unknown): boolean => typeof value === "string";

/** What each filter must be; a value of another kind would narrow nothing, or leave nothing. */
const WANTED: { [K in keyof Asked]: readonly [wanted: string, isGood: (value: unknown) => boolean] } = {
  cloudId: ['the id of a server, such as "1001"', (value) => isId(String(value))],
  status: ["a status word, or a list of them", (value) => [value].flat().every(isText)],
  name: ["a text", isText],
  nameRegex: ['a text, such as "^web-"', isText],
  createdAfter: ["a text", isText],
  createdBefore: ["a text", isText],
  mostRecent: ["true or false", (value) => typeof value === "boolean"],
};

/** Refuses an unknown filter, since the answer would be all that there is, and one of the wrong kind; null is left out. */
export function checkFilters(call: string, filters: unknown): void {
  const attempted = `run the look-up ${call}`;
  if (!isRecord(filters)) {
    const because = `its filters are ${JSON.stringify(filters)}; wanted: an object.`;
    throw lookupFailure(
      "UTHO_LOOKUP_FILTER",
      attempted,
      because,
      'write one, as in { cloudId: "1001" }, or none.',
    );
  }
  for (const [key, value] of Object.entries(filters)) {
    if (!isFilter(key)) {
      const known = Object.keys(FILTERS);
      const next = `correct it or leave it out; the filters are ${known.join(", ")}.`;
      throw lookupFailure("UTHO_LOOKUP_FILTER", attempted, unknownName("filter", key, known), next);
    }
    const [wanted, isGood] = WANTED[key];
    if (value === undefined || value === null || isGood(value)) continue;
    const shown = value instanceof RegExp ? `${value}` : JSON.stringify(value);
    const because = `${key} is ${shown}; wanted: ${wanted}.`;
    throw lookupFailure("UTHO_LOOKUP_FILTER", attempted, because, "correct it or leave it out.");
  }
}

function regexOf(pattern: string): RegExp {
  try {
    // It would find nothing, and a program that goes through what is found would then delete all that it had declared.
    if (/^\/.*\/[a-z]*$/s.test(pattern)) throw new Error("The slashes around it would be part of the name");
    return new RegExp(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw lookupFailure(
      "UTHO_LOOKUP_FILTER",
      `read nameRegex ${JSON.stringify(pattern)}`,
      `${reason}.`,
      "give a JavaScript regular expression, without slashes around it.",
    );
  }
}

function instantOf(key: string, text: string): number {
  const instant = Date.parse(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(instant)) return instant;
  throw lookupFailure(
    "UTHO_LOOKUP_FILTER",
    `read ${key} ${JSON.stringify(text)}`,
    "it is no ISO 8601 time.",
    'give a time such as "2026-11-22T21:00:00Z".',
  );
}

/** The newest item, in a list of its own. Of the items of one second, Utho's precision, the one of highest id. */
export function newestOf<T extends { createdAt?: string | undefined }>(
  items: readonly T[],
  idOf: (item: T) => string,
): T[] {
  const time = ({ createdAt }: T): number => Date.parse(createdAt ?? "1970");
  const [newest] = [...items].sort((a, b) => time(b) - time(a) || byNumber(idOf(b), idOf(a)));
  return newest === undefined ? [] : [newest];
}
