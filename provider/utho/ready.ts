import type { Snapshot } from "../../client";
import { isActive, isDeleted, isFailure, UNKNOWN_STATUS } from "./status";
import { merged, type Operation, pollFreshness } from "./turn";
import { type Look, watch } from "./watch";

/** How the wait for a snapshot ended, with the last that was seen of it. */
export type Readiness =
  | { kind: "active"; snapshot: Snapshot }
  | { kind: "untold"; snapshot: Snapshot }
  | NotReady;

/** A wait that did not end well; `late` carries what was seen last. */
export type NotReady =
  | { kind: "failed"; snapshot: Snapshot }
  | { kind: "vanished"; snapshot: Snapshot }
  | { kind: "late"; snapshot: Snapshot; last: string };

/**
 * Waits until a snapshot is Active. An unknown status word means "not yet"; a failure word ends the wait; where no
 * listing tells a status at all, being listed is all there is to know.
 */
export async function untilReady(operation: Operation, found: Snapshot): Promise<Readiness> {
  let snapshot = found;
  let missingSince: number | undefined;
  let untoldSince: number | undefined;
  const outcome = await watch<Readiness>(
    operation,
    `creating snapshot ${found.name}`,
    operation.deadline,
    async () => {
      const sight = await lookAt(operation, found.id);
      if (sight.snapshot === undefined || isDeleted(sight.snapshot.status)) {
        const now = operation.clock.now();
        missingSince ??= now;
        if (now - missingSince < operation.account.settings.listingLag)
          return { waiting: sight.snapshot?.status ?? "no longer listed" };
        return { done: { kind: "vanished", snapshot } };
      }
      missingSince = undefined;
      snapshot = merged(snapshot, sight.snapshot);
      const look = judge(snapshot, sight);
      if (!("done" in look) || look.done.kind !== "untold" || !sight.mayTellLater) return look;
      untoldSince ??= operation.clock.now();
      const patient = operation.clock.now() - untoldSince < operation.account.settings.listingLag;
      return patient ? { waiting: "no status told" } : look;
    },
  );
  if ("done" in outcome) return outcome.done;
  return { kind: "late", snapshot, last: outcome.timedOut };
}

/** What one look showed. `complete`: no other listing could tell more. */
interface Sight {
  snapshot: Snapshot | undefined;
  complete: boolean;
  /**
   * A listing of the account is known to tell statuses; where it does not, it may do so once there is one, or once it
   * answers again.
   */
  mayTellLater: boolean;
}

async function lookAt(operation: Operation, snapshotId: string): Promise<Sight> {
  const { account, cloudId } = operation;
  // Any listing of the current interval will do: the one that the snapshot was found in may already call it Active.
  const listing = await account.listing.polled(cloudId, 0, account.settings.pollInterval);
  const listed = listing.byId.get(snapshotId);
  const tellsStatus = listing.source === "deploy" || listing.source === "snapshot";
  if (listed?.status !== undefined) return { snapshot: listed, complete: true, mayTellLater: false };
  const server = await account.listing.server(cloudId, pollFreshness(operation, 0));
  const own = server?.snapshots?.find(({ id }) => id === snapshotId);
  const seen = own === undefined ? listed : merged(listed, own);
  const mayTellLater = account.listing.hasToldStatus;
  return { snapshot: seen, complete: listed !== undefined || !tellsStatus, mayTellLater };
}

function judge(snapshot: Snapshot, sight: Sight): Look<Readiness> {
  const { status } = snapshot;
  if (isActive(status)) return { done: { kind: "active", snapshot } };
  if (isFailure(status)) return { done: { kind: "failed", snapshot } };
  if (status !== undefined) return { waiting: `status ${status}` };
  if (sight.complete) return { done: { kind: "untold", snapshot: { ...snapshot, status: UNKNOWN_STATUS } } };
  return { waiting: "not in the account's listing yet" };
}
