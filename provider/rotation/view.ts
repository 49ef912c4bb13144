import type { Server, Snapshot } from "../../client";
import type { CloudId } from "../../client/request";
import type { Progress } from "../engine/progress";
import { ProviderFailure } from "../failure";
import {
  type AccountListing,
  merged,
  pollFreshness,
  type SnapshotsById,
  snapshotsPresent,
} from "../utho/listing";
import { formatSnapshotId, parseSnapshotId, type SnapshotRef } from "../utho/names";
import type { Operation, ProviderRuntime } from "../utho/runtime";
import type { RotationInputs } from "./contract";
import { decide, decideDeparted, spareIn } from "./decide";
import { Known } from "./members";
import { placeOf, type ServerOutcome } from "./outcome";
import type { RotationSnapshot, ServerPlan } from "./plan/types";
import type { RotationState } from "./state";

/** From so many servers on, the list of all of them costs less than a look at each. */
const MANY = 100;

/** One server during its turn: what is there as last seen, and what was done. */
export class ServerView {
  present: SnapshotsById = new Map();
  /** Ids of members that this run saw become Active. */
  readonly fresh = new Set<string>();
  hasServer = true;
  /** Its own word of its snapshots. */
  private listedByServer: ReadonlySet<string> | undefined;
  private lookedAt: number | undefined;
  /** The same until something else is seen: a plan asks several times, and a name takes long to read. */
  private recognised: readonly RotationSnapshot[] | undefined;
  private isTouched = false;
  /** Whether that was a row of a list: before something is taken the server itself is asked. */
  isByRow = false;

  constructor(
    readonly operation: Operation,
    readonly order: RotationOrder,
    readonly outcome: ServerOutcome,
  ) {}

  get cloudId(): string {
    return this.operation.cloudId;
  }

  /** Looks at the account's listing, which all servers share, and then at the server itself. */
  async look(): Promise<void> {
    const { account, clock } = this.operation;
    const notBefore = pollFreshness(this.operation, account.listing.firstBegun(this.order.startedAt));
    const listing = await account.listing.account(notBefore, this.cloudId);
    const row = this.lookedAt === undefined ? await this.rowOf(listing) : undefined;
    this.isByRow = row !== undefined;
    const server = row ?? (await account.listing.server(this.cloudId, clock.now()));
    this.present = await snapshotsPresent(this.operation, server);
    this.disownDisputed(server?.snapshots ?? []);
    this.listedByServer = server?.snapshots && new Set(server.snapshots.map(({ id }) => id));
    this.outcome.serverName = server?.hostname ?? this.outcome.serverName;
    this.recognised = undefined;
    this.hasServer = server !== undefined;
    const longAgo = clock.now() - account.settings.listingLag;
    const isUnlisted = ({ id, takenAt }: RotationSnapshot): boolean =>
      takenAt < longAgo && !listing.listed.has(parseSnapshotId(id).snapshotId);
    const [unlisted] = this.members().filter(isUnlisted);
    if (unlisted !== undefined && listing.source !== "none")
      account.listing.sayShort(this.operation.progress, unlisted.id);
    await this.confirmGone(listing);
    this.lookedAt = clock.now();
  }

  /**
   * The server in the list of all servers, where the account's own listing says the same of its snapshots: in a large
   * rotation the first look at each server is then one call for a hundred of them (docs/decisions/0182).
   */
  private async rowOf(listing: AccountListing): Promise<Server | undefined> {
    if (this.order.staying.size < MANY || listing.source === "none" || listing.source === "servers")
      return undefined;
    const notBefore = pollFreshness(this.operation, this.order.startedAt);
    const row = await this.operation.account.listing.listedServer(this.cloudId, notBefore);
    const names = new Map(listing.of(this.cloudId).map(({ id, name }) => [id, name]));
    const { snapshots } = row ?? {};
    const agrees =
      snapshots?.length === names.size && snapshots.every(({ id, name }) => names.get(id) === name);
    return agrees ? row : undefined;
  }

  /** Throws if what the state knows and no listing shows may be another account's, and so is not gone. */
  private async confirmGone({ byId }: AccountListing): Promise<void> {
    const own = this.order.known.of(this.cloudId);
    const isThere = ({ id }: { id: SnapshotRef }): boolean => {
      const { snapshotId } = parseSnapshotId(id);
      return this.present.has(snapshotId) || byId.has(snapshotId);
    };
    const deleted = new Set(this.outcome.deleted);
    if (own.every((one) => deleted.has(one.id) || isThere(one))) return;
    const { identity } = this.operation.account;
    await identity.confirm(`the rotation's snapshots of server ${this.cloudId}`, async () => {
      return this.hasServer || this.order.known.all().some(isThere);
    });
  }

  /**
   * A snapshot with two names in the listings belongs to no rotation: it was renamed a moment ago, to keep it, or a
   * listing was torn on its way and gives one snapshot the name of another. Pruned is only what surely is ours.
   */
  private disownDisputed(listedByServer: readonly Snapshot[]): void {
    for (const { id, name } of listedByServer) {
      const merged = this.present.get(id);
      if (name !== "" && merged !== undefined && merged.name !== name)
        this.present.set(id, { ...merged, name: "" });
    }
  }

