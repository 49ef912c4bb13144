import type { RawInputs } from "../engine/inputs";
import { isUnknown } from "../engine/unknown";
import { replacementText } from "../utho/replacing";
import type { ProviderRuntime } from "../utho/runtime";
import { asCloneInputs } from "./check";
import type { CloneState } from "./contract";

/** Says what is deployed, and what ends it: the engine asks nothing when it previews a removal. */
export async function announceCreation(runtime: ProviderRuntime, news: RawInputs): Promise<void> {
  const { adoptId, hostname, resourceUrn, snapshotId } = asCloneInputs(news);
  const progress = runtime.progress(resourceUrn);
  const source = isUnknown(snapshotId)
    ? "a snapshot that is not known before the update"
    : `snapshot ${snapshotId}`;
  const name = isUnknown(hostname) ? "A server" : `A server ${hostname}`;
  const what =
    adoptId === undefined
      ? `${name} is deployed from ${source}.`
      : `Server ${adoptId} is taken into the program.`;
  progress.info(`${what} It is destroyed, with its disk, once this resource is removed or replaced.`);
  await progress.flush();
}

/** Says which server a replacement destroys. */
export async function announceReplacement(
  runtime: ProviderRuntime,
  id: string,
  { hostname }: CloneState,
  replaces: readonly string[],
  news: RawInputs,
): Promise<void> {
  const progress = runtime.progress(asCloneInputs(news).resourceUrn);
  progress.info(
    replacementText(`Server ${id} (${hostname})`, "is destroyed, with its disk,", replaces, news),
  );
  await progress.flush();
}
