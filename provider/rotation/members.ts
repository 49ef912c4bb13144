import type { Snapshot } from "../../client";
import { grouped } from "../../client/compact";
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
import type { RotationInputs, RotationLoss } from "./contract";
import type { RotationSnapshot, RunFacts } from "./plan/types";
import { prefixOf } from "./settings";
import type { RotationState } from "./state";

/** Name of a new snapshot: `<prefix>-<mark>-<UTC time>`, for example `prod-nightly-a1b2c3-20261122t010000z`. */
export function rotationName(prefix: string, mark: string, now: number): string {
  return formatGeneratedName({ label: prefix, takenAt: now, mark });
}

/** What a rotation's snapshots are recognised by, since Utho knows no tags. */
interface Membership {
  mark: string;
  /** Every prefix that the rotation has used; without one the mark is the only evidence. */
  prefixes: readonly string[];
}

/**
 * When a snapshot of this rotation was asked for, by its name; `undefined`: it does not belong to the rotation. The mark is of the rotation's
 * URN, so neither another rotation's snapshots nor those of a Snapshot resource are ever members, whatever their label.
 */
export function memberTime(name: string, { mark, prefixes }: Membership): number | undefined {
  const parts = parseGeneratedName(name);
  if (parts?.mark !== mark) return undefined;
  const known = prefixes.filter((one) => one !== "");
  const isKnown = known.length === 0 || known.some((one) => isLabelledBy(parts.label, one));
  return isKnown ? parts.takenAt : undefined;
}

/** What is known of a rotation's snapshots: by its state, and by what this run has done. */
export class Known implements Membership {
  readonly mark: string;
  readonly prefixes: readonly string[];
  private readonly entries = new Map<SnapshotRef, RotationSnapshot>();
  private readonly servers: ReturnType<typeof byServer<RotationSnapshot>>;
  private readonly recorded: ReturnType<typeof byServer<SnapshotAddress>>;
  private lost: ReadonlyMap<CloudId, readonly RotationLoss[]> | undefined;
  /** Ids that earlier runs asked Utho to delete. */
  readonly owed: ReadonlySet<SnapshotRef>;
  /** Ids that are by now another resource's, which had adopted them: they stay. */
  readonly spared: ReadonlySet<SnapshotRef>;
  private readonly misdated: ReadonlySet<SnapshotRef>;
  private readonly neverData: Set<SnapshotRef>;
  private readonly promised: ReadonlyMap<CloudId, number>;
  /** Those that this run took, under the names that Utho gave them. */
  private readonly taken = new Map<SnapshotRef, { name: string; takenAt: number }>();

  /** @param state `undefined`: the rotation is new to it, and deletes nothing yet (docs/decisions/0036) */
  constructor(
    readonly state: RotationState | undefined,
    inputs: Pick<RotationInputs, "mark" | "namePrefix" | "ownPrefix">,
  ) {
    // The mark of the state is that of the snapshots that there are.
    this.mark = state?.mark || inputs.mark;
    this.prefixes = [...new Set([...(state?.prefixes ?? []), prefixOf(inputs)])];
    this.owed = new Set(state?.owed);
    this.spared = new Set(state?.spared);
    this.misdated = new Set(state?.misdated);
    this.neverData = new Set(state?.neverData);
    for (const { monthlyCost: _cost, reasons: _reasons, takenAt, ...facts } of state?.snapshots ?? [])
      this.entries.set(facts.id, { ...facts, takenAt: Date.parse(takenAt), ...this.flagsOf(facts.id) });
    this.servers = byServer(this.entries.values());
    this.recorded = byServer((state?.recorded ?? []).map(parseSnapshotId));
    const due = Date.parse(state?.nextDue ?? "");
    this.promised = new Map(Number.isNaN(due) ? [] : state?.cloudIds.map((cloudId) => [cloudId, due]));
  }

  flagsOf(id: SnapshotRef): Pick<RotationSnapshot, "isMisdated" | "neverData"> {
    return { isMisdated: this.misdated.has(id), neverData: this.neverData.has(id) };
  }

  entry(id: SnapshotRef): RotationSnapshot | undefined {
    return this.entries.get(id);
  }

  all(): RotationSnapshot[] {
    return [...this.entries.values()];
  }

  of(cloudId: CloudId): readonly RotationSnapshot[] {
    return this.servers.get(cloudId) ?? [];
  }

  /** Hostname of a server when it was last seen, which may be all that is left of it. */
  hostname(cloudId: CloudId): string | undefined {
    this.lost ??= grouped(Object.values(this.state?.losses ?? {}), (one) => one.cloudId);
    const known = [...this.of(cloudId), ...(this.lost.get(cloudId) ?? [])];
    return known.find(({ serverName }) => serverName)?.serverName;
  }

  /** Which snapshots of a server are to be there: those that it lists, and those that were good before. */
  wanted(cloudId: CloudId): SnapshotId[] {
    const listed = this.of(cloudId).map(({ id }) => parseSnapshotId(id));
    return [...listed, ...(this.recorded.get(cloudId) ?? [])].map(({ snapshotId }) => snapshotId);
  }

