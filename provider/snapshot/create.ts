import type { Server, Snapshot } from "../../client";
import type { Made } from "../engine/inputs";
import { plain } from "../engine/values";
import { ifAnswered, PartialFailure, ProviderFailure } from "../failure";
import { fitsMoment, monthlyCost, zoneOf } from "../utho/facts";
import { inBothListings, isLeft, judgeNamesakes, notOnServer, takeOverLeft } from "../utho/find";
import { pollFreshness, type SnapshotsById, snapshotsPresent } from "../utho/listing";
import {
  formatSnapshotId,
  generateName,
  isNamedFor,
  markOf,
  mayBeStoredAs,
  parseGeneratedName,
  parseSnapshotId,
  takenAtOf,
} from "../utho/names";
import { DEFAULT_DOWNTIME, findUnnoted, switchOff } from "../utho/power";
import { notReadyStory, requireReady, untilReady } from "../utho/ready";
import type { Operation, ProviderRuntime } from "../utho/runtime";
import { isFailure } from "../utho/status";
import { takeSnapshot } from "../utho/take";
import { inTurn } from "../utho/turn";
import { asSnapshotInputs, type SnapshotInputs, toState } from "./contract";

/** Once: takes over what an interrupted run left, or takes one. Once the id is known, a failure carries it into state. */
export function createSnapshot(runtime: ProviderRuntime, inputs: SnapshotInputs): Promise<Made> {
  return inTurn(runtime, "create", inputs, async (operation) => {
    const created = await new Creation(runtime, operation, inputs).run();
    runtime.memory.see(created.id);
    return created;
  });
}

class Creation {
  private readonly urn: string;
  private readonly mark: string;
  private name: string;
  private readonly askedAt: number;
  /** What state holds of the resource that this creation replaces, as far as this process knows. */
  private readonly replaced: SnapshotInputs | undefined;
  /** What the server had before; their names may show the time zone of the cloud's clock. */
  private present: SnapshotsById = new Map();

  constructor(
    private readonly runtime: ProviderRuntime,
    private readonly operation: Operation,
    private readonly inputs: SnapshotInputs,
  ) {
    this.urn = inputs.resourceUrn ?? "";
    this.mark = inputs.mark ?? markOf(this.urn);
    this.askedAt = operation.clock.now();
    this.name = inputs.name ?? generateName(this.urn, this.askedAt, this.mark);
    const former = runtime.memory.formerOf(this.urn);
    this.replaced = former === undefined ? undefined : asSnapshotInputs(former);
  }

  async run(): Promise<Made> {
    const server = await this.serverNow();
    const present = await snapshotsPresent(this.operation, server);
    this.present = present;
    const real = await inBothListings(this.operation, server, present, (one) => this.concerns(one));
    const existing = await this.findExisting(real);
    if (existing !== undefined) {
      const { adoptId, powerOff } = this.inputs;
      if (powerOff === true && adoptId === undefined) await findUnnoted(this.operation, server);
      return this.finish(existing, server);
    }
    return this.take(present, real, server);
  }

  private async take(present: SnapshotsById, real: SnapshotsById, server: Server): Promise<Made> {
    const { inputs, operation, mark, urn } = this;
    if (inputs.name === undefined) {
      // Names show only the second, and what is replaced may be of the same one.
      const names = new Set([...present.values()].map(({ name }) => name));
      for (let at = this.askedAt; names.has(this.name); at += 1_000) this.name = generateName(urn, at, mark);
    } else this.refuseTakenName(real, server);
    const cost = monthlyCost(server.diskSizeGb);
    const estimate = cost === undefined ? "" : `, at most ${server.diskSizeGb} GB, ₹${cost} a month`;
    operation.progress.status(`creating snapshot ${this.name} of ${server.hostname}${estimate}`);
    if (inputs.powerOff === true) await switchOff(operation, server, inputs.maxDowntime ?? DEFAULT_DOWNTIME);
    const before: SnapshotsById = new Map([...present, ...real]);
    const taken = await takeSnapshot(operation, {
      name: this.name,
      present: before,
      look: async () => snapshotsPresent(operation, await this.serverNow()),
      rename:
        inputs.name === undefined
          ? "set `name`, or give the resource or the stack a shorter name"
          : "choose another, shorter `name` of letters, digits and hyphens, or leave it out to have one generated",
    });
    const created = await this.finish(taken, server);
    await lookForNamesakes(operation, new Set(before.keys()), taken);
    return created;
  }

