import type { Server, Snapshot } from "../../client";
import type { CloudId } from "../../client/request";
import { formatDuration } from "../duration";
import { byNumber } from "../engine/inputs";
import type { EngineMemory } from "../engine/memory";
import { ProviderFailure } from "../failure";
import { watch } from "./attempt";
import { fitsMoment } from "./facts";
import { type AccountListing, merged, type SnapshotsById, snapshotsPresent } from "./listing";
import {
  formatSnapshotId,
  mayBeStoredAs,
  parseGeneratedName,
  type SnapshotAddress,
  type SnapshotRef,
  takenAtOf,
} from "./names";
import type { Account, Operation } from "./runtime";
import { isDeleted } from "./status";

/** Where a snapshot was found; `snapshot` undefined: it is gone. `server` only where it had to be asked. */
export interface Located {
  snapshot: Snapshot | undefined;
  server?: Server | undefined;
  listing: AccountListing;
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
  const listed = listing.byId.get(address.snapshotId);
  const living = listed !== undefined && !isDeleted(listed.status);
  if (living && belongsTo(listed, address.cloudId)) return { snapshot: listed, listing };
  const server = await account.listing.server(address.cloudId, notBefore);
  const own = server?.snapshots?.find(({ id }) => id === address.snapshotId);
  if (own !== undefined) return { snapshot: merged(listed, own), server, listing };
  // Being deleted by one listing, and the other lists no snapshots at all: it is not gone yet.
  const unlisted = server !== undefined && server.snapshots === undefined;
  if (listed !== undefined && unlisted && belongsTo(listed, address.cloudId))
    return { snapshot: listed, server, listing };
  if (!provesAbsence(listing, server)) throw cannotTell(address, server);
  return { snapshot: undefined, server, listing };
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

/** Why a snapshot is not among those of its server, and for each reason what to do. */
export function notOnServer(
  { byId }: AccountListing,
  { cloudId, snapshotId }: SnapshotAddress,
  attempted: string,
  next: { foreign: (id: SnapshotRef) => string; missing: string },
): ProviderFailure {
  const story = { attempted, kept: "nothing was made or changed." };
  const owner = byId.get(snapshotId)?.cloudId;
  if (owner !== undefined && owner !== cloudId) {
    return new ProviderFailure({
      ...story,
      code: "UTHO_SNAPSHOT_FOREIGN",
      because: `snapshot ${snapshotId} was taken of server ${owner}, not of server ${cloudId}.`,
      next: next.foreign(formatSnapshotId({ cloudId: owner, snapshotId })),
    });
  }
  return new ProviderFailure({
    ...story,
    code: "UTHO_SNAPSHOT_NOT_FOUND",
    because: `server ${cloudId} has no snapshot ${snapshotId}; it may have been deleted.`,
    next: next.missing,
  });
}

/** Whether an absence proves anything: servers that list their own snapshots say nothing about a server that is gone. */
export function provesAbsence(listing: AccountListing, server: Server | undefined): boolean {
  if (listing.source === "none") return server?.snapshots !== undefined;
  return listing.source !== "servers" || server !== undefined;
}

/** A listing of the account may not say whose a snapshot is; then its id alone decides. */
function belongsTo(snapshot: Snapshot, cloudId: CloudId): boolean {
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
        : `Utho's answer for server ${address.cloudId} lists no snapshots, and no other listing is offered.`,
    kept: `snapshot ${id} stays in state.`,
    next: "look for it in Utho's console; if it is gone, run `pulumi state delete <urn>`.",
  });
}

/**
 * The snapshots that certainly exist, and are not only in a listing that lags or was torn on its way. One that only the
 * account's listing shows may be new, or may have been deleted a moment ago: taking that one over would leave
 * a backup that does not exist. One with another name in its server's own answer may be someone else's. So
 * a run waits until both listings agree on the wanted ones, at most for as long as listings lag: what is shown then
 * was not deleted before, and has the name that its server shows.
 */
export async function inBothListings(
  operation: Operation,
  server: Server,
  present: SnapshotsById,
  isWanted: (snapshot: Snapshot) => boolean,
): Promise<SnapshotsById> {
  const { account, clock, cloudId } = operation;
  let sight = { server, present };
  const doubtful = (): Snapshot[] =>
    [...sight.present.values()].filter(
      (one) => isWanted(one) && !isDeleted(one.status) && !agrees(sight.server, one, isWanted),
    );
  if (doubtful().length > 0) {
    const until = Math.min(operation.deadline, clock.now() + account.settings.listingLag);
    await watch<true>(operation, "waiting until Utho's listings agree", until, async () => {
      const fresh = await account.listing.server(cloudId, clock.now());
      // The server is gone: the next call says so.
      if (fresh === undefined) return { done: true };
      sight = { server: fresh, present: await snapshotsPresent(operation, fresh) };
      return doubtful().length === 0 ? { done: true } : { waiting: "they do not agree yet" };
    });
  }
  const there = [...sight.present].filter(([, { status }]) => !isDeleted(status));
  return new Map(there.map(([id, one]) => [id, { ...one, name: ownName(sight.server, one) ?? one.name }]));
}

/** Whether the server's own answer shows it too, as one that is wanted; one without a list says nothing against it. */
function agrees(server: Server, one: Snapshot, isWanted: (snapshot: Snapshot) => boolean): boolean {
  const own = server.snapshots?.find(({ id }) => id === one.id);
  if (own === undefined) return server.snapshots === undefined;
  return isWanted({ ...one, name: ownName(server, one) ?? one.name });
}

