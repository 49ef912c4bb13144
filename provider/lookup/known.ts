import { unknownName } from "../nearest";
import { lookupFailure } from "./filter";
import type { LookupFilters } from "./types";

/** Every filter that there is; the compiler refuses one that is missing here. */
const FILTERS = {
  cloudId: true,
  name: true,
  nameRegex: true,
  status: true,
  createdAfter: true,
  createdBefore: true,
  mostRecent: true,
} as const satisfies Record<keyof LookupFilters, true>;

/** Refuses a filter that nobody knows: it would narrow nothing, and the answer would be of all that there is. */
export function checkFilters(call: string, filters: object): void {
  const known = Object.keys(FILTERS);
  const unknown = Object.keys(filters).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw lookupFailure(
    "UTHO_LOOKUP_FILTER",
    `run the look-up ${call}`,
    unknownName("filter", unknown, known),
    `correct it or leave it out; the filters are ${known.join(", ")}.`,
  );
}
