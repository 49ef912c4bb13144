import { UthoError } from "../../client/errors";
import { isUnknown } from "../engine/unknown";
import type { ProviderRuntime } from "../utho/runtime";
import { parseSnapshotId } from "../utho/snapshotid";
import { findSource } from "../utho/source";
import type { RestoreInputs } from "./contract";

/** How old an answer a preview may use. */
const PREVIEW_WINDOW_MS = 60_000;

/**
 * Says in plain words which server will be overwritten with the state of which moment, so that a preview tells it.
 * Throws where the snapshot cannot be used; where Utho does not answer, it says what the program alone tells.
 */
export async function announceRestore(runtime: ProviderRuntime, inputs: RestoreInputs): Promise<void> {
  const progress = runtime.progress(inputs.resourceUrn);
  const kept =
    inputs.safetySnapshot === false
      ? "Its present state is NOT kept."
      : "Its present state is kept first, in a safety snapshot.";
  progress.info(`${await whatWillHappen(runtime, inputs)} ${kept}`);
  await progress.flush();
}

async function whatWillHappen(runtime: ProviderRuntime, { snapshotId }: RestoreInputs): Promise<string> {
  if (snapshotId === "" || isUnknown(snapshotId)) {
    return "A server will be overwritten with a snapshot that is not known before the update.";
  }
  const address = parseSnapshotId(snapshotId);
  const { cloudId } = address;
  const now = runtime.clock.now();
  try {
    const account = await runtime.account();
    const times = { notBefore: now - PREVIEW_WINDOW_MS, now };
    const attempted = `restore server ${cloudId} to snapshot ${snapshotId}`;
    const { snapshot, server, createdAt } = await findSource(account, address, times, attempted);
    const named = server === undefined ? "" : ` (${server.hostname})`;
    const moment = createdAt === undefined ? "" : ` of ${createdAt}`;
    return `Server ${cloudId}${named} will be overwritten with its state${moment}: snapshot ${snapshotId} (${snapshot.name}).`;
  } catch (error) {
    if (!(error instanceof UthoError)) throw error;
    return `Server ${cloudId} will be overwritten with snapshot ${snapshotId}, whose moment could not be read now.`;
  }
}
