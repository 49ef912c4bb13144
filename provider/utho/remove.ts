import type { Deletion } from "../../client";
import { BusyError } from "../../client/errors";
import { formatDuration } from "../duration";
import { ProviderFailure } from "../failure";
import { saidBy } from "../said";
import { untilDone } from "./attempt";
import { locate } from "./locate";
import { bringBackAfter } from "./power";
import type { ProviderRuntime } from "./runtime";
import { formatSnapshotId, parseSnapshotId, type SnapshotAddress } from "./snapshotid";
import { isDeleted } from "./status";
import { inTurn, type Operation, type OperationSubject } from "./turn";

/** Deletes a snapshot; one that is gone already is fine. */
export async function deleteSnapshot(
  runtime: ProviderRuntime,
  id: string,
  props: Pick<OperationSubject, "resourceUrn" | "timeouts">,
): Promise<void> {
  const address = parseSnapshotId(id);
  if (runtime.takenOver.has(id)) throw takenOver(id);
  if (runtime.keptAlive.has(id)) {
    // A replacement that took its own predecessor over leaves two entries of one snapshot in state.
    const progress = runtime.progress(props.resourceUrn);
    progress.warn(`Snapshot ${id} lives on under this resource; only its second entry in state was removed.`);
    await progress.flush();
    return;
  }
  const { resourceUrn, timeouts } = props;
  await inTurn(runtime, "delete", { cloudId: address.cloudId, resourceUrn, timeouts }, (operation) =>
    bringBackAfter(operation, async () => {
      await deleteConfirmed(operation, address);
      return { id, outs: { ...props } };
    }),
  );
}

/** Deletes until the snapshot is seen to be gone, or the operation's time is over. */
export async function deleteConfirmed(operation: Operation, address: SnapshotAddress): Promise<void> {
  const { account, clock, deadline, startedAt } = operation;
  const id = formatSnapshotId(address);
  const end = await untilDone<true, Deletion>(operation, {
    doing: `deleting snapshot ${id}`,
    until: deadline,
    send: (options) => account.client.snapshots.delete(address.cloudId, address.snapshotId, options),
    // "Not found" and an empty answer prove nothing by themselves.
    proofOf: (answer) => (answer === "deleted" ? { done: true } : undefined),
    look: async () => {
      const { snapshot } = await locate(account, address, clock.now());
      return snapshot === undefined || isDeleted(snapshot.status)
        ? { done: true }
        : { waiting: "still listed" };
    },
    patienceMs: () => account.settings.listingLag,
    askFirst: true,
  });
  if ("done" in end) return;
  if ("refused" in end) throw end.refused;
  throw new ProviderFailure({
    code: end.trouble instanceof BusyError ? "UTHO_SERVER_BUSY" : "UTHO_DELETE_UNCONFIRMED",
    attempted: `delete snapshot ${id}`,
    because: `it was still there after ${formatDuration(clock.now() - startedAt)}. Last seen: ${end.timedOut}.`,
    said: saidBy(end.trouble),
    kept: `snapshot ${id} stays in state until it is gone.`,
    next: "run again; a longer customTimeouts.delete waits longer.",
    cause: end.trouble,
  });
}

function takenOver(id: string): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_TAKEN_OVER",
    attempted: `delete snapshot ${id} after its replacement`,
    because:
      "this run took no new snapshot: it took this very one over, because within utho:takeoverWindow a forced replacement cannot be told from the re-run of an interrupted one.",
    kept: `snapshot ${id} exists and stays in state; nothing was deleted.`,
    next: "to force a new one, run `pulumi config set utho:takeoverWindow 0` and replace again, or change `triggers` instead.",
  });
}
