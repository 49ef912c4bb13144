import { Mutex } from "async-mutex";

/**
 * One turn at a time for each server: Utho runs one operation on a server at a time, and finding a new snapshot by
 * comparing listings needs that none of our own is made in between.
 */
export class ServerLocks {
  private readonly mutexes = new Map<string, Mutex>();
  private readonly waiting = new Map<string, number>();

  /** Runs `work` when the server is free of our own work; `onWait` hears how many are before it. */
  async inTurn<T>(cloudId: string, work: () => Promise<T>, onWait: (before: number) => void): Promise<T> {
    const mutex = this.mutexOf(cloudId);
    const before = this.waiting.get(cloudId) ?? 0;
    if (before > 0) onWait(before);
    this.waiting.set(cloudId, before + 1);
    try {
      return await mutex.runExclusive(work);
    } finally {
      this.waiting.set(cloudId, (this.waiting.get(cloudId) ?? 1) - 1);
    }
  }

  private mutexOf(cloudId: string): Mutex {
    const known = this.mutexes.get(cloudId);
    if (known !== undefined) return known;
    const mutex = new Mutex();
    this.mutexes.set(cloudId, mutex);
    return mutex;
  }
}
