import { ProviderFailure } from "../failure";
import type { SnapshotRef } from "../utho/names";
import { deleteSnapshot, takenOver } from "../utho/remove";
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
  if (holder !== undefined) {
    throw takenOver({
      attempted: `delete safety snapshot ${safetySnapshotId} after a forced replacement`,
      instead: "the existing snapshot was taken over",
      interrupted: "restore",
      kept: `safety snapshot ${safetySnapshotId} exists and stays in state; server ${state.cloudId} was not overwritten again if Utho's record showed its restore.`,
      wanted: "restore once more, change `triggers`, or",
    });
  }
  if (memory.isNeeded(safetySnapshotId)) throw stillNeeded(safetySnapshotId);
  if (isUnfinished(state) && runtime.memory.programOf(resourceUrn) !== undefined) {
    // A forced replacement does not carry the safety snapshot over, and nothing else shows the last good state.
    const text = `Safety snapshot ${safetySnapshotId} was kept, in no state: it shows server ${state.cloudId} before a restore that did not end. Delete it in Utho's console when it is no longer needed; it costs money.`;
    return runtime.say(resourceUrn, "warn", text);
  }
  const timeouts = { ...RESTORE_TIMEOUTS, ...state.timeouts };
  await deleteSnapshot(runtime, safetySnapshotId, { resourceUrn, timeouts });
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
