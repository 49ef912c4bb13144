import type { PlacedSnapshot } from "./choose";

const LONGEST = 60;

/**
 * A logical name for each snapshot: its own name as a word, with its number where another one has that name already.
 * @param taken logical names that the stack uses for snapshots
 * @returns `undefined` in the place of one for which even that name is taken
 */
export function logicalNames(
  snapshots: readonly PlacedSnapshot[],
  taken: ReadonlySet<string>,
): (string | undefined)[] {
  const words = snapshots.map(wordOf);
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const used = new Set(taken);
  return snapshots.map((snapshot, index) => {
    const word = words[index] ?? "snapshot";
    const isUnique = counts.get(word) === 1 && !used.has(word);
    const name = isUnique ? word : `${word}-${snapshot.id}`;
    if (used.has(name)) return undefined;
    used.add(name);
    return name;
  });
}

/** "Before the upgrade (v2)" becomes "before-the-upgrade-v2". */
function wordOf({ name }: PlacedSnapshot): string {
  const word = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9._]+/g, "-")
    .slice(0, LONGEST)
    .replace(/^[-._]+|[-._]+$/g, "")
    .toLowerCase();
  return word === "" ? "snapshot" : word;
}