  /** The snapshot to take over instead of making one: as the program says, or as an interrupted run left it. */
  private async findExisting(present: SnapshotsById): Promise<Snapshot | undefined> {
    const { mark, operation, urn, runtime } = this;
    const { adoptId, cloudId, name } = this.inputs;
    const adopting = adoptId !== undefined && !runtime.memory.hasAdopted(urn, adoptId, cloudId);
    // An exact name asks for a snapshot of that name; what an interrupted run left has a generated one.
    if (!adopting && name !== undefined) return undefined;
    if (adopting) {
      const adopted = await findAdopted(operation, adoptId, present);
      runtime.memory.takeOver(this.idOf(adopted), { urn, takenAt: undefined });
      this.warnOfOwner(adopted);
      return adopted;
    }
    // The newest good one: a failed one holds no data.
    const left = [...present.values()]
      .filter((one) => isNamedFor(urn, one.name, mark) && isLeft(operation, runtime.memory, one))
      .sort(
        (a, b) =>
          Number(isFailure(a.status)) - Number(isFailure(b.status)) ||
          (takenAtOf(b) ?? 0) - (takenAtOf(a) ?? 0),
      );
    return takeOverLeft(
      operation,
      runtime.memory,
      urn,
      left,
      // Whether the run was interrupted, or the resource removed and its snapshot kept, is not known.
      (shown, age) =>
        `Took over snapshot ${shown}, which a run of this resource with the same triggers asked for ${age} ago and which this run found in no state; no second one was made. It shows the disk of that time. An interrupted run left it, or the resource was destroyed, or removed from state, and the snapshot kept. For a new one: change \`triggers\`, or run \`pulumi config set utho:takeoverWindow 0\` and replace it.`,
    );
  }

  /** A rotation of another stack does not see this one, and deletes by name and age. */
  private warnOfOwner({ id, name }: Snapshot): void {
    const mark = parseGeneratedName(name)?.mark;
    const { memory } = this.runtime;
    if (mark === undefined || memory.programWhere((_urn, inputs) => inputs.mark === mark) !== undefined)
      return;
    this.operation.progress.warn(
      `Snapshot ${id} has a name that a Snapshot or a SnapshotRotation gave it (${name}), none that this run has met. If it is another stack's, whichever goes first deletes it, a rotation as soon as its policy does not keep it: take it out there, or give it another name in Utho's console.`,
    );
  }

  private isInState(snapshot: Snapshot): boolean {
    return this.runtime.memory.hasSeen(this.idOf(snapshot));
  }

  /** Whether it matters to this creation that the snapshot exists. */
  private concerns(one: Snapshot): boolean {
    if (one.id === this.inputs.adoptId) return true;
    if (this.inputs.name !== undefined) return one.name === this.name || this.mayBeOurs(one);
    return isNamedFor(this.urn, one.name, this.mark) && !this.isInState(one);
  }

  /** Whether an interrupted run may have left it under what Utho made of the exact name: of this hour, and in no state. */
  private mayBeOurs(one: Snapshot): boolean {
    const { timeZone, takeoverWindow } = this.operation.account.settings;
    const { createdAt } = one;
    if (createdAt === undefined || this.isInState(one) || !mayBeStoredAs(this.name, one.name)) return false;
    return fitsMoment(createdAt, this.askedAt - takeoverWindow, takeoverWindow, timeZone);
  }

