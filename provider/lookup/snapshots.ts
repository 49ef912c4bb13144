import type { Snapshot } from "../../client";
import type { CloudId } from "../../client/id";
import { toFacts, zoneOf } from "../utho/facts";
import { formatSnapshotId } from "../utho/names";
import type { Account, ProviderRuntime } from "../utho/runtime";
import { isActive, UNKNOWN_STATUS } from "../utho/status";
import { merged } from "../utho/turn";
import { applyFilters, type Filtered, filtersOf, newestOf, type Subject, single } from "./filter";
import type { LookupFilters, SnapshotInfo } from "./types";

/** A program's look-ups share answers this long unless it changes something: it describes one moment. */
const LOOKUP_WINDOW_MS = 30_000;

export async function findSnapshots(
  runtime: ProviderRuntime,
  filters: LookupFilters,
  maxAgeMs = LOOKUP_WINDOW_MS,
): Promise<SnapshotInfo[]> {
  return (await filtered(runtime, filters, maxAgeMs)).items;
}

export async function findSnapshot(
  runtime: ProviderRuntime,
  filters: LookupFilters,
  maxAgeMs = LOOKUP_WINDOW_MS,
): Promise<SnapshotInfo> {
  return single(
    "snapshot",
    await filtered(runtime, filters, maxAgeMs),
    (s) => `${s.id} "${s.name}" of ${s.createdAt ?? "unknown time"}`,
  );
}

async function filtered(
  runtime: ProviderRuntime,
  filters: LookupFilters,
  maxAgeMs: number,
): Promise<Filtered<SnapshotInfo>> {
  const chain = filtersOf(filters, { label: "status Active (default)", keeps: isUsable });
  const account = await runtime.account();
  const notBefore = runtime.clock.now() - maxAgeMs;
  const snapshots = await allSnapshots(account, notBefore, filters.cloudId);
  const zone = zoneOf(snapshots, account.settings.timeZone, runtime.clock.now());
  const result = applyFilters(
    "snapshots",
    snapshots.map((snapshot) => toInfo(snapshot, zone)),
    chain,
    (info) => info,
  );
  if (filters.mostRecent !== true) return result;
  return { ...result, items: newestOf(result.items, ({ snapshotId }) => snapshotId) };
}

/** Every snapshot of the account; if no listing of the account shows them and their servers, server by server. */
export async function allSnapshots(
  account: Account,
  notBefore: number,
  cloudId: CloudId | undefined,
): Promise<Snapshot[]> {
  const listing = await account.listing.account(notBefore);
  const listed = [...listing.byId.values()];
  if (listing.source !== "none" && listed.every((snapshot) => snapshot.cloudId !== undefined)) return listed;
  const ids =
    cloudId === undefined ? (await account.client.servers.list()).map((server) => server.cloudId) : [cloudId];
  const servers = await Promise.all(ids.map((id) => account.listing.server(id, notBefore)));
  return servers.flatMap((server) =>
    (server?.snapshots ?? []).map((own) => merged(listing.byId.get(own.id), own)),
  );
}

function toInfo(snapshot: Snapshot, zone: string): SnapshotInfo {
  const cloudId = snapshot.cloudId ?? "";
  const {
    serverName: _none,
    location: _unknown,
    ...facts
  } = toFacts(snapshot, { cloudId, zone: () => zone });
  return { id: formatSnapshotId(facts), ...facts };
}

/** A status that no listing shows is no reason to hide a snapshot, unless the program asked for a status. */
function isUsable({ status }: Subject): boolean {
  return isActive(status) || status === UNKNOWN_STATUS;
}
