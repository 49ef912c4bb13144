import type { Snapshot } from "../../client";
import type { AccountListing } from "../utho/listing";
import { formatSnapshotId } from "../utho/snapshotid";
import { UNKNOWN_STATUS } from "../utho/status";
import type { SnapshotsById } from "../utho/turn";
import type { RotationEntry } from "./contract";
import { type Membership, memberTime } from "./naming";
import type { RotationSnapshot } from "./plan/types";

/** One snapshot of the rotation as it was last seen, with what the outputs tell of it. */
export interface Member extends RotationSnapshot {
  serverName?: string | undefined;
  sizeGb?: number | undefined;
  /** The cloud's own time, of no known zone. */
  createdAt?: string | undefined;
}

/** What of a server's snapshots is the rotation's, by name: nothing else is ever touched. */
export function membersAmong(
  snapshots: Iterable<Snapshot>,
  server: { cloudId: string; serverName?: string | undefined },
  membership: Membership,
): Member[] {
  const members: Member[] = [];
  for (const snapshot of snapshots) {
    const takenAt = memberTime(snapshot.name, membership);
    if (takenAt === undefined) continue;
    members.push({
      ...server,
      id: formatSnapshotId({ cloudId: server.cloudId, snapshotId: snapshot.id }),
      name: snapshot.name,
      takenAt,
      status: snapshot.status ?? UNKNOWN_STATUS,
      sizeGb: snapshot.sizeGb,
      createdAt: snapshot.createdAt,
    });
  }
  return members;
}

/** The snapshots of one server in the account's listing. */
export function listedOf(listing: AccountListing, cloudId: string): SnapshotsById {
  const own: SnapshotsById = new Map();
  for (const snapshot of listing.byId.values()) {
    if (snapshot.cloudId === cloudId) own.set(snapshot.id, snapshot);
  }
  return own;
}

/** A member as state remembers it. */
export function memberOf(entry: RotationEntry): Member {
  const { monthlyCost: _cost, reasons: _reasons, takenAt, ...facts } = entry;
  return { ...facts, takenAt: Date.parse(takenAt) };
}

/** What a fresh look did not tell is kept from before. */
export function remembering(member: Member, known: RotationEntry | undefined): Member {
  if (known === undefined) return member;
  return {
    ...member,
    serverName: member.serverName ?? known.serverName,
    sizeGb: member.sizeGb ?? known.sizeGb,
    status: member.status === UNKNOWN_STATUS ? known.status : member.status,
  };
}
