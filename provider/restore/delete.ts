import type { CloudId } from "../../client/id";
import { ProviderFailure } from "../failure";
import type { SnapshotRef } from "../utho/names";
import { deleteSnapshot } from "../utho/remove";
import type { ProviderRuntime } from "../utho/runtime";
import { isUnfinished, RESTORE_TIMEOUTS, type RestoreMemory, type RestoreState } from "./contract";

/** Removes the safety snapshot; the server stays as it is. A safety snapshot that is gone already is fine. */
export async function deleteRestore(
  runtime: ProviderRuntime,
  memory: RestoreMemory,
  state: RestoreState,
): Promise<void> {
  const { resourceUrn, safetySnapshotId } = state;
  if (safetySnapshotId === undefined) return;
  runtime.memory.see(safetySnapshotId);
  // A restore that replaced an unfinished one has its safety snapshot now.
  if (memory.carried.has(safetySnapshotId)) return;
  const holder = runtime.memory.holderOf(safetySnapshotId);
  if (holder !== undefined && state.phase !== "restored") return;
  if (holder !== undefined) throw takenOver(safetySnapshotId, state.cloudId);
  if (memory.isNeeded(safetySnapshotId)) throw stillNeeded(safetySnapshotId);
  if (isUnfinished(state) && runtime.memory.programOf(resourceUrn) !== undefined)
    return keepOfUnfinished(runtime, state, safetySnapshotId);
  const timeouts = { ...RESTORE_TIMEOUTS, ...state.timeouts };
  await deleteSnapshot(runtime, safetySnapshotId, { resourceUrn, timeouts });
}

/** A forced replacement does not carry the safety snapshot over, and nothing else shows the last good state. */
async function keepOfUnfinished(runtime: ProviderRuntime, state: RestoreState, id: string): Promise<void> {
  const progress = runtime.progress(state.resourceUrn);
  progress.warn(
    `Safety snapshot ${id} was kept, in no state: it shows server ${state.cloudId} before a restore that did not end. Delete it in Utho's console when it is no longer needed; it costs money.`,
  );
  await progress.flush();
}

function takenOver(safetySnapshotId: SnapshotRef, cloudId: CloudId): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_TAKEN_OVER",
    attempted: `delete safety snapshot ${safetySnapshotId} after a forced replacement`,
    because:
      "the existing snapshot was taken over, since within utho:takeoverWindow a forced replacement looks like the re-run of an interrupted restore.",
    kept: `safety snapshot ${safetySnapshotId} exists and stays in state; server ${cloudId} was not overwritten again if Utho's record showed its restore.`,
    next: "to restore once more, change `triggers`, or run `pulumi up --refresh --replace <urn>`, which shows the provider what is in the state. After `pulumi config set utho:takeoverWindow 0`, or when that window is over, `pulumi up --replace <urn>` does it as well.",
  });
}

function stillNeeded(safetySnapshotId: SnapshotRef): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_RESTORE_SAFETY_NEEDED",
    attempted: `delete safety snapshot ${safetySnapshotId}`,
    because: "this program is about to restore that snapshot.",
    kept: `safety snapshot ${safetySnapshotId} exists and stays in state.`,
    next: "remove deleteBeforeReplace from this resource: the restore must come before its source is removed.",
  });
}
