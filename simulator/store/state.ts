import type { OperationRecord } from "./operation";
import type { ServerRecord } from "./server";
import type { SnapshotRecord } from "./snapshot";

/** What a request has begun, as long as it can still be undone. */
export interface Begun {
  /** Lets the operations end when they would have ended, or now where that moment has passed. */
  keep(now: number): void;
  /** As if they had never been asked for. One that was ended from outside stays ended. */
  undo(): void;
}

interface TiedOperation {
  operation: OperationRecord;
  /** When it would end if it were not tied. */
  ownEnd: number;
}

/**
 * Everything the simulated cloud knows. Nothing here runs by itself: `settle(now)` applies, in order,
 * what has ended by then, so that the state depends on the clock and the calls alone.
 */
export class CloudState {
  readonly servers = new Map<string, ServerRecord>();
  /** Deleted ones stay, marked, because some listings go on showing them for a while. */
  readonly snapshots = new Map<string, SnapshotRecord>();
  readonly operations = new Map<string, OperationRecord>();
  readonly #open = new Set<OperationRecord>();
  readonly #openByServer = new Map<string, Set<OperationRecord>>();
  #tied: TiedOperation[] | undefined;
  readonly #lastId: Record<"server" | "snapshot" | "operation", number>;

  /** @param account 0 for the first one: each has ids of its own. */
  constructor(account = 0) {
    const base = 100_000 * account;
    this.#lastId = { server: base + 1000, snapshot: base + 5000, operation: base + 9000 };
  }

  /** An id that no server, snapshot or operation has had. */
  newId(noun: "server" | "snapshot" | "operation"): string {
    const taken = { server: this.servers, snapshot: this.snapshots, operation: this.operations }[noun];
    do this.#lastId[noun] += 1;
    while (taken.has(String(this.#lastId[noun])));
    return String(this.#lastId[noun]);
  }

  addServer(server: ServerRecord): void {
    this.servers.set(server.cloudId, server);
  }

  addSnapshot(snapshot: SnapshotRecord): void {
    this.snapshots.set(snapshot.id, snapshot);
  }

  /** Snapshots that exist, oldest entry first. */
  livingSnapshots(cloudId?: string): SnapshotRecord[] {
    return [...this.snapshots.values()].filter(
      (one) => one.deletedAt === undefined && (cloudId === undefined || one.cloudId === cloudId),
    );
  }

  begin(operation: Omit<OperationRecord, "id">): OperationRecord {
    const record = { ...operation, id: this.newId("operation") };
    if (this.#tied !== undefined) {
      this.#tied.push({ operation: record, ownEnd: record.endsAt });
      record.endsAt = Number.POSITIVE_INFINITY;
    }
    this.operations.set(record.id, record);
    this.#open.add(record);
    const ofServer = this.#openByServer.get(record.cloudId) ?? new Set();
    this.#openByServer.set(record.cloudId, ofServer.add(record));
    return record;
  }

  /** Runs `act`; what it begins goes on until it is decided whether it is kept or undone. */
  tied<T>(act: () => T): { result: T; begun: Begun } {
    const operations: TiedOperation[] = [];
    this.#tied = operations;
    try {
      const result = act();
      return {
        result,
        begun: { keep: (now) => this.#keep(operations, now), undo: () => this.#undo(operations) },
      };
    } finally {
      this.#tied = undefined;
    }
  }

  #keep(tied: readonly TiedOperation[], now: number): void {
    for (const { operation, ownEnd } of tied) {
      if (this.#open.has(operation)) operation.endsAt = Math.max(ownEnd, now);
    }
    this.settle(now);
  }

  #undo(tied: readonly TiedOperation[]): void {
    for (const { operation } of tied) {
      if (!this.#open.has(operation)) continue;
      this.#forget(operation);
      this.operations.delete(operation.id);
      if (operation.kind === "snapshot") this.snapshots.delete(operation.snapshotId ?? "");
      if (operation.kind === "deploy") this.servers.delete(operation.cloudId);
    }
  }

  /** Operations of a server that have not ended. */
  openOperations(cloudId: string): OperationRecord[] {
    return [...(this.#openByServer.get(cloudId) ?? [])];
  }

  /** Brings an operation to its end now, whatever its time. */
  finish(operation: OperationRecord, now: number, outcome: "success" | "failure"): void {
    operation.endsAt = now;
    operation.outcome = outcome;
    this.#close(operation);
  }

  /** Applies what has ended by `now`, in the order in which it ended. */
  settle(now: number): void {
    const ended = [...this.#open].filter((one) => one.endsAt <= now);
    ended.sort((a, b) => a.endsAt - b.endsAt);
    for (const operation of ended) {
      if (this.#open.has(operation)) this.#close(operation);
    }
  }

  removeServer(cloudId: string, at: number, keepSnapshots: boolean): void {
    this.servers.delete(cloudId);
    for (const operation of this.openOperations(cloudId)) {
      // A snapshot already being written to storage of its own ends by itself.
      if (keepSnapshots && operation.kind === "snapshot") continue;
      operation.endsAt = Math.min(operation.endsAt, at);
      operation.effect = { do: "nothing" };
      this.#forget(operation);
    }
    if (keepSnapshots) return;
    for (const snapshot of this.livingSnapshots(cloudId)) snapshot.deletedAt = at;
  }

  removeSnapshot(snapshotId: string, at: number): void {
    const snapshot = this.snapshots.get(snapshotId);
    if (snapshot !== undefined) snapshot.deletedAt ??= at;
    for (const operation of [...this.#open]) {
      if (operation.kind === "snapshot" && operation.snapshotId === snapshotId) {
        this.finish(operation, at, "failure");
      }
    }
  }

  #close(operation: OperationRecord): void {
    this.#forget(operation);
    this.#closeNoun(operation);
    if (operation.outcome === "failure") return;
    const { effect, endsAt, cloudId } = operation;
    const server = this.servers.get(cloudId);
    if (effect.do === "setPower" && server !== undefined) server.power = effect.power;
    if (effect.do === "overwriteDisk" && server !== undefined) {
      server.contents = effect.contents;
      server.power = effect.power;
    }
    if (effect.do === "removeServer") this.removeServer(cloudId, endsAt, effect.keepSnapshots);
    if (effect.do === "removeSnapshot" && operation.snapshotId !== undefined) {
      this.removeSnapshot(operation.snapshotId, endsAt);
    }
  }

  #forget(operation: OperationRecord): void {
    this.#open.delete(operation);
    this.#openByServer.get(operation.cloudId)?.delete(operation);
  }

  #closeNoun(operation: OperationRecord): void {
    const succeeded = operation.outcome === "success";
    if (operation.kind === "snapshot" && operation.snapshotId !== undefined) {
      const snapshot = this.snapshots.get(operation.snapshotId);
      if (snapshot !== undefined) snapshot.state = succeeded ? "active" : "failed";
    }
    if (operation.kind === "deploy") {
      const server = this.servers.get(operation.cloudId);
      if (server !== undefined) server.deployment = succeeded ? "done" : "failed";
    }
  }
}
