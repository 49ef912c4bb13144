import type { Server, Snapshot } from "../../client";
import { formatDuration } from "../duration";
import { inBothListings } from "../utho/find";
import {
  formatGeneratedName,
  formatSnapshotId,
  isNamedFor,
  parseGeneratedName,
  parseSnapshotId,
  safetyLabelOf,
} from "../utho/names";
import { isDeleted, isFailure } from "../utho/status";
import { takeSnapshot } from "../utho/take";
import { type Operation, type SnapshotsById, snapshotsPresent } from "../utho/turn";

/** Whose safety snapshot a name speaks of. */
interface SafetyOwner {
  urn: string;
  /** Stands for what is restored too, so that the safety snapshot of one restore is never taken for the next one's. */
  mark: string;
}

/** Name of a safety snapshot: `<stack>-<logical name>-before-<6 hex>-<UTC time>`. */
export function safetyName({ urn, mark }: SafetyOwner, now: number): string {
  return formatGeneratedName({ label: safetyLabelOf(urn), takenAt: now, mark });
}

/** Whether a snapshot was made as the safety snapshot of this very restore; those of 0.1.0 said what they precede. */
export function isSafetyOf({ urn, mark }: SafetyOwner, name: string): boolean {
  return isNamedFor(`${urn}-before-restore`, name, mark, safetyLabelOf(urn));
}

/** The snapshot of the server's state before the restore. */
export interface Safety {
  snapshot: Snapshot;
  /** "taken": by this run. "known": by an earlier run, and in state. "left": by an interrupted run, in no state. */
  origin: "taken" | "known" | "left";
}

/** What the search for a safety snapshot must know. */
interface SafetySearch {
  owner: SafetyOwner;
  /** The one that state knows, `<cloudId>/<snapshotId>`. */
  known: string | undefined;
  /** Whether it is known to be in state: no interrupted run left that one. */
  isInState: (snapshot: Snapshot) => boolean;
}

/** The safety snapshot that an earlier run made for this very restore; the first one made counts, never a later one. */
export async function findSafety(
  operation: Operation,
  server: Server,
  search: SafetySearch,
): Promise<Safety | undefined> {
  const present = await snapshotsPresent(operation, server);
  if (search.known !== undefined) {
    const snapshot = present.get(parseSnapshotId(search.known).snapshotId);
    if (snapshot !== undefined && isUsable(snapshot)) return { snapshot, origin: "known" };
  }
  const snapshot = await findLeft(operation, server, present, search);
  return snapshot === undefined ? undefined : { snapshot, origin: "left" };
}

/** Takes the safety snapshot. It is usable only once it is Active, which the caller waits for. */
export async function takeSafety(operation: Operation, server: Server, owner: SafetyOwner): Promise<Safety> {
  const name = safetyName(owner, operation.clock.now());
  const present = await snapshotsPresent(operation, server);
  operation.progress.status(`taking safety snapshot ${name} of ${server.hostname}`);
  const snapshot = await takeSnapshot(operation, {
    name,
    present,
    look: async () => {
      const fresh = await operation.account.listing.server(operation.cloudId, operation.clock.now());
      return snapshotsPresent(operation, fresh ?? server);
    },
    rename:
      "give the SnapshotRestore or the stack a shorter name; or declare a Snapshot with a `name` of your own and set safetySnapshot: false",
  });
  return { snapshot, origin: "taken" };
}

function isUsable({ status }: Snapshot): boolean {
  return !isFailure(status) && !isDeleted(status);
}

async function findLeft(
  operation: Operation,
  server: Server,
  present: SnapshotsById,
  search: SafetySearch,
): Promise<Snapshot | undefined> {
  const { account, clock, cloudId, progress } = operation;
  const takenAt = ({ name }: Snapshot): number => parseGeneratedName(name)?.takenAt ?? 0;
  const isLeft = (snapshot: Snapshot): boolean =>
    isSafetyOf(search.owner, snapshot.name) &&
    !search.isInState(snapshot) &&
    Math.abs(clock.now() - takenAt(snapshot)) < account.settings.takeoverWindow &&
    isUsable(snapshot);
  const [first, ...others] = [...(await inBothListings(operation, server, present, isLeft)).values()]
    .filter(isLeft)
    .sort((a, b) => takenAt(a) - takenAt(b));
  if (first === undefined) return undefined;
  const age = formatDuration(Math.max(0, clock.now() - takenAt(first)));
  progress.warn(
    `Took over safety snapshot ${cloudId}/${first.id} (${first.name}), which a run of this restore took ${age} ago and which is in no state that this run has seen; no second one was made. An interrupted run left it, or the resource was removed and the snapshot kept.`,
  );
  if (others.length > 0) {
    const list = others.map(({ id, name }) => `${formatSnapshotId({ cloudId, snapshotId: id })} (${name})`);
    progress.warn(
      `More safety snapshots of this restore are in no state, and cost money: ${list.join(", ")}`,
    );
  }
  return first;
}
