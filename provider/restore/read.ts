import type { Snapshot } from "../../client";
import { UthoError } from "../../client/errors";
import type { ReadAnswer } from "../engine/inputs";
import { plain } from "../engine/values";
import { ProviderFailure } from "../failure";
import { failedText, monthlyCost } from "../utho/facts";
import { locate } from "../utho/find";
import { REFRESH_WINDOW_MS } from "../utho/listing";
import { parseSnapshotId, type SnapshotRef } from "../utho/names";
import type { ProviderRuntime } from "../utho/runtime";
import { isFailure } from "../utho/status";
import type { RestoreState } from "./contract";

/** A restore has happened and stays so, whatever is done outside, or else the next `up` would overwrite the server again. */
export async function readRestore(
  runtime: ProviderRuntime,
  id: string,
  state: RestoreState,
): Promise<ReadAnswer> {
  const { safetySnapshotId, safetySnapshotName: name = "" } = state;
  const safety = safetySnapshotId === undefined ? "unknown" : await lookFor(runtime, safetySnapshotId);
  const progress = runtime.progress(state.resourceUrn);
  if (safety === undefined)
    progress.warn(
      `Safety snapshot ${safetySnapshotId} no longer exists; the state of server ${state.cloudId} before the restore cannot be brought back. The restore itself stays as it is.`,
    );
  else if (safety !== "unknown" && isFailure(safety.status)) {
    const facts = { name, status: `${safety.status}`, monthlyCost: monthlyCost(safety.sizeGb) };
    const advice =
      "It is the safety snapshot of a restore, and nothing leads back from that any more: take a Snapshot of the server as it is now. This one is deleted with the SnapshotRestore.";
    progress.warn(failedText(`${safetySnapshotId}`, facts, advice));
  }
  await progress.flush();
  return { id, props: plain(state) };
}

/** The safety snapshot as it is; `undefined`: it is gone; "unknown" where that cannot be seen. */
async function lookFor(runtime: ProviderRuntime, id: SnapshotRef): Promise<Snapshot | undefined | "unknown"> {
  try {
    const account = await runtime.account();
    const notBefore = runtime.clock.now() - REFRESH_WINDOW_MS;
    return (await locate(account, parseSnapshotId(id), notBefore)).snapshot;
  } catch (error) {
    // Nothing of the answer depends on Utho, so its silence or doubt must not fail a refresh.
    if (error instanceof UthoError || error instanceof ProviderFailure) return "unknown";
    throw error;
  }
}
