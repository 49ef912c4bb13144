import type { Server, Snapshot } from "../../client";
import { toInstant } from "../../client/time";
import { type RawInputs, textOf } from "../engine/inputs";
import { ProviderFailure } from "../failure";
import { locate } from "./find";
import { formatSnapshotId, type SnapshotAddress } from "./names";
import type { Account, ProviderRuntime } from "./runtime";
import { isActive } from "./status";

/** Says which input a program should name otherwise, once for each resource; to be called before its check is noted. */
export async function adviseName(
  { memory, progress: progressOf }: ProviderRuntime,
  news: RawInputs,
): Promise<void> {
  const urn = textOf(news, "resourceUrn");
  if ((news.snapshotId ?? null) === null || memory.programOf(urn) !== undefined) return;
  const progress = progressOf(urn);
  progress.warn(
    "The input `snapshotId` is called `snapshot` now. Write `snapshot` in the program; it changes nothing.",
  );
  await progress.flush();
}

/** A snapshot that can be restored or cloned. */
export interface Source {
  snapshot: Snapshot;
  /** The server it was taken of; `undefined`: Utho no longer knows it. */
  server: Server | undefined;
  /** ISO 8601. */
  createdAt: string | undefined;
}

/** Finds the snapshot to restore or to clone, and refuses one that cannot be used. Changes nothing. */
export async function findSource(
  account: Account,
  address: SnapshotAddress,
  times: { notBefore: number; now: number },
  attempted: string,
): Promise<Source> {
  const { snapshot, listing, ...located } = await locate(account, address, times.notBefore);
  if (snapshot === undefined) throw await notThere(account, address, times.notBefore, attempted);
  // If no listing shows a status, Utho itself refuses what cannot be used.
  if (snapshot.status !== undefined && !isActive(snapshot.status)) {
    throw notActive(address, snapshot.status.word, attempted);
  }
  const zone = listing.zone(account.settings.timeZone, times.now);
  return {
    snapshot,
    server: located.server ?? (await account.listing.server(address.cloudId, times.notBefore)),
    createdAt: snapshot.createdAt === undefined ? undefined : toInstant(snapshot.createdAt, zone),
  };
}

/** Utho writes GB for sizes that may be GiB, so a snapshot is too large only where it is by either measure. */
const GB_PER_GIB = 1.074;

/** Refuses a snapshot that the disk of its server cannot hold, as far as both sizes are known. */
export function requireRoom({ snapshot, server }: Source, attempted: string): void {
  const { sizeGb } = snapshot;
  // A disk of 0 is block storage, of unknown size.
  const diskGb = server?.diskSizeGb || undefined;
  if (sizeGb === undefined || diskGb === undefined || sizeGb <= diskGb * GB_PER_GIB) return;
  throw new ProviderFailure({
    code: "UTHO_RESTORE_DISK",
    attempted,
    because: `the snapshot holds ${sizeGb} GB, and the server's disk has ${diskGb} GB.`,
    kept: "nothing was made or changed: no safety snapshot was taken, and the server runs on.",
    next: "enlarge the server's disk in Utho's console and run again; to bring the contents back on a new server, use ServerClone with a plan whose disk holds them.",
  });
}

async function notThere(
  account: Account,
  address: SnapshotAddress,
  notBefore: number,
  attempted: string,
): Promise<ProviderFailure> {
  const listing = await account.listing.account(notBefore);
  const owner = listing.byId.get(address.snapshotId)?.cloudId;
  if (owner !== undefined && owner !== address.cloudId) {
    const id = formatSnapshotId({ cloudId: owner, snapshotId: address.snapshotId });
    return new ProviderFailure({
      code: "UTHO_SNAPSHOT_FOREIGN",
      attempted,
      because: `snapshot ${address.snapshotId} was taken of server ${owner}, not of server ${address.cloudId}; Utho restores a snapshot only onto its own server.`,
      kept: "nothing was made or changed.",
      next: `set snapshot: "${id}" if that server is meant; to put its contents on another server, use ServerClone.`,
    });
  }
  return new ProviderFailure({
    code: "UTHO_SNAPSHOT_NOT_FOUND",
    attempted,
    because: `server ${address.cloudId} has no snapshot ${address.snapshotId}; it may have been deleted.`,
    kept: "nothing was made or changed.",
    next: `list the existing ones with getSnapshots({ cloudId: "${address.cloudId}" }).`,
  });
}

function notActive(address: SnapshotAddress, status: string, attempted: string): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_SNAPSHOT_NOT_ACTIVE",
    attempted,
    because: `the status of snapshot ${formatSnapshotId(address)} is "${status}"; only an Active one can be used.`,
    kept: "nothing was made or changed.",
    next: "wait until it is Active and run again, or name another snapshot; getSnapshots() lists the Active ones.",
  });
}