/** The name that its server shows; `undefined` if it shows no name. */
function ownName(server: Server, { id }: Snapshot): string | undefined {
  const name = server.snapshots?.find((own) => own.id === id)?.name;
  return name === "" ? undefined : name;
}

/**
 * Whether an interrupted run may have left a snapshot of this name of ours in the cloud and in no state: the time in the
 * name lies within `utho:takeoverWindow`, and this run has not met it in state.
 */
export function isLeft(operation: Operation, memory: EngineMemory, { id, name }: Snapshot): boolean {
  const { account, clock, cloudId } = operation;
  if (memory.hasSeen(formatSnapshotId({ cloudId, snapshotId: id }))) return false;
  const age = clock.now() - (takenAtOf({ name }) ?? Number.NEGATIVE_INFINITY);
  return Math.abs(age) < account.settings.takeoverWindow;
}

/** Takes over the first of what was left; the others are named, because they cost money. */
export function takeOverLeft(
  operation: Operation,
  memory: EngineMemory,
  urn: string,
  [chosen, ...others]: readonly Snapshot[],
  textOf: (shown: string, age: string) => string,
): Snapshot | undefined {
  if (chosen === undefined) return undefined;
  const { clock, cloudId, progress } = operation;
  const takenAt = takenAtOf(chosen);
  memory.takeOver(formatSnapshotId({ cloudId, snapshotId: chosen.id }), { urn, takenAt });
  const [first = "", ...more] = [chosen, ...others].map(({ id, name }) => `${cloudId}/${id} (${name})`);
  progress.warn(textOf(first, formatDuration(Math.max(0, clock.now() - (takenAt ?? 0)))));
  if (more.length > 0)
    progress.warn(`More snapshots of this resource are in no state, and cost money: ${more.join(", ")}`);
  return chosen;
}

export interface Wanted {
  name: string;
  before: ReadonlySet<string>;
  /** When the call was made; older listings know nothing of it. */
  since: number;
  /** Whether Utho said that it makes the snapshot. */
  accepted: boolean;
}

/**
 * Which of these the create call made: a newcomer of that name. Once listings had their time, also one whose name Utho
 * may have made of it; and else the one snapshot that appeared after a call that Utho accepted, whatever its name, with
 * its age and its number as proof. Where two appeared there is no proof.
 */
export function recognise(
  operation: Operation,
  wanted: Wanted,
  there: Iterable<Snapshot>,
  hadTime: boolean,
): Snapshot | undefined {
  const { name: sent, before, since, accepted } = wanted;
  const newcomers = new Map([...there].filter(({ id }) => !before.has(id)).map((one) => [one.id, one]));
  const all = [...newcomers.values()].sort((a, b) => byNumber(a.id, b.id));
  const ours = all.filter(({ name }) => name === sent);
  if (ours.length === 0 && hadTime) ours.push(...all.filter(({ name }) => mayBeStoredAs(sent, name)));
  const [first, ...others] = ours;
  if (first !== undefined && others.length > 0) judgeNamesakes(operation, wanted, first, others);
  if (first !== undefined || !hadTime) return first;
  const now = operation.clock.now();
  const { timeZone } = operation.account.settings;
  const strange = all.filter(
    ({ id, name, status, createdAt }) =>
      parseGeneratedName(name) === undefined &&
      !isDeleted(status) &&
      [...before].every((other) => byNumber(id, other) > 0) &&
      (createdAt === undefined || fitsMoment(createdAt, since, now - since, timeZone)),
  );
  if (strange.length > 1 || (strange.length === 1 && !accepted))
    throw unrecognised(operation, wanted, strange);
  return strange[0];
}

export function unrecognised(
  operation: Operation,
  { name, accepted }: Wanted,
  found: readonly Snapshot[],
): ProviderFailure {
  const { cloudId } = operation;
  const list = found.map((one) => `${cloudId}/${one.id} "${one.name}" (adoptId: "${one.id}")`).join(", ");
  return new ProviderFailure({
    code: "UTHO_SNAPSHOT_AMBIGUOUS",
    attempted: `find the new snapshot "${name}" of server ${cloudId}`,
    because: `${accepted ? "Utho accepted it" : "Utho's answer did not say whether it was made"}, and what appeared has other names: ${list}.`,
    kept: "all of them exist; none is in this stack's state.",
    next: "see in Utho's console which one is this resource's and set its adoptId; delete what you do not need.",
  });
}

/**
 * Says which snapshots appeared beside `mine` under its name. A generated name is this run's alone, so they are
 * repetitions of our own call; an exact name may have been given by another program at the same moment, and then which
 * one is whose cannot be known, and is not guessed.
 */
export function judgeNamesakes(
  operation: Operation,
  wanted: { name: string },
  mine: Snapshot,
  others: readonly Snapshot[],
): void {
  const { cloudId, progress } = operation;
  const extra = others.map(({ id }) => id).join(", ");
  const count = others.length + 1;
  if (parseGeneratedName(wanted.name) === undefined) {
    throw new ProviderFailure({
      code: "UTHO_SNAPSHOT_AMBIGUOUS",
      attempted: `find the new snapshot "${wanted.name}" of server ${cloudId}`,
      because: `${count} snapshots of that name appeared at the same time (ids ${mine.id}, ${extra}), so someone else gave the same name at the same moment, and Utho does not show whose they are.`,
      kept: "all of them exist; none is in this stack's state.",
      next: `choose one by its creation time in Utho's console and set adoptId: "<id>", or leave the name out: generated names never collide.`,
    });
  }
  progress.warn(
    `Utho made ${count} snapshots named ${wanted.name} on server ${cloudId}; this resource stands for ${mine.id}. Delete what you do not need: ${extra}.`,
  );
}
