import type { ReadAnswer } from "../engine/inputs";
import { plain } from "../engine/values";
import { failedText } from "../utho/facts";
import { confirmGone, locate, notOnServer } from "../utho/find";
import { REFRESH_WINDOW_MS } from "../utho/listing";
import { formatSnapshotId, parseSnapshotId, type SnapshotRef } from "../utho/names";
import type { ProviderRuntime } from "../utho/runtime";
import { isFailure } from "../utho/status";
import { recordOf, refreshState, type SnapshotState } from "./contract";

/** Reads a snapshot; also serves `Snapshot.get`, where nothing is known of it yet. */
export async function readSnapshot(
  runtime: ProviderRuntime,
  id: SnapshotRef,
  props: Partial<SnapshotState>,
): Promise<ReadAnswer> {
  const address = parseSnapshotId(id);
  const account = await runtime.account();
  const notBefore = runtime.clock.now() - REFRESH_WINDOW_MS;
  const located = await locate(account, address, notBefore);
  if (located.snapshot === undefined) {
    // Nothing is known of it yet: the program reads one that it does not own, and a blank answer would go unnoticed.
    if (!props.snapshotId)
      throw notOnServer(located.listing, address, `read snapshot ${id}`, {
        foreign: (other) => `give the import, or Snapshot.get, the id "${other}", if that server is meant.`,
        missing:
          "list the existing ones with getSnapshots(), and correct the id of the import or of Snapshot.get.",
      });
    await confirmGone(account, address, located);
    return { id: "", props: {} };
  }
  const server =
    located.server ??
    (props.serverName === undefined ? await account.listing.server(address.cloudId, notBefore) : undefined);
  const { listed, source } = await account.listing.account(notBefore, address.cloudId);
  const progress = runtime.progress(props.resourceUrn);
  if (source !== "none" && recordOf(props) !== undefined && !listed.has(address.snapshotId))
    account.listing.sayShort(progress, id);
  const zone = (): string => located.listing.zone(account.settings.timeZone, runtime.clock.now());
  const state = refreshState(props, located.snapshot, { cloudId: address.cloudId, server, zone });
  if (isFailure(state.status) && props.snapshotId) {
    const advice =
      state.recorded === undefined
        ? "It was never Active: the next `pulumi up` takes a new one and deletes this one."
        : "It was Active once and is kept: ask Utho's support about it, change `triggers` to take a new one, or remove the resource.";
    progress.warn(failedText(id, state, advice));
  }
  await progress.flush();
  return { id: formatSnapshotId(address), props: plain(state) };
}
