import type { RawInputs } from "../engine/inputs";
import { hasUnknown, isUnknown } from "../engine/unknown";
import { replacementText } from "../utho/replacing";
import type { ProviderRuntime } from "../utho/runtime";
import { asSnapshotInputs } from "./check";
import type { SnapshotState } from "./contract";

/** Says that the server will be switched off, so that a preview tells it. */
export async function announceCreation(runtime: ProviderRuntime, news: RawInputs): Promise<void> {
  const { cloudId, powerOff, resourceUrn } = asSnapshotInputs(news);
  const progress = runtime.progress(resourceUrn);
  const server = isUnknown(cloudId) ? "The server" : `Server ${cloudId}`;
  if (hasUnknown(news.powerOff)) {
    progress.info(
      `Whether ${server} is switched off for the snapshot (powerOff) is not known before the update.`,
    );
  } else if (powerOff === true) {
    progress.info(`${server} is switched off for the snapshot, and on again after it (powerOff).`);
  }
  await progress.flush();
}

/** Says which snapshot a replacement deletes. */
export async function announceReplacement(
  runtime: ProviderRuntime,
  id: string,
  { name, monthlyCost }: SnapshotState,
  replaces: readonly string[],
  news: RawInputs,
): Promise<void> {
  const progress = runtime.progress(asSnapshotInputs(news).resourceUrn);
  const price = monthlyCost === undefined ? "" : `, ₹${monthlyCost} a month`;
  progress.info(replacementText(`Snapshot ${id} (${name}${price})`, "is deleted", replaces, news));
  await progress.flush();
}
