import type { Filter } from "./filter";

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
