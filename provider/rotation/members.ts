import type { Snapshot } from "../../client";
import type { CloudId, SnapshotId } from "../../client/request";
import { parseDuration } from "../duration";
import type { Timeouts } from "../engine/inputs";
import type { Account } from "../utho/account";
import { byServer, fitsMoment } from "../utho/facts";
import { provesAbsence } from "../utho/find";
import { type AccountListing, merged, REFRESH_WINDOW_MS, type SnapshotsById } from "../utho/listing";
import {
  formatGeneratedName,
  formatSnapshotId,
  isLabelledBy,
  parseGeneratedName,
  parseSnapshotId,
  type SnapshotAddress,
  type SnapshotRef,
} from "../utho/names";
import { UNKNOWN_STATUS } from "../utho/status";
import { DEFAULT_TIMEOUTS } from "../utho/turn";
import type { RotationEntry } from "./contract";
import type { RotationSnapshot } from "./plan/types";
import type { RotationState } from "./state";

/** One snapshot of the rotation as it was last seen, with what the outputs show of it. */
export interface Member extends RotationSnapshot {
  serverName?: string | undefined;
  sizeGb?: number | undefined;
  /** The cloud's own time, of no known zone. */
  createdAt?: string | undefined;
}

/** What of a server's snapshots is the rotation's, by name or by state: nothing else is ever touched. */
export function membersAmong(
  snapshots: Iterable<Snapshot>,
  server: { cloudId: CloudId; serverName?: string | undefined },
  membership: Membership,
): Member[] {
  const members: Member[] = [];
  for (const snapshot of snapshots) {
    const id = formatSnapshotId({ cloudId: server.cloudId, snapshotId: snapshot.id });
    // Utho may have given the state's own a name of its own; under another one since, it was renamed.
    const entry = membership.held?.(id);
    const held = entry?.name === snapshot.name ? Date.parse(entry.takenAt) : undefined;
    const takenAt = memberTime(snapshot.name, membership) ?? held;
    if (takenAt === undefined) continue;
    members.push({
      ...server,
      id,
      name: snapshot.name,
      takenAt,
      status: snapshot.status?.word ?? UNKNOWN_STATUS,
      sizeGb: snapshot.sizeGb,
      createdAt: snapshot.createdAt,
    });
  }
  return members;
}

export function memberOf(entry: RotationEntry): Member {
  const { monthlyCost: _cost, reasons: _reasons, takenAt, ...facts } = entry;
  return { ...facts, takenAt: Date.parse(takenAt) };
}

/** What a fresh look did not show is kept from before. */
export function remembering(member: Member, known: RotationEntry | undefined): Member {
  if (known === undefined) return member;
  return {
    ...member,
    serverName: member.serverName ?? known.serverName,
    sizeGb: member.sizeGb ?? known.sizeGb,
    status: member.status === UNKNOWN_STATUS ? known.status : member.status,
  };
}

/** What a rotation's snapshots are recognised by, since Utho knows no tags. */
export interface Membership {
  mark: string;
  /** Every prefix that the rotation has used. */
  prefixes: readonly string[];
  /** What state or this run knows of a snapshot, also when its name shows nothing. */
  held?: (id: SnapshotRef) => Held | undefined;
}

export type Held = Pick<RotationEntry, "name" | "takenAt">;

/** Name of a new snapshot: `<prefix>-<mark>-<UTC time>`, for example `prod-nightly-a1b2c3-20261122t010000z`. */
export function rotationName(prefix: string, mark: string, now: number): string {
  return formatGeneratedName({ label: prefix, takenAt: now, mark });
}

/**
 * When a snapshot of this rotation was asked for, by its name; `undefined`: it does not belong to the rotation. The mark is of the rotation's
 * URN, so neither another rotation's snapshots nor those of a Snapshot resource are ever members, whatever their label.
 */
export function memberTime(name: string, { mark, prefixes }: Membership): number | undefined {
  const parts = parseGeneratedName(name);
  if (parts?.mark !== mark || !prefixes.some((one) => isLabelledBy(parts.label, one))) return undefined;
  return parts.takenAt;
}

export class Known {
  private readonly entries: ReadonlyMap<string, RotationEntry>;
  private readonly servers: ReturnType<typeof byServer<RotationEntry>>;
  private readonly recorded: ReadonlyMap<CloudId | undefined, readonly SnapshotAddress[]>;

