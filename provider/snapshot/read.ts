import { plain } from "../plain";
import type { ProviderRuntime } from "../runtime";
import { parseSnapshotId } from "../snapshotid";
import type { SnapshotState } from "./contract";
import { locate } from "./locate";
import { zoneOf } from "./mapping";
import { refreshState } from "./outputs";

export interface ReadAnswer {
  /** Blank: the snapshot is gone. */
  id: string;
  props: Record<string, unknown>;
}

/** How old an answer a read may use: all reads of one refresh share one listing, however many they are. */
const REFRESH_WINDOW_MS = 60_000;

/** Reads a snapshot; also serves `Snapshot.get`, where nothing is known of it yet. */
export async function readSnapshot(
  runtime: ProviderRuntime,
  id: string,
  props: Partial<SnapshotState>,
): Promise<ReadAnswer> {
  const address = parseSnapshotId(id);
  const account = await runtime.account();
  const notBefore = runtime.clock.now() - REFRESH_WINDOW_MS;
  const located = await locate(account, address, notBefore);
  if (located.snapshot === undefined) return { id: "", props: {} };
  const server =
    located.server ??
    (props.serverName === undefined ? await account.listing.server(address.cloudId, notBefore) : undefined);
  const zone = (): string => zoneOf(located.seen, account.settings.timeZone, runtime.clock.now());
  const state = refreshState(props, located.snapshot, { cloudId: address.cloudId, server, zone });
  return { id, props: plain(state) };
}
