import type { Account } from "../utho/account";
import type { AccountListing } from "../utho/listing";
import { tells } from "../utho/locate";
import { parseSnapshotId } from "../utho/snapshotid";
import { merged } from "../utho/turn";
import type { RotationState } from "./contract";
import { listedOf, type Member, memberOf, membersAmong, remembering } from "./members";
import type { Membership } from "./naming";

/** What state knows of the rotation's snapshots, and what they are recognised by. */
export type KnownMembers = Membership & Pick<RotationState, "snapshots" | "recorded">;

/**
 * The rotation's snapshots of one server as they are now. The server itself is asked only where the account's listing
 * lacks what state knows: a refresh stays one call.
 */
export async function membersPresent(
  account: Account,
  listing: AccountListing,
  state: KnownMembers,
  cloudId: string,
  notBefore: number,
): Promise<Member[]> {
  const known = new Map(state.snapshots.filter((one) => one.cloudId === cloudId).map((one) => [one.id, one]));
  const listed = listedOf(listing, cloudId);
  const wanted = [...known.keys(), ...state.recorded.filter((one) => one.startsWith(`${cloudId}/`))];
  const lacks = wanted.some((one) => !listed.has(parseSnapshotId(one).snapshotId));
  const server =
    lacks || listing.source === "none" ? await account.listing.server(cloudId, notBefore) : undefined;
  if (lacks && !tells(listing, server)) return [...known.values()].map(memberOf);
  if (lacks)
    await account.identity.confirm(`the rotation's snapshots of server ${cloudId}`, async () => {
      return server !== undefined || wanted.some((one) => listed.has(parseSnapshotId(one).snapshotId));
    });
  for (const snapshot of server?.snapshots ?? []) {
    listed.set(snapshot.id, merged(snapshot, listed.get(snapshot.id) ?? snapshot));
  }
  const members = membersAmong(listed.values(), { cloudId, serverName: server?.hostname }, state);
  return members.map((member) => remembering(member, known.get(member.id)));
}
