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
