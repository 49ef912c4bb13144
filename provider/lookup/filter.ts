import type { Code } from "../codes";
import { ProviderFailure } from "../failure";

/** One filter of a look-up, as it was asked for. */
export interface Filter<T> {
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
  filters: readonly Filter<T>[],
): Filtered<T> {
  let left = [...items];
  const steps = [`${items.length} ${what} in the account`];
  for (const filter of filters) {
    left = left.filter((item) => filter.keeps(item));
    steps.push(`${left.length} left after ${filter.label}`);
  }
  return { items: left, trail: steps.join(", ") };
}

/** The only hit; none and more than one are errors that tell the trail. */
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

export function nameRegexFilter<T>(pattern: string, nameOf: (item: T) => string): Filter<T> {
  let regex: RegExp;
  try {
    regex = new RegExp(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw lookupFailure(
      "UTHO_LOOKUP_FILTER",
      `read nameRegex ${JSON.stringify(pattern)}`,
      `${reason}.`,
      "give a JavaScript regular expression, without slashes around it.",
    );
  }
  return { label: `nameRegex /${pattern}/`, keeps: (item) => regex.test(nameOf(item)) };
}

/** Filters by creation time; what has no known time is left out by either. */
export function timeFilters<T extends { createdAt?: string | undefined }>(bounds: {
  createdAfter?: string | undefined;
  createdBefore?: string | undefined;
}): Filter<T>[] {
  const filters: Filter<T>[] = [];
  const { createdAfter, createdBefore } = bounds;
  if (createdAfter !== undefined) {
    const after = instantOf("createdAfter", createdAfter);
    filters.push({
      label: `createdAfter ${createdAfter}`,
      keeps: (item) => Date.parse(item.createdAt ?? "") > after,
    });
  }
  if (createdBefore !== undefined) {
    const before = instantOf("createdBefore", createdBefore);
    filters.push({
      label: `createdBefore ${createdBefore}`,
      keeps: (item) => Date.parse(item.createdAt ?? "") < before,
    });
  }
  return filters;
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

/** The newest item, in a list of its own. Of one second's items, which is as fine as Utho tells, the one of highest id. */
export function newestOf<T extends { createdAt?: string | undefined }>(
  items: readonly T[],
  idOf: (item: T) => string,
): T[] {
  const time = ({ createdAt }: T): number => Date.parse(createdAt ?? "1970");
  const byId = (a: T, b: T): number => idOf(b).localeCompare(idOf(a), "en", { numeric: true });
  const [newest] = [...items].sort((a, b) => time(b) - time(a) || byId(a, b));
  return newest === undefined ? [] : [newest];
}

/** Keeps items by their status word, without regard to case; "any" keeps all. `also` passes besides the wanted ones. */
export function statusFilter<T>(
  asked: string | readonly string[] | undefined,
  byDefault: string,
  statusOf: (item: T) => string | undefined,
  also: readonly string[] = [],
): Filter<T> {
  const wanted = asked === undefined ? [byDefault] : typeof asked === "string" ? [asked] : asked;
  const words = new Set([...wanted, ...also].map((word) => word.toLowerCase()));
  const label = `status ${wanted.join(" or ")}${asked === undefined ? " (default)" : ""}`;
  if (words.has("any")) return { label, keeps: () => true };
  return { label, keeps: (item) => words.has((statusOf(item) ?? "").toLowerCase()) };
}
