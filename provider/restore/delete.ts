import { ProviderFailure } from "../failure";
import { deleteSnapshot } from "../utho/remove";
import type { ProviderRuntime } from "../utho/runtime";
import { RESTORE_TIMEOUTS, type RestoreState } from "./contract";
import type { RestoreMemory } from "./memory";

/** Removes the safety snapshot; the server stays as it is. A safety snapshot that is gone already is fine. */
export async function deleteRestore(
  runtime: ProviderRuntime,
  memory: RestoreMemory,
  state: RestoreState,
): Promise<void> {
  const { resourceUrn, safetySnapshotId } = state;
  if (safetySnapshotId === undefined) return;
  // A restore that replaced an unfinished one has its safety snapshot now.
  if (memory.alive.has(safetySnapshotId)) return;
  if (memory.takenOver.has(safetySnapshotId)) throw takenOver(safetySnapshotId, state.cloudId);
  if (memory.isNeeded(safetySnapshotId)) throw stillNeeded(safetySnapshotId);
  const timeouts = { ...RESTORE_TIMEOUTS, ...state.timeouts };
  await deleteSnapshot(runtime, safetySnapshotId, { resourceUrn, timeouts });
}

function takenOver(safetySnapshotId: string, cloudId: string): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_TAKEN_OVER",
    attempted: `delete safety snapshot ${safetySnapshotId} after a forced replacement`,
    because:
      "this run took that very snapshot for its own, because within utho:takeoverWindow a forced replacement cannot be told from the re-run of an interrupted restore.",
    kept: `safety snapshot ${safetySnapshotId} exists and stays in state; server ${cloudId} was not overwritten again if Utho's record showed its restore.`,
    next: "to restore once more, change `triggers`; or run `pulumi config set utho:takeoverWindow 0` and replace again.",
  });
}

function stillNeeded(safetySnapshotId: string): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_RESTORE_SAFETY_NEEDED",
    attempted: `delete safety snapshot ${safetySnapshotId}`,
    because: "this program is about to restore that very snapshot.",
    kept: `safety snapshot ${safetySnapshotId} exists and stays in state.`,
    next: "take deleteBeforeReplace off this resource: the restore must come before its source is removed.",
  });
}
