import type { Server, Snapshot } from "../../client";
import { isDeleted } from "./status";
import { type Operation, type SnapshotsById, snapshotsPresent } from "./turn";
import { watch } from "./watch";

/**
 * The snapshots that are there for sure, and not only in a listing that lags or was torn on its way. One that the
 * account's listing alone shows may be new, or may have been deleted a moment ago: whoever took that one over would have
 * a backup that does not exist. One that bears another name in its server's own answer may be somebody else's. So for
 * those that are wanted it is waited until both listings agree, at most for as long as listings lag: what is shown then
 * was not deleted before, and bears the name that its server tells.
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
      (one) => isWanted(one) && !isDeleted(one.status) && !agrees(sight.server, one, isWanted),
    );
  if (doubtful().length > 0) {
    const until = Math.min(operation.deadline, clock.now() + account.settings.listingLag);
    await watch<true>(operation, "waiting until Utho's listings agree", until, async () => {
      const fresh = await account.listing.server(cloudId, clock.now());
      // Nobody knows the server any more: the next call says so.
      if (fresh === undefined) return { done: true };
      sight = { server: fresh, present: await snapshotsPresent(operation, fresh) };
      return doubtful().length === 0 ? { done: true } : { waiting: "they do not agree yet" };
    });
  }
  const there = [...sight.present].filter(([, { status }]) => !isDeleted(status));
  return new Map(there.map(([id, one]) => [id, { ...one, name: ownName(sight.server, one) ?? one.name }]));
}

/** Whether the server's own answer shows it too, as one that is wanted; one without a list says nothing against it. */
function agrees(server: Server, one: Snapshot, isWanted: (snapshot: Snapshot) => boolean): boolean {
  const own = server.snapshots?.find(({ id }) => id === one.id);
  if (own === undefined) return server.snapshots === undefined;
  return isWanted({ ...one, name: ownName(server, one) ?? one.name });
}

/** The name that its server tells; `undefined` where it tells none. */
function ownName(server: Server, { id }: Snapshot): string | undefined {
  const name = server.snapshots?.find((own) => own.id === id)?.name;
  return name === "" ? undefined : name;
}
