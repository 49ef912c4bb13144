import { UthoError } from "../../client/errors";
import { plain } from "../engine/values";
import { ProviderFailure } from "../failure";
import { locate } from "../utho/find";
import { parseSnapshotId, type SnapshotRef } from "../utho/names";
import type { ProviderRuntime } from "../utho/runtime";
import type { RestoreState } from "./contract";

/** How old an answer a read may use: all reads of one refresh share one listing. */
const REFRESH_WINDOW_MS = 60_000;

/**
 * A restore has happened and stays so: nothing that is done outside makes it gone or changed, or else the next `up`
 * would overwrite the server again. That its safety snapshot is gone is said, because nothing leads back then.
 */
export async function readRestore(
  runtime: ProviderRuntime,
  id: string,
  state: RestoreState,
): Promise<{ id: string; props: Record<string, unknown> }> {
  const { safetySnapshotId } = state;
  if (safetySnapshotId !== undefined && (await isGone(runtime, safetySnapshotId))) {
    const progress = runtime.progress(state.resourceUrn);
    progress.warn(
      `Safety snapshot ${safetySnapshotId} no longer exists; the state of server ${state.cloudId} before the restore cannot be brought back. The restore itself stays as it is.`,
    );
    await progress.flush();
  }
  return { id, props: plain(state) };
}

async function isGone(runtime: ProviderRuntime, snapshotId: SnapshotRef): Promise<boolean> {
  try {
    const account = await runtime.account();
    const notBefore = runtime.clock.now() - REFRESH_WINDOW_MS;
    const { snapshot } = await locate(account, parseSnapshotId(snapshotId), notBefore);
    return snapshot === undefined;
  } catch (error) {
    // Nothing of the answer depends on Utho, so its silence or doubt must not fail a refresh.
    if (error instanceof UthoError || error instanceof ProviderFailure) return false;
    throw error;
  }
}
