import type { Server, Snapshot } from "../../client";
import { plain } from "../engine/plain";
import { PartialFailure, ProviderFailure } from "../failure";
import { monthlyCost, zoneOf } from "../utho/facts";
import { findInterrupted } from "../utho/interrupted";
import { generateName, isNamedFor } from "../utho/names";
import { bringBackAfter, withServerOff } from "../utho/power";
import { untilReady } from "../utho/ready";
import { notReadyStory, requireReady } from "../utho/readystory";
import type { PendingReplacement, ProviderRuntime } from "../utho/runtime";
import { formatSnapshotId } from "../utho/snapshotid";
import { takeSnapshot } from "../utho/take";
import { inTurn, type Operation, type SnapshotsById, snapshotsPresent } from "../utho/turn";
import { witnessed } from "../utho/witness";
import { findAdopted } from "./adopt";
import type { SnapshotInputs, SnapshotState } from "./contract";
import { lookForNamesakes } from "./namesakes";
import { toState } from "./outputs";

export interface Created {
  id: string;
  outs: Record<string, unknown>;
}

/**
 * Makes sure that the declared snapshot exists, once: looks first, takes over what an interrupted run left, or takes
 * one. As soon as the id is known, any later failure carries it into state.
 */
export function createSnapshot(runtime: ProviderRuntime, inputs: SnapshotInputs): Promise<Created> {
  return inTurn(runtime, "create", inputs, async (operation) => {
    const urn = inputs.resourceUrn ?? "";
    const replaced = runtime.replacements.get(urn);
    const creation = new Creation(runtime, operation, inputs, replaced);
    const created = await creation.run();
    runtime.replacements.delete(urn);
    return created;
  });
}

class Creation {
  private readonly own: ReadonlySet<string>;
  private readonly name: string;
  private readonly askedAt: number;
  /** Snapshots of this resource that outlive its replacement so far; set once the server has been looked at. */
  private predecessors: string[] = [];
  /** What the server had before; the names among it may tell the zone of the cloud's clock. */
  private present: SnapshotsById = new Map();

  constructor(
    private readonly runtime: ProviderRuntime,
    private readonly operation: Operation,
    private readonly inputs: SnapshotInputs,
    replaced: PendingReplacement | undefined,
  ) {
    this.own = new Set(replaced === undefined ? [] : [replaced.snapshotId, ...replaced.predecessors]);
    this.askedAt = operation.clock.now();
    this.name = inputs.name ?? generateName(inputs.resourceUrn ?? "", this.askedAt);
  }

  async run(): Promise<Created> {
    const server = await this.serverNow();
    const present = await snapshotsPresent(this.operation, server);
    // One that is gone cannot be mistaken for a new one, and state need not carry it for ever.
    this.predecessors = [...this.own].filter((id) => present.has(id));
    this.present = present;
    const real = await witnessed(this.operation, server, present, (one) => this.concerns(one));
    const existing = await this.findExisting(real);
    if (existing !== undefined) return bringBackAfter(this.operation, () => this.finish(existing, server));
    this.refuseTakenName(real, server);
    this.tellEstimate(server);
    const before: SnapshotsById = new Map([...present, ...real]);
    const take = (): Promise<Created> => this.takeAndFinish(before, server);
    return this.inputs.powerOff === true
      ? withServerOff(this.operation, server, take)
      : bringBackAfter(this.operation, take);
  }

  private async takeAndFinish(present: SnapshotsById, server: Server): Promise<Created> {
    const taken = await takeSnapshot(this.operation, this.name, new Set(present.keys()), async () => {
      const now = await snapshotsPresent(this.operation, await this.serverNow());
      const named = [...now.values()].filter(({ id, name }) => name === this.name && !present.has(id));
      return { ids: new Set(now.keys()), named };
    });
    const created = await this.finish(taken, server);
    await lookForNamesakes(this.operation, new Set(present.keys()), taken);
    return created;
  }

  /** The snapshot to take over instead of making one: as the program says, or as an interrupted run left it. */
  private async findExisting(present: SnapshotsById): Promise<Snapshot | undefined> {
    const { adoptId, resourceUrn = "" } = this.inputs;
    const adopting = adoptId !== undefined && !this.own.has(adoptId);
    const existing = adopting
      ? await findAdopted(this.operation, adoptId, present)
      : this.findLeftBehind(resourceUrn, present);
    if (existing !== undefined) this.runtime.takenOver.add(this.idOf(existing));
    return existing;
  }

