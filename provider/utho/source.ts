import type { Server, Snapshot } from "../../client";
import { toInstant } from "../../client/walltime";
import { ProviderFailure } from "../failure";
import { zoneOf } from "./facts";
import { locate } from "./find";
import { formatSnapshotId, type SnapshotAddress } from "./names";
import type { Account } from "./runtime";
import { isActive } from "./status";

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
  const { snapshot, seen, ...located } = await locate(account, address, times.notBefore);
  if (snapshot === undefined) throw await notThere(account, address, times.notBefore, attempted);
  // Where no listing tells a status, Utho itself refuses what cannot be used.
  if (snapshot.status !== undefined && !isActive(snapshot.status)) {
    throw notActive(address, snapshot.status.word, attempted);
  }
  const zone = zoneOf(seen, account.settings.timeZone, times.now);
  return {
    snapshot,
    server: located.server ?? (await account.listing.server(address.cloudId, times.notBefore)),
    createdAt: snapshot.createdAt === undefined ? undefined : toInstant(snapshot.createdAt, zone),
  };
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
      next: `set snapshotId: "${id}" if that server is meant; to put its contents on another server, use ServerClone.`,
    });
  }
  return new ProviderFailure({
    code: "UTHO_SNAPSHOT_NOT_FOUND",
    attempted,
    because: `server ${address.cloudId} has no snapshot ${address.snapshotId}; it may have been deleted.`,
    kept: "nothing was made or changed.",
    next: `see what there is with getSnapshots({ cloudId: "${address.cloudId}" }).`,
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
