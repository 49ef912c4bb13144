import type { Server, Snapshot } from "../../client";
import type { EngineMemory } from "../engine/memory";
import { inBothListings, isLeft, takeOverLeft } from "./find";
import { snapshotsPresent } from "./listing";
import {
  formatGeneratedName,
  isNamedFor,
  keptLabelOf,
  type Purpose,
  parseSnapshotId,
  type SnapshotRef,
  takenAtOf,
} from "./names";
import type { Operation } from "./runtime";
import { isDeleted, isFailure } from "./status";
import { takeSnapshot } from "./take";

/** A snapshot that keeps the state of a server before something is done to it. */
export interface Keeping {
  urn: string;
  /** Stands for what is done too, so that the snapshot of one restore is never taken for the next one's. */
  mark: string;
  purpose: Purpose;
}

export interface Kept {
  snapshot: Snapshot;
  /** "taken": by this run. "known": by an earlier run, and in state. "left": by an interrupted run, in no state. */
  origin: "taken" | "known" | "left";
}

/** Name of such a snapshot: `<stack>-<logical name>-<purpose>-<6 hex>-<UTC time>`. */
export function keptName({ urn, mark, purpose }: Keeping, now: number): string {
  return formatGeneratedName({ label: keptLabelOf(urn, purpose), takenAt: now, mark });
}

/** Whether a snapshot was made for this very purpose; the names of 0.1.0 said "before-restore". */
export function isKeptFor({ urn, mark, purpose }: Keeping, name: string): boolean {
  return isNamedFor(`${urn}-before-restore`, name, mark, keptLabelOf(urn, purpose));
}

/**
 * The snapshot that an earlier run took for this purpose: the one of this id, which state knows, or what an interrupted
 * run left. The first one taken counts, never a later one, which may show the server half changed.
 */
export async function findKept(
  operation: Operation,
  server: Server,
  keeping: Keeping,
  { memory, known }: { memory: EngineMemory; known?: SnapshotRef | undefined },
): Promise<Kept | undefined> {
  const { urn, purpose } = keeping;
  const present = await snapshotsPresent(operation, server);
  const own = known === undefined ? undefined : present.get(parseSnapshotId(known).snapshotId);
  if (own !== undefined && isUsable(own)) return { snapshot: own, origin: "known" };
  const isOurs = (one: Snapshot): boolean =>
    isKeptFor(keeping, one.name) && isLeft(operation, memory, one) && isUsable(one);
  const left = [...(await inBothListings(operation, server, present, isOurs)).values()].filter(isOurs);
  const oldestFirst = left.sort((a, b) => (takenAtOf(a) ?? 0) - (takenAtOf(b) ?? 0));
  const what = purpose === "final" ? "final snapshot" : "safety snapshot";
  const snapshot = takeOverLeft(
    operation,
    memory,
    urn,
    oldestFirst,
    (shown, age) =>
      `Took over ${what} ${shown}, which an earlier run took ${age} ago for this very purpose and which is in no state that this run has seen; no second one was made. An interrupted run left it, or the resource was removed and the snapshot kept.`,
  );
  return snapshot && { snapshot, origin: "left" };
}

/** Takes the snapshot. It is usable only once it is Active, which the caller waits for. */
export async function takeKept(operation: Operation, server: Server, keeping: Keeping): Promise<Kept> {
  const { purpose } = keeping;
  const { account, clock, cloudId, progress } = operation;
  const name = keptName(keeping, clock.now());
  const present = await snapshotsPresent(operation, server);
  progress.status(`taking snapshot ${name} of ${server.hostname}`);
  const snapshot = await takeSnapshot(operation, {
    name,
    present,
    look: async () => {
      const fresh = await account.listing.server(cloudId, clock.now());
      return snapshotsPresent(operation, fresh ?? server);
    },
    rename:
      purpose === "final"
        ? "give the ServerClone or the stack a shorter name"
        : "give the SnapshotRestore or the stack a shorter name; or declare a Snapshot with a `name` of your own and set safetySnapshot: false",
  });
  return { snapshot, origin: "taken" };
}

function isUsable({ status }: Snapshot): boolean {
  return !isFailure(status) && !isDeleted(status);
}
