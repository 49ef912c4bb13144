import type { Server, Snapshot } from "../../client";
import { compact } from "../../client/compact";
import type { CloudId } from "../../client/request";
import { toInstant } from "../../client/time";
import { ASSUMED_ZONE, inferZone, monthlyCost, placeOf, toFacts, zoneOf } from "../utho/facts";
import { type AccountListing, merged } from "../utho/listing";
import { formatSnapshotId } from "../utho/names";
import type { Account, ProviderRuntime } from "../utho/runtime";
import { mayBeActive } from "../utho/status";
import { applyFilters, type Filtered, filtersOf, newestOf, type Subject, single } from "./filter";
import type { LookupFilters, ServerInfo, SnapshotInfo } from "./types";

/** A program's look-ups share answers this long unless it changes something: it describes one moment. */
const LOOKUP_WINDOW_MS = 30_000;

export async function findSnapshots(
  runtime: ProviderRuntime,
  filters: LookupFilters,
  maxAgeMs = LOOKUP_WINDOW_MS,
): Promise<SnapshotInfo[]> {
  return (await filteredSnapshots(runtime, filters, maxAgeMs)).items;
}

export async function findSnapshot(
  runtime: ProviderRuntime,
  filters: LookupFilters,
  maxAgeMs = LOOKUP_WINDOW_MS,
): Promise<SnapshotInfo> {
  return single(
    "snapshot",
    await filteredSnapshots(runtime, filters, maxAgeMs),
    (s) => `${s.id} "${s.name}" of ${s.createdAt ?? "unknown time"}`,
  );
}

async function filteredSnapshots(
  runtime: ProviderRuntime,
  filters: LookupFilters,
  maxAgeMs: number,
): Promise<Filtered<SnapshotInfo>> {
  // A status that no listing shows is no reason to hide a snapshot, unless the program asked for a status.
  const usable = { label: "status Active (default)", keeps: (one: Subject) => mayBeActive(one.status) };
  const chain = filtersOf(filters, usable);
  const account = await runtime.account();
  const notBefore = runtime.clock.now() - maxAgeMs;
  const snapshots = await allSnapshots(account, notBefore, filters.cloudId ?? undefined);
  const zone = zoneOf(snapshots, account.settings.timeZone, runtime.clock.now());
  const result = applyFilters(
    "snapshots",
    snapshots.map((snapshot) => snapshotInfo(snapshot, zone)),
    chain,
    (info) => info,
  );
  if (filters.mostRecent !== true) return result;
  return { ...result, items: newestOf(result.items, ({ snapshotId }) => snapshotId) };
}

/** A server's answer decides for its own: one is always asked, all of them where the listing cannot be whole. */
export async function allSnapshots(
  account: Account,
  notBefore: number,
  cloudId: CloudId | undefined,
): Promise<Snapshot[]> {
  const [listing, asked] = await Promise.all([
    account.listing.account(notBefore),
    cloudId === undefined ? undefined : account.listing.server(cloudId, notBefore),
  ]);
  const listed = [...listing.byId.values()];
  const isWhole = listing.source !== "none" && listed.every((snapshot) => snapshot.cloudId !== undefined);
  if (cloudId !== undefined)
    return withOwn(isWhole ? listed : [], listing, asked === undefined ? [] : [asked]);
  if (isWhole) {
    // A listing that ends early does so at a round number: 100 of 101, 300 of 301.
    const mayBeCut = listed.length > 0 && listed.length % 50 === 0;
    const isDoubtful = account.listing.isShort || mayBeCut;
    const servers = isDoubtful ? account.listing.servers : account.listing.knownServers;
    return withOwn(listed, listing, await servers.call(account.listing, notBefore));
  }
  const rows = await account.listing.servers(notBefore);
  const servers = await Promise.all(rows.map((row) => account.listing.server(row.cloudId, notBefore)));
  const known = servers.filter((server) => server !== undefined);
  return withOwn([], listing, known);
}

/** What is listed, and what the servers show besides and more exactly. */
export function withOwn(
  listed: readonly Snapshot[],
  listing: AccountListing,
  servers: readonly Server[],
): Snapshot[] {
  const all = new Map(listed.map((one) => [one.id, one]));
  for (const { cloudId, snapshots = [] } of servers)
    for (const own of snapshots) all.set(own.id, { ...merged(listing.byId.get(own.id), own), cloudId });
  return [...all.values()];
}

function snapshotInfo(snapshot: Snapshot, zone: string): SnapshotInfo {
  const cloudId = snapshot.cloudId ?? "";
  const {
    serverName: _none,
    location: _unknown,
    ...facts
  } = toFacts(snapshot, { cloudId, zone: () => zone });
  return { id: formatSnapshotId(facts), ...facts };
}

export async function findServers(runtime: ProviderRuntime, filters: LookupFilters): Promise<ServerInfo[]> {
  return (await filteredServers(runtime, filters)).items;
}

export async function findServer(runtime: ProviderRuntime, filters: LookupFilters): Promise<ServerInfo> {
  return single("server", await filteredServers(runtime, filters), (s) => `${s.cloudId} (${s.hostname})`);
}

async function filteredServers(
  runtime: ProviderRuntime,
  filters: LookupFilters,
): Promise<Filtered<ServerInfo>> {
  // A stopped server has data too, and a backup of "all servers" must not miss it: no status is the default.
  const chain = filtersOf(filters);
  const account = await runtime.account();
  const servers = await account.listing.servers(runtime.clock.now());
  const walls = servers.flatMap(({ createdAt }) => createdAt ?? []);
  const zone = account.settings.timeZone ?? inferZone([], walls, runtime.clock.now()) ?? ASSUMED_ZONE;
  const result = applyFilters(
    "servers",
    servers.map((server) => serverInfo(server, zone)),
    chain,
    (info) => ({ ...info, name: info.hostname }),
  );
  if (filters.mostRecent !== true) return result;
  return { ...result, items: newestOf(result.items, ({ cloudId }) => cloudId) };
}

function serverInfo(server: Server, zone: string): ServerInfo {
  return compact({
    cloudId: server.cloudId,
    hostname: server.hostname,
    status: server.status?.word,
    powerStatus: server.powerStatus?.word,
    ip: server.ip,
    diskSizeGb: server.diskSizeGb,
    location: placeOf(server),
    dcslug: server.location?.dc,
    createdAt: server.createdAt && toInstant(server.createdAt, zone),
    snapshotMonthlyCost: monthlyCost(server.diskSizeGb),
  } satisfies Record<keyof ServerInfo, unknown>);
}