  constructor(state: Pick<RotationState, "snapshots" | "recorded"> | undefined) {
    const { snapshots = [], recorded = [] } = state ?? {};
    this.entries = new Map(snapshots.map((one) => [one.id, one]));
    this.servers = byServer(snapshots);
    this.recorded = byServer(recorded.map(parseSnapshotId));
  }

  some(is: (entry: RotationEntry) => boolean): boolean {
    return [...this.entries.values()].some(is);
  }

  entry(id: SnapshotRef): RotationEntry | undefined {
    return this.entries.get(id);
  }

  of(cloudId: CloudId): readonly RotationEntry[] {
    return this.servers.get(cloudId) ?? [];
  }

  /** Which snapshots of a server are to be there: those that it lists, and those that were good before. */
  wanted(cloudId: CloudId): SnapshotId[] {
    const all = [
      ...this.of(cloudId).map(({ id }) => parseSnapshotId(id)),
      ...(this.recorded.get(cloudId) ?? []),
    ];
    return all.map(({ snapshotId }) => snapshotId);
  }
}

/** As they are now, or as old as those of a refresh; and which of them have a time that is not certain. */
export async function lookAtMembers(
  { account, now }: { account: Account; now: number },
  state: Pick<RotationState, "snapshots" | "recorded"> | undefined,
  membership: Omit<Membership, "held">,
  cloudIds: readonly CloudId[],
  timeouts: Timeouts | undefined,
): Promise<{ byServer: Map<CloudId, Member[]>; misdated: SnapshotRef[] }> {
  const notBefore = now - REFRESH_WINDOW_MS;
  const listing = await account.listing.account(notBefore);
  const known = new Known(state);
  const look = (cloudId: CloudId): Promise<Member[]> =>
    membersPresent(account, listing, membership, known, cloudId, notBefore);
  const present = await Promise.all(cloudIds.map(look));
  const waitMs = parseDuration(timeouts?.update ?? DEFAULT_TIMEOUTS.update) ?? 0;
  const wrong = present.flat().filter((one) => isMisdated(one, waitMs, account.settings.timeZone));
  return {
    byServer: new Map(cloudIds.map((cloudId, index) => [cloudId, present[index] ?? []])),
    misdated: wrong.map(({ id }) => id),
  };
}

/** The server itself is asked only where the account's listing lacks what state knows: a refresh stays one call. */
async function membersPresent(
  account: Account,
  listing: AccountListing,
  membership: Omit<Membership, "held">,
  known: Known,
  cloudId: CloudId,
  notBefore: number,
): Promise<Member[]> {
  const listed: SnapshotsById = new Map(listing.of(cloudId).map((one) => [one.id, one]));
  const wanted = known.wanted(cloudId);
  const lacks = wanted.some((one) => !listed.has(one));
  const server =
    lacks || listing.source === "none" ? await account.listing.server(cloudId, notBefore) : undefined;
  if (lacks && !provesAbsence(listing, server)) return known.of(cloudId).map(memberOf);
  if (lacks)
    await account.identity.confirm(`the rotation's snapshots of server ${cloudId}`, async () => {
      return server !== undefined || wanted.some((one) => listed.has(one));
    });
  for (const snapshot of server?.snapshots ?? []) {
    listed.set(snapshot.id, merged(snapshot, listed.get(snapshot.id) ?? snapshot));
  }
  const held = (id: SnapshotRef): RotationEntry | undefined => known.entry(id);
  const members = membersAmong(
    listed.values(),
    { cloudId, serverName: server?.hostname },
    { ...membership, held },
  );
  return members.map((member) => remembering(member, held(member.id)));
}

/**
 * Whether the time in a snapshot's name is not the one that the cloud noted, in any zone that Utho may write: then our
 * clock or the cloud's was wrong, and the snapshot's age is not known. The cloud's time may be later by the time that a
 * busy server was waited for.
 */
export function isMisdated(
  { takenAt, createdAt }: Member,
  waitMs: number,
  zone: string | undefined,
): boolean {
  return createdAt !== undefined && !fitsMoment(createdAt, takenAt, waitMs, zone);
}
