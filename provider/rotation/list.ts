const LONGEST_LIST = 5;

/** So many ids as a person reads, and how many more there are. */
export function describeIds(ids: readonly string[]): string {
  const more = ids.length - LONGEST_LIST;
  return more > 0 ? `${ids.slice(0, LONGEST_LIST).join(", ")} and ${more} more` : ids.join(", ");
}
