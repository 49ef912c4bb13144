import type { Server, Snapshot } from "../../client";
import { toInstant } from "../../client/time";
import { ProviderFailure } from "../failure";
import { locate, notOnServer } from "./find";
import { formatSnapshotId, type SnapshotAddress } from "./names";
import type { Account } from "./runtime";
import { isActive } from "./status";

export interface Source {
  snapshot: Snapshot;
  /** The server it was taken of; `undefined`: Utho no longer knows it. */
  server: Server | undefined;
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
  if (snapshot === undefined)
    throw notOnServer(await account.listing.account(times.notBefore), address, attempted, {
      foreign: (id) =>
        `set snapshot: "${id}" if that server is meant; Utho restores a snapshot only onto its own server, and ServerClone puts its contents on another one.`,
      missing: `list the existing ones with getSnapshots({ cloudId: "${address.cloudId}" }).`,
    });
  // If no listing shows a status, Utho itself refuses what cannot be used.
  if (snapshot.status !== undefined && !isActive(snapshot.status)) {
    throw new ProviderFailure({
      code: "UTHO_SNAPSHOT_NOT_ACTIVE",
      attempted,
      because: `the status of snapshot ${formatSnapshotId(address)} is "${snapshot.status.word}"; only an Active one can be used.`,
      kept: "nothing was made or changed.",
      next: "wait until it is Active and run again, or name another snapshot; getSnapshots() lists the Active ones.",
    });
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
