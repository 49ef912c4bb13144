import { BusyError, RateLimitedError, UthoError } from "../../client/errors";
import { formatDuration } from "../duration";
import { ProviderFailure } from "../failure";
import { saidBy } from "../said";
import { locate } from "./locate";
import { bringBackAfter } from "./power";
import type { ProviderRuntime } from "./runtime";
import { formatSnapshotId, parseSnapshotId, type SnapshotAddress } from "./snapshotid";
import { isDeleted } from "./status";
import { inTurn, type Operation, type OperationSubject } from "./turn";
import { watch } from "./watch";

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
  const { account } = operation;
  const id = formatSnapshotId(address);
  let trouble: unknown;
  const outcome = await watch(operation, `deleting snapshot ${id}`, operation.deadline, async () => {
    const answer = await ask(operation, address);
    if (answer.error !== undefined) {
      trouble = answer.error;
      return { waiting: answer.error.apiMessage ?? answer.error.message };
    }
    if (answer.said === "deleted") return { done: true };
    // "Not found" and an empty answer prove nothing by themselves.
    const { snapshot } = await locate(account, address, operation.clock.now());
    const ending = snapshot === undefined || isDeleted(snapshot.status);
    return ending ? { done: true } : { waiting: "still listed" };
  });
  if ("done" in outcome) return;
  throw new ProviderFailure({
    code: trouble instanceof BusyError ? "UTHO_SERVER_BUSY" : "UTHO_DELETE_UNCONFIRMED",
    attempted: `delete snapshot ${id}`,
    because: `it was still there after ${formatDuration(operation.clock.now() - operation.startedAt)}. Last seen: ${outcome.timedOut}.`,
    said: saidBy(trouble),
    kept: `snapshot ${id} stays in state until it is gone.`,
    next: "run again; a longer customTimeouts.delete waits longer.",
    cause: trouble,
  });
}

type DeleteAnswer =
  | { said: "deleted" | "notFound" | "unconfirmed"; error?: undefined }
  | { error: UthoError };

async function ask(operation: Operation, address: SnapshotAddress): Promise<DeleteAnswer> {
  const { account } = operation;
  await operation.beforeWrite();
  try {
    return { said: await account.client.snapshots.delete(address.cloudId, address.snapshotId) };
  } catch (error) {
    if (error instanceof BusyError || error instanceof RateLimitedError) return { error };
    if (error instanceof UthoError && error.effect === "unknown") return { error };
    throw error;
  } finally {
    account.listing.written(address.cloudId);
  }
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