  /** An exact name asks for a snapshot of that name; what an interrupted run left bears a generated one. */
  private findLeftBehind(urn: string, present: SnapshotsById): Snapshot | undefined {
    if (!isNamedFor(urn, this.name)) return undefined;
    return findInterrupted(this.operation, { urn, present, own: this.own });
  }

  /** Whether it matters to this creation that the snapshot exists. */
  private concerns({ id, name }: Snapshot): boolean {
    const { adoptId, resourceUrn = "" } = this.inputs;
    const namesake = name === this.name || isNamedFor(resourceUrn, name);
    return id === adoptId || (namesake && !this.own.has(id));
  }

  private async finish(found: Snapshot, server: Server): Promise<Created> {
    const { inputs, operation } = this;
    const mustWait = inputs.waitForReady !== false || inputs.powerOff === true;
    if (!mustWait) return this.created(found, server);
    let last = found;
    try {
      const readiness = await untilReady(operation, found);
      last = readiness.snapshot;
      requireReady(operation, readiness);
      return this.created(last, server);
    } catch (error) {
      throw this.withId(error, last, server);
    }
  }

  private created(snapshot: Snapshot, server: Server): Created {
    return { id: this.idOf(snapshot), outs: this.outputs(snapshot, server) };
  }

  private outputs(snapshot: Snapshot, server: Server): Record<string, unknown> {
    const { operation, inputs } = this;
    const wall = snapshot.createdAt;
    // A snapshot that we did not make ourselves may be of any age: only its name can tell the zone.
    const taken = !this.runtime.takenOver.has(this.idOf(snapshot));
    const evidence = taken && wall !== undefined ? [{ wall, notBefore: this.askedAt }] : [];
    const { timeZone } = operation.account.settings;
    const zone = (): string =>
      zoneOf([snapshot, ...this.present.values()], timeZone, operation.clock.now(), evidence);
    const state: SnapshotState = toState({ inputs, snapshot, server, zone, predecessors: this.predecessors });
    return plain(state);
  }

  /** The failure with the snapshot's id, so that the engine records what exists. */
  private withId(error: unknown, snapshot: Snapshot, server: Server): unknown {
    if (!(error instanceof Error)) return error;
    const story =
      error instanceof ProviderFailure
        ? error.story
        : notReadyStory(this.operation, { kind: "late", snapshot, last: error.message }, error);
    return new PartialFailure(story, this.idOf(snapshot), this.outputs(snapshot, server));
  }

  private async serverNow(): Promise<Server> {
    const { account, clock, cloudId } = this.operation;
    const server = await account.listing.server(cloudId, clock.now());
    if (server !== undefined) return server;
    throw new ProviderFailure({
      code: "UTHO_SERVER_NOT_FOUND",
      attempted: `take snapshot "${this.name}" of server ${cloudId}`,
      because: `Utho knows no server ${cloudId} in the account of this token.`,
      kept: "nothing was made.",
      next: "see the ids with getServers() or in Utho's console, and check that the token is of the right account.",
    });
  }

  /** An exact name that somebody else's snapshot bears is not ours to share; the one being replaced may bear it. */
  private refuseTakenName(present: SnapshotsById, server: Server): void {
    const taken = [...present.values()].find(({ id, name }) => name === this.name && !this.own.has(id));
    if (taken === undefined) return;
    throw new ProviderFailure({
      code: "UTHO_SNAPSHOT_NAME_TAKEN",
      attempted: `take snapshot "${this.name}" of server ${this.operation.cloudId} (${server.hostname})`,
      because: `snapshot ${this.idOf(taken)} on that server bears this name already.`,
      kept: "nothing was made.",
      next: `to take that one over, set adoptId: "${taken.id}"; otherwise choose another name, or leave it out to have one generated.`,
    });
  }

  private tellEstimate(server: Server): void {
    const cost = monthlyCost(server.diskSizeGb);
    const estimate = cost === undefined ? "" : `, at most ${server.diskSizeGb} GB, ₹${cost} a month`;
    this.operation.progress.status(`creating snapshot ${this.name} of ${server.hostname}${estimate}`);
  }

  private idOf(snapshot: Snapshot): string {
    return formatSnapshotId({ cloudId: this.operation.cloudId, snapshotId: snapshot.id });
  }
}
