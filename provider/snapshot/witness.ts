import type { Server, Snapshot } from "../../client";
import { type Operation, type SnapshotsById, snapshotsPresent } from "./operation";
import { isDeleted } from "./status";
import { watch } from "./watch";

/**
 * The snapshots that are there for sure, and not only in a listing that lags. One that the account's listing alone
 * shows may be new, or may have been deleted a moment ago: whoever took that one over would have a backup that does
 * not exist. So for those that are wanted it is waited until both listings agree, at most for as long as listings lag:
 * what is shown then was not deleted before.
 */
export async function witnessed(
  operation: Operation,
  server: Server,
  present: SnapshotsById,
  isWanted: (snapshot: Snapshot) => boolean,
): Promise<SnapshotsById> {
  const { account, clock, cloudId } = operation;
  let sight = { server, present };
  const doubtful = (): Snapshot[] =>
    [...sight.present.values()].filter(
      (one) => isWanted(one) && !isDeleted(one.status) && !shows(sight.server, one.id),
    );
  if (doubtful().length > 0) {
    const until = Math.min(operation.deadline, clock.now() + account.settings.listingLag);
    await watch<true>(operation, "waiting until Utho's listings agree", until, async () => {
      const fresh = await account.listing.server(cloudId, clock.now());
      // Nobody knows the server any more: the next call says so.
      if (fresh === undefined) return { done: true };
      sight = { server: fresh, present: await snapshotsPresent(operation, fresh) };
      return doubtful().length === 0 ? { done: true } : { waiting: "only the account's listing shows it" };
    });
  }
  return new Map([...sight.present].filter(([, { status }]) => !isDeleted(status)));
}

/** A server's answer without a list of snapshots says nothing against one. */
function shows(server: Server, snapshotId: string): boolean {
  return server.snapshots === undefined || isAmong(server.snapshots, snapshotId);
}

function isAmong(snapshots: readonly Snapshot[], snapshotId: string): boolean {
  return snapshots.some(({ id }) => id === snapshotId);
}