  requireServer(): void {
    if (this.hasServer) return;
    throw new ProviderFailure({
      code: "UTHO_SERVER_NOT_FOUND",
      attempted: `take a snapshot of ${placeOf(this.outcome)}`,
      because: `Utho knows no server ${this.cloudId} in the account of this token.`,
      kept: "its snapshots are unchanged.",
      next: "take the server out of the rotation if it is gone; one that was made again under its name has another id, and is not in this rotation until that takes its place (getServers() lists them).",
    });
  }

  /** Whether this turn has done nothing since the last look, which is no older than what listings show anyway. */
  get isUpToDate(): boolean {
    const { account, clock } = this.operation;
    const isIdle = !this.isTouched && this.outcome.asked.length === 0;
    return isIdle && clock.now() - (this.lookedAt ?? Number.NEGATIVE_INFINITY) < account.settings.listingLag;
  }

  /** The rotation's own, as last seen; `undefined` before the first look. */
  seen(): readonly RotationSnapshot[] | undefined {
    return this.lookedAt === undefined ? undefined : this.members();
  }

  members(): readonly RotationSnapshot[] {
    const { account, deadline, startedAt } = this.operation;
    const server = { cloudId: this.cloudId, serverName: this.outcome.serverName };
    const clocks = { waitMs: deadline - startedAt, timeZone: account.settings.timeZone };
    this.recognised ??= this.order.known.membersAmong(this.present.values(), server, clocks);
    return this.recognised;
  }

  plan(): ServerPlan {
    const { inputs, known, startedAt, staying } = this.order;
    const now = this.operation.clock.now();
    if (!staying.has(this.cloudId)) return decideDeparted(inputs, this.cloudId, this.members(), now);
    const run = { begunAt: startedAt, ...known.runFacts(this.cloudId) };
    return decide(inputs, this.cloudId, this.members(), now, run);
  }

  /** What may go before a new snapshot is there (see `spareIn`). */
  spare(): string[] {
    const { inputs, known } = this.order;
    if (known.state === undefined) return [];
    return spareIn(inputs, this.cloudId, this.members(), this.operation.clock.now());
  }

  noteTaken(snapshot: Snapshot, takenAt: number): void {
    this.order.known.noteTaken(this.idOf(snapshot), { name: snapshot.name, takenAt });
    this.note(snapshot);
  }

  note(snapshot: Snapshot): void {
    this.present.set(snapshot.id, merged(this.present.get(snapshot.id), snapshot));
    this.recognised = undefined;
    this.isTouched = true;
  }

  forget(id: string): void {
    this.present.delete(parseSnapshotId(id).snapshotId);
    this.recognised = undefined;
  }

  /**
   * Drops what the server's own answer lacks: a listing may still show what was just deleted, and a snapshot
   * that is gone must not count as one that is kept. What this run saw become Active may not be listed there yet.
   */
  forgetGhosts(): void {
    const listed = this.listedByServer;
    if (listed === undefined) return;
    for (const { id } of this.members()) {
      if (!this.fresh.has(id) && !listed.has(parseSnapshotId(id).snapshotId)) this.forget(id);
    }
  }

  snapshotOf(id: string): Snapshot | undefined {
    return this.present.get(parseSnapshotId(id).snapshotId);
  }

  idOf(snapshot: Snapshot): string {
    return formatSnapshotId({ cloudId: this.cloudId, snapshotId: snapshot.id });
  }
}

/** What one run of a rotation is to do, the same for all its servers. */
export interface RotationOrder {
  kind: "create" | "update" | "delete";
  inputs: RotationInputs;
  staying: ReadonlySet<CloudId>;
  known: Known;
  userOf: (id: SnapshotRef) => string | undefined;
  isAdopted: (id: SnapshotRef) => boolean;
  /** Milliseconds since the epoch. Rows of servers from before it are too old; the listing may be of the run's first rotation. */
  startedAt: number;
  progress: FleetProgress;
}

/**
 * @param state `undefined` for a rotation that is new to it
 * @param servers on how many it works
 */
export function orderFor(
  runtime: ProviderRuntime,
  inputs: RotationInputs,
  state: RotationState | undefined,
  servers: number,
  kind: RotationOrder["kind"] = state === undefined ? "create" : "update",
): RotationOrder {
  return {
    kind,
    inputs,
    staying: new Set(inputs.cloudIds),
    known: new Known(state, inputs),
    userOf: (id) => runtime.memory.userOf(id),
    isAdopted: (id) => runtime.memory.ownerOf(id) !== undefined,
    startedAt: runtime.clock.now(),
    progress: new FleetProgress(runtime.progress(inputs.resourceUrn), servers),
  };
}

/** Many servers on one row: how many are done, and the latest word of one of them. What stays names its server. */
class FleetProgress {
  private done = 0;

  constructor(
    readonly row: Progress,
    private readonly servers: number,
  ) {}

  of(cloudId: CloudId): Progress {
    if (this.servers === 1) return this.row;
    return {
      status: (text) => this.row.status(`${this.done} of ${this.servers} servers done; ${cloudId}: ${text}`),
      warn: (text) => this.row.warn(text),
      info: (text) => this.row.info(text),
      flush: () => this.row.flush(),
    };
  }

  ended(): void {
    this.done += 1;
  }
}