  private async finish(found: Snapshot, server: Server): Promise<Made> {
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

  private created(snapshot: Snapshot, server: Server): Made {
    const { operation, inputs } = this;
    const id = this.idOf(snapshot);
    const wall = snapshot.createdAt;
    // A snapshot that we did not make ourselves may be of any age: only its name can show the time zone.
    const taken = !this.runtime.memory.hasTakenOver(id);
    const evidence = taken && wall !== undefined ? [{ wall, notBefore: this.askedAt }] : [];
    const { timeZone } = operation.account.settings;
    const zone = (): string =>
      zoneOf([snapshot, ...this.present.values()], timeZone, operation.clock.now(), evidence);
    return { id, outs: plain(toState({ inputs, snapshot, server, zone })) };
  }

  /** The failure with the snapshot's id, so that the engine records what exists. */
  private withId(error: unknown, snapshot: Snapshot, server: Server): unknown {
    if (!(error instanceof Error)) return error;
    const story =
      error instanceof ProviderFailure
        ? error.story
        : notReadyStory(this.operation, { kind: "late", snapshot, last: error.message }, error);
    const { id, outs } = this.created(snapshot, server);
    return new PartialFailure(story, id, outs);
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
      next: "look up the ids with getServers() or in Utho's console, and check that the token belongs to the right account.",
    });
  }

  /** An exact name that another snapshot has is not ours to share; the one that is being replaced may have it. */
  private refuseTakenName(present: SnapshotsById, server: Server): void {
    const namesakes = [...present.values()].filter((one) => one.name === this.name || this.mayBeOurs(one));
    const foreign = namesakes.filter((one) => !this.runtime.memory.isReplaced(this.idOf(one)));
    const { name, cloudId } = this.replaced ?? {};
    const ownIsAmongThem = name === this.name && cloudId === this.inputs.cloudId;
    const [taken, ...more] = foreign;
    if (taken === undefined) return;
    // A forced replacement gives no id of what is replaced; a single namesake is that one.
    if (ownIsAmongThem && more.length === 0 && namesakes.length === 1) return;
    throw new ProviderFailure({
      code: "UTHO_SNAPSHOT_NAME_TAKEN",
      attempted: `take snapshot "${this.name}" of server ${this.operation.cloudId} (${server.hostname})`,
      because:
        taken.name === this.name
          ? `snapshot ${this.idOf(taken)} on that server has this name already.`
          : `snapshot ${this.idOf(taken)} on that server is as new as an interrupted run's, and its name "${taken.name}" is what Utho may have made of this one.`,
      kept: "nothing was made.",
      next: `to adopt that one, set adoptId: "${taken.id}"; otherwise choose another name, or leave it out to have one generated.`,
    });
  }

  private idOf(snapshot: Snapshot): string {
    return formatSnapshotId({ cloudId: this.operation.cloudId, snapshotId: snapshot.id });
  }
}

/** The existing snapshot that the program names by `adoptId`; refused where it is not this server's, or not usable. */
async function findAdopted(operation: Operation, adoptId: string, present: SnapshotsById): Promise<Snapshot> {
  const { cloudId } = operation;
  const id = formatSnapshotId({ cloudId, snapshotId: adoptId });
  const snapshot = present.get(adoptId);
  const attempted = `take over snapshot ${id}`;
  if (snapshot === undefined) {
    const listing = await operation.account.listing.account(pollFreshness(operation, 0), cloudId);
    throw notOnServer(listing, { cloudId, snapshotId: adoptId }, attempted, {
      foreign: (other) =>
        `set cloudId: "${parseSnapshotId(other).cloudId}", or adopt a snapshot of the server you named.`,
      missing: `list the existing ones with getSnapshots({ cloudId: "${cloudId}" }), or leave adoptId out to take a new one.`,
    });
  }
  if (isFailure(snapshot.status)) {
    throw new ProviderFailure({
      code: "UTHO_SNAPSHOT_FAILED",
      attempted,
      because: `its status is "${snapshot.status}", so it holds no usable data.`,
      kept: "nothing was made or changed.",
      next: "leave adoptId out to take a new one.",
    });
  }
  return snapshot;
}

/**
 * Looks once more, when the snapshot is ready, whether another new one has its name. Listings may lag, so that the
 * first one seen need not be ours: two programs that give one exact name at the same moment must not both stand for
 * the same snapshot. Costs no call where the wait has just read the listing, and fails nothing where it cannot.
 */
async function lookForNamesakes(
  operation: Operation,
  before: ReadonlySet<string>,
  found: Snapshot,
): Promise<void> {
  const { account, cloudId } = operation;
  const listing = await ifAnswered(account.listing.polled(cloudId, 0, account.settings.pollInterval));
  const own = listing?.of(cloudId) ?? [];
  const others = own.filter(({ id, name }) => name === found.name && id !== found.id && !before.has(id));
  if (others.length > 0) judgeNamesakes(operation, found, found, others);
}
