/** A replacement that `diff` has announced and `create` has not carried out yet. */
export interface AnnouncedRestore {
  done: readonly string[];
  /** Safety snapshot of a restore that did not end: it holds the last good state, so the next restore keeps it. */
  carried: string | undefined;
  /** What is to be restored. */
  source: string;
}

/** What one operation's calls must know of each other beside what all resources remember. */
export class RestoreMemory {
  /** By URN. */
  readonly announced = new Map<string, AnnouncedRestore>();
  /** Safety snapshots that a restore has from the unfinished one that it replaces. */
  readonly carried = new Set<string>();

  /** Whether a restore of this snapshot is announced and still to come. */
  isNeeded(snapshotId: string): boolean {
    return [...this.announced.values()].some(({ source }) => source === snapshotId);
  }
}