  /** When the next snapshot of a server was to be due. */
  runFacts(cloudId: CloudId): RunFacts {
    return { promisedAt: this.promised.get(cloudId) };
  }

  /** Why it stays, whether or not this run meets the resource that had adopted it. */
  whySpared(id: SnapshotRef): string | undefined {
    return this.spared.has(id) ? "another resource had adopted it" : undefined;
  }

  noteTaken(id: SnapshotRef, taken: { name: string; takenAt: number }): void {
    this.taken.set(id, taken);
  }

  noteFailed(id: SnapshotRef): void {
    this.neverData.add(id);
  }

  /** When the snapshot of this name was asked for; `undefined`: the name shows no snapshot of the rotation. */
  timeIn(name: string): number | undefined {
    return memberTime(name, this);
  }

  /**
   * What of a server's snapshots is the rotation's, by name or by state: nothing else is ever touched.
   * @param clocks the zone of the cloud's clock, and how much later than asked for it may have begun
   */
  membersAmong(
    snapshots: Iterable<Snapshot>,
    server: { cloudId: CloudId; serverName?: string | undefined },
    clocks: { waitMs: number; timeZone: string | undefined },
  ): RotationSnapshot[] {
    const members: RotationSnapshot[] = [];
    for (const { id: snapshotId, name, status, sizeGb, createdAt } of snapshots) {
      const id = formatSnapshotId({ cloudId: server.cloudId, snapshotId });
      // Utho may have given the state's own a name of its own; under another one since, it was renamed.
      const entry = this.taken.get(id) ?? this.entries.get(id);
      const held = entry?.name === name ? entry.takenAt : undefined;
      const takenAt = this.timeIn(name) ?? held;
      if (takenAt === undefined) continue;
      const flags = this.flagsOf(id);
      // Where the cloud's time fits in no zone, our clock or the cloud's was wrong.
      if (createdAt !== undefined && !fitsMoment(createdAt, takenAt, clocks.waitMs, clocks.timeZone))
        flags.isMisdated = true;
      members.push({
        ...server,
        id,
        name,
        takenAt,
        status: status?.word ?? UNKNOWN_STATUS,
        sizeGb,
        ...flags,
      });
    }
    return members;
  }

  /** What a fresh look did not show is kept from before. */
  remembering(member: RotationSnapshot): RotationSnapshot {
    const known = this.entry(member.id);
    if (known === undefined) return member;
    return {
      ...member,
      serverName: member.serverName ?? known.serverName,
      sizeGb: member.sizeGb ?? known.sizeGb,
      status: member.status === UNKNOWN_STATUS ? known.status : member.status,
    };
  }
}

/** A rotation's snapshots by server as they are now, or as old as those of a refresh. */
export async function lookAtMembers(
  account: Account,
  known: Known,
  cloudIds: readonly CloudId[],
  { timeouts }: Pick<RotationInputs, "timeouts">,
  now: number,
): Promise<Map<CloudId, readonly RotationSnapshot[]>> {
  const notBefore = now - REFRESH_WINDOW_MS;
  const listing = await account.listing.account(notBefore, cloudIds);
  const waitMs = waitOf(timeouts);
  const look = (cloudId: CloudId) => membersPresent(account, listing, known, { cloudId, notBefore, waitMs });
  const present = await Promise.all(cloudIds.map(look));
  return new Map(cloudIds.map((cloudId, index) => [cloudId, present[index] ?? []]));
}

/** How long an update may wait for a busy server before it takes a snapshot, in milliseconds. */
export function waitOf(timeouts: Timeouts | undefined): number {
  return parseDuration(timeouts?.update ?? DEFAULT_TIMEOUTS.update) ?? 0;
}

/** The server itself is asked only where the account's listing lacks what state knows: a refresh stays one call. */
async function membersPresent(
  account: Account,
  listing: AccountListing,
  known: Known,
  { cloudId, notBefore, waitMs }: { cloudId: CloudId; notBefore: number; waitMs: number },
): Promise<readonly RotationSnapshot[]> {
  const listed: SnapshotsById = new Map(listing.of(cloudId).map((one) => [one.id, one]));
  const wanted = known.wanted(cloudId);
  const lacks = wanted.some((one) => !listed.has(one));
  const server =
    lacks || listing.source === "none" ? await account.listing.server(cloudId, notBefore) : undefined;
  if (lacks && !provesAbsence(listing, server)) return known.of(cloudId);
  if (lacks)
    await account.identity.confirm(`the rotation's snapshots of server ${cloudId}`, async () => {
      const isThere = ({ id }: RotationSnapshot) => listing.byId.has(parseSnapshotId(id).snapshotId);
      return server !== undefined || wanted.some((one) => listed.has(one)) || known.all().some(isThere);
    });
  for (const snapshot of server?.snapshots ?? []) {
    listed.set(snapshot.id, merged(snapshot, listed.get(snapshot.id) ?? snapshot));
  }
  const { timeZone } = account.settings;
  const clocks = { waitMs, timeZone };
  return known
    .membersAmong(listed.values(), { cloudId, serverName: server?.hostname }, clocks)
    .map((member) => known.remembering(member));
}
