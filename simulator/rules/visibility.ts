import type { ServerRecord } from "../store/server";
import type { SnapshotRecord } from "../store/snapshot";
import { Refusal } from "./refusal";
import type { World } from "./world";

/** The snapshots that a listing of the account can show, and how many its `meta` counts. */
export interface AccountListing {
  rows: SnapshotRecord[];
  total: number;
}

/** What the listings of the account show of the `wanted` ones: late, incomplete or outdated as the settings say. */
export function accountSnapshots(world: World, wanted: (one: SnapshotRecord) => boolean): AccountListing {
  const now = world.now();
  const { accountListingLagMs, listingsDisagreeForMs, snapshotListingTotal } = world.settings;
  const late = Math.max(accountListingLagMs, listingsDisagreeForMs);
  const all = [...world.state.snapshots.values()]
    .filter((one) => one.knownSince + late <= now)
    .filter((one) => one.deletedAt === undefined || one.deletedAt + listingsDisagreeForMs > now)
    .map((one) => withNameAt(one, now));
  const rows = withoutLacking(world, all).filter(wanted);
  return { rows, total: snapshotListingTotal === "all" ? all.filter(wanted).length : rows.length };
}

function withoutLacking({ settings }: World, all: readonly SnapshotRecord[]): SnapshotRecord[] {
  const { bulkListingLacks, snapshotListingCap } = settings;
  const shown = all.slice(0, snapshotListingCap ?? undefined);
  if (typeof bulkListingLacks !== "number") {
    return shown.filter((one) => !bulkListingLacks.includes(one.id));
  }
  return bulkListingLacks === 0 ? shown : shown.slice(0, -bulkListingLacks);
}

function withNameAt(snapshot: SnapshotRecord, now: number): SnapshotRecord {
  const { formerName } = snapshot;
  if (formerName === undefined || formerName.until <= now) return snapshot;
  return { ...snapshot, name: formerName.name };
}

/** What a server's own answer shows of its snapshots. */
export function snapshotsOfServer(world: World, cloudId: string): SnapshotRecord[] {
  const now = world.now();
  return world.state
    .livingSnapshots(cloudId)
    .filter((one) => one.knownSince + world.settings.serverListingLagMs <= now);
}

/** The part of a query that asks for a page. */
export interface Asked {
  page?: unknown;
  perpage?: unknown;
}

/** Rows of a page, and what its `meta` says. */
export interface Page<Row> {
  rows: Row[];
  total: number;
  totalPages: number;
  currentPage: number;
}

/** One page of the servers; `pageShift` moves the list between two pages. */
export function serverPage(world: World, asked: Asked): Page<ServerRecord> {
  const now = world.now();
  const { defaultPerPage, newServerListingLagMs, pageShift } = world.settings;
  const all = [...world.state.servers.values()].filter(
    (one) => one.knownSince + newServerListingLagMs <= now,
  );
  return pageOf(world, all, asked, { perPage: defaultPerPage, shift: pageShift });
}

/** A page of `all`, with so many rows where the query does not say how many; `counted`: how many rows it is of. */
export function pageOf<Row>(
  world: World,
  all: readonly Row[],
  asked: Asked,
  { perPage, shift, counted = all.length }: { perPage: number; shift: number; counted?: number },
): Page<Row> {
  const { maxPerPage, pageParameter } = world.settings;
  const wanted = positive("page", asked.page, 1);
  const currentPage = pageParameter === "ignored" ? 1 : wanted;
  const size = Math.min(positive("perpage", asked.perpage, perPage), maxPerPage);
  const shifted = shift * (currentPage - 1);
  const start = Math.max(0, (currentPage - 1) * size - shifted);
  const total = Math.max(0, counted + shifted);
  return {
    rows: all.slice(start, start + size),
    total,
    totalPages: Math.max(1, Math.ceil(total / size)),
    currentPage,
  };
}

function positive(name: string, text: unknown, otherwise: number): number {
  if (text === undefined || text === "") return otherwise;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new Refusal("invalid", `The ${name} must be a number of at least 1`);
}
