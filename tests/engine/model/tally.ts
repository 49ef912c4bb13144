/** What happened in lives, counted by kind: "lives", "kills", "step:remove", "fault:cut" and so on. */
export class Tally {
  private readonly counts = new Map<string, number>();

  add(what: string, count = 1): void {
    this.counts.set(what, this.of(what) + count);
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  /** All counts whose kind begins so. */
  sum(prefix: string): number {
    return [...this.counts].reduce((sum, [what, count]) => sum + (what.startsWith(prefix) ? count : 0), 0);
  }

  take(other: Tally): void {
    for (const [what, count] of other.counts) this.add(what, count);
  }

  /** The lines that a run of the tests shows; the first is what `npm run reliability` collects. */
  toString(): string {
    const figures = ["lives", "operations", "kills", "takenOver", "excused"].map(
      (what) => `${what}=${this.of(what)}`,
    );
    const kinds = [...this.counts].filter(([what]) => what.includes(":")).sort();
    return [
      `[reliability] ${figures.join(" ")} faultsFired=${this.sum("fault:")}`,
      kinds.map(([what, count]) => `${what} ${count}`).join(", "),
    ].join("\n");
  }
}
