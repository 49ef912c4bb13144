import type { Server, Snapshot } from "../../client";
import { ProviderFailure } from "../failure";
import type { AccountListing } from "./listing";
import type { Account } from "./runtime";
import { formatSnapshotId, type SnapshotAddress } from "./snapshotid";
import { isDeleted } from "./status";
import { merged } from "./turn";

/** Where a snapshot was found; `snapshot` undefined: it is gone. `server` only where it had to be asked. */
export interface Located {
  snapshot: Snapshot | undefined;
  server?: Server | undefined;
  /** Snapshots seen on the way, for judging the cloud's time zone. */
  seen: Snapshot[];
}

/**
 * Finds a snapshot in the shared listing. One that the listing lacks, or shows as deleted, is given up as gone only
 * after its server's own answer lacks it too; an answer that is an error is never "gone".
 */
export async function locate(
  account: Account,
  address: SnapshotAddress,
  notBefore: number,
): Promise<Located> {
  const listing = await account.listing.account(notBefore, address.cloudId);
  const seen = [...listing.byId.values()];
  const listed = listing.byId.get(address.snapshotId);
  const living = listed !== undefined && !isDeleted(listed.status);
  if (living && belongsTo(listed, address.cloudId)) return { snapshot: listed, seen };
  const server = await account.listing.server(address.cloudId, notBefore);
  const own = server?.snapshots?.find(({ id }) => id === address.snapshotId);
  if (own !== undefined) return { snapshot: merged(listed, own), server, seen };
  // On its way out by one listing, and the other tells no snapshots at all: it is not gone yet.
  const untold = server !== undefined && server.snapshots === undefined;
  if (listed !== undefined && untold && belongsTo(listed, address.cloudId))
    return { snapshot: listed, server, seen };
  if (!tells(listing, server)) throw cannotTell(address, server);
  return { snapshot: undefined, server, seen };
}

/** Throws where a snapshot that was not found may be another account's, and so is not gone. */
export async function confirmGone(
  account: Account,
  address: SnapshotAddress,
  { server }: Located,
): Promise<void> {
  const what = `snapshot ${formatSnapshotId(address)}`;
  await account.identity.confirm(what, async () => {
    return (server ?? (await account.client.servers.get(address.cloudId))) !== undefined;
  });
}

/** Whether an absence proves anything: servers that list their own snapshots tell nothing of a server that is no more. */
export function tells(listing: AccountListing, server: Server | undefined): boolean {
  if (listing.source === "none") return server?.snapshots !== undefined;
  return listing.source !== "servers" || server !== undefined;
}

/** A listing of the account may not say whose a snapshot is; then its id alone decides. */
function belongsTo(snapshot: Snapshot, cloudId: string): boolean {
  return snapshot.cloudId === undefined || snapshot.cloudId === cloudId;
}

function cannotTell(address: SnapshotAddress, server: Server | undefined): ProviderFailure {
  const id = formatSnapshotId(address);
  return new ProviderFailure({
    code: "UTHO_CANNOT_TELL",
    attempted: `see whether snapshot ${id} still exists`,
    because:
      server === undefined
        ? `Utho no longer knows server ${address.cloudId}, and offers no listing of the account's snapshots; whether snapshots outlive their server is not documented.`
        : `Utho's answer for server ${address.cloudId} tells no snapshots, and no other listing is offered.`,
    kept: `snapshot ${id} stays in state.`,
    next: "look for it in Utho's console; if it is gone, run `pulumi state delete <urn>`.",
  });
}
