import type { CloudId } from "../../client/request";
import { parseDuration } from "../duration";
import type { Timeouts } from "../engine/inputs";
import { ProviderFailure, toFailure } from "../failure";
import type { SnapshotRef } from "../utho/names";
import { PowerLedger } from "../utho/notes";
import { backOn, backOnAfter, DEFAULT_DOWNTIME, findUnnoted, switchOff } from "../utho/power";
import { deleteInOrder } from "../utho/remove";
import type { Operation, ProviderRuntime } from "../utho/runtime";
import { isActive } from "../utho/status";
import { DEFAULT_TIMEOUTS, inTurn } from "../utho/turn";
import { placeOf, type ServerOutcome, untouched } from "./outcome";
import { awaitUnderWay, takeIfDue } from "./take";
import { type RotationOrder, ServerView } from "./view";

export type ServerWork = (view: ServerView) => Promise<void>;

export const rotate: ServerWork = async (view) => {
  if (view.order.inputs.paused) return;
  view.requireServer();
  await takeWithinLimits(view);
  await prune(view);
};

export const clear: ServerWork = async (view) => {
  await backOn(view.operation);
  const oldestFirst = [...view.members()].sort((a, b) => a.takenAt - b.takenAt);
  await deleteEach(
    view,
    oldestFirst.map(({ id }) => id),
  );
};

/** Nothing was taken there that would show a wrong clock of ours, so pruning waits for `clockIsRight`. */
export function expireOnce(clockIsRight: () => Promise<boolean>): ServerWork {
  return async (view) => {
    await backOn(view.operation);
    if (view.plan().delete.length === 0 || !(await clockIsRight())) return;
    await view.look();
    await prune(view);
  };
}

/** Switches a server on that a killed run of ours has left off, and leaves its snapshots as they are. */
export const wake: ServerWork = (view) => backOn(view.operation);

/**
 * Which of these servers a killed run of ours has left off, by its note on this machine. Utho is not asked, and without
 * such a note no token is wanted: a rotation can be removed when the account is closed.
 */
export async function leftOff(runtime: ProviderRuntime, cloudIds: readonly CloudId[]): Promise<string[]> {
  const noted = new PowerLedger(runtime.env, "").all();
  if (!noted.some(({ cloudId }) => cloudIds.includes(cloudId))) return [];
  const { powerLedger } = await runtime.account();
  return cloudIds.filter((cloudId) => powerLedger.find(cloudId) !== undefined);
}

/** Does its work on each of these servers at once. Never throws: what failed is in the answers. */
export function onServers(
  runtime: ProviderRuntime,
  order: RotationOrder,
  cloudIds: readonly CloudId[],
  work: ServerWork,
): Promise<ServerOutcome[]> {
  return Promise.all(cloudIds.map((cloudId) => onServer(runtime, order, cloudId, work)));
}

async function onServer(
  runtime: ProviderRuntime,
  order: RotationOrder,
  cloudId: CloudId,
  work: ServerWork,
): Promise<ServerOutcome> {
  const outcome = untouched(cloudId, order.known.hostname(cloudId));
  const { inputs, kind, progress } = order;
  const subject = {
    cloudId,
    resourceUrn: inputs.resourceUrn,
    timeouts: inputs.timeouts,
    progress: progress.of(cloudId),
  };
  try {
    await inTurn(runtime, kind, subject, async (operation) => {
      const view = new ServerView(operation, order, outcome);
      try {
        await view.look();
        outcome.stayed = view.members().flatMap(({ id }) => (order.known.owed.has(id) ? [id] : []));
        await work(view);
      } finally {
        outcome.members = view.seen();
      }
    });
  } catch (error) {
    outcome.errors.push(toFailure(error, `rotate the snapshots of ${placeOf(outcome)}`));
  } finally {
    progress.ended();
  }
  return outcome;
}

/**
 * Takes what is due. Where Utho allows no more snapshots, what the policy does not keep even without the new one goes
 * first, and the take is tried once more. The server runs meanwhile, as at every deletion.
 */
async function takeWithinLimits(view: ServerView): Promise<void> {
  const makeRoom = view.order.inputs.makeRoom === true;
  if (view.isByRow && view.plan().take) await view.look();
  view.forgetGhosts();
  if (makeRoom && view.plan().take) await deleteEach(view, view.spare().slice(0, 1));
  try {
    await takeInItsPowerState(view);
  } catch (error) {
    if (!(error instanceof ProviderFailure) || error.code !== "UTHO_SNAPSHOT_LIMIT") throw error;
    await view.look();
    view.forgetGhosts();
    const deleted = view.outcome.deleted.length;
    await deleteEach(view, view.spare());
    if (view.outcome.deleted.length === deleted) throw noRoom(error, makeRoom);
    await takeInItsPowerState(view);
  }
}

function noRoom({ story }: ProviderFailure, makeRoom: boolean): ProviderFailure {
  const first = makeRoom ? "" : ", set makeRoom: true, which deletes the oldest unneeded one first,";
  return new ProviderFailure({
    ...story,
    next: `let \`keep\` hold one fewer than the limit allows${first} or ask Utho for a higher limit; \`npx --no pulumi-utho report\` lists snapshots that no stack owns.`,
  });
}

/** A server that is to be off for its snapshot, or that a killed run left off, runs again before anything is deleted. */
function takeInItsPowerState(view: ServerView): Promise<void> {
  const { operation, order } = view;
  const { powerOff, maxDowntime = DEFAULT_DOWNTIME } = order.inputs;
  return backOnAfter(operation, async () => {
    if (!powerOff) return takeIfDue(view);
    const server = await operation.account.listing.server(view.cloudId, operation.startedAt);
    if (server === undefined) return view.requireServer();
    if (view.members().some(({ id }) => order.known.entry(id) === undefined))
      await findUnnoted(operation, server);
    // What another run has under way may leave nothing to do, and needs no server that is off.
    if (!view.plan().take) await awaitUnderWay(view);
    if (view.plan().take) await switchOff(operation, server, maxDowntime);
    await takeIfDue(view);
  });
}

/**
 * Deletes what the policy does not keep, the oldest first, one by one, until all are seen to be gone. Only after the
 * take, and by a look at the server that is newer than it; where the last ones would remain, by its own word.
 */
export async function prune(view: ServerView): Promise<void> {
  if (clocksDiffer(view) || view.order.known.state === undefined || doomedOf(view).length === 0) return;
  const good = view.plan().keep.filter(({ snapshot }) => isActive(snapshot.status));
  const leavesFew = good.length <= view.order.inputs.minKeep;
  if (!view.isUpToDate || (view.isByRow && leavesFew)) await view.look();
  view.forgetGhosts();
  await deleteEach(view, doomedOf(view));
}

/** Deletes these one by one; one that cannot be deleted, or that another resource has or needs, stops none of the others. */
async function deleteEach(view: ServerView, unwanted: readonly SnapshotRef[]): Promise<void> {
  const ids = unwanted.filter((id) => !isInUse(view, id));
  const { outcome } = view;
  const removals = {
    operation: () => deletionOf(view),
    asks: (id: SnapshotRef) => {
      view.operation.progress.status(`deleting ${view.snapshotOf(id)?.name ?? id}`);
      outcome.asked.push(id);
    },
    gone: (id: SnapshotRef) => {
      view.forget(id);
      outcome.deleted.push(id);
    },
    failed: (id: SnapshotRef, error: unknown) => {
      const failure = toFailure(error, `delete snapshot ${id}`);
      if (!view.hasServer && failure.code === "UTHO_DELETE_UNCONFIRMED") throw ofGoneServer(view, failure);
      outcome.errors.push(failure);
    },
  };
  // What Utho does not delete of a server that is gone is seen at the first one, before the others are asked for.
  for (const some of view.hasServer ? [ids] : ids.map((id) => [id])) await deleteInOrder(some, removals);
}

/**
 * Adopting a rotation's snapshot is how a person says that it must stay, for good; and what is to be restored must be
 * there. Whether its adopter is met before the rotation in a run is chance, so state knows it from the first time on.
 */
function isInUse({ order, operation, outcome }: ServerView, id: SnapshotRef): boolean {
  const user = order.userOf(id);
  const why =
    user === undefined ? order.known.whySpared(id) : `${user} has it too, or is made of it in this run`;
  if (why === undefined) return false;
  if (order.isAdopted(id)) outcome.spared.push(id);
  operation.progress.warn(
    `Snapshot ${id} was not deleted: ${why}. Each run that has something to do says so.`,
  );
  return true;
}

/** What Utho does not delete of a server that is gone it does not delete of the others either. */
function ofGoneServer({ outcome, order }: ServerView, { story }: ProviderFailure): ProviderFailure {
  return new ProviderFailure({
    ...story,
    because: `${story.because} Utho knows ${placeOf(outcome)} no more; its other snapshots were not asked for.`,
    next: `delete them in Utho's console, or ask Utho's support. ${order.inputs.onRemove === "keep" ? "" : 'With onRemove: "keep" the rotation lets go of them; they exist and cost on then.'}`,
  });
}

function doomedOf(view: ServerView): SnapshotRef[] {
  const plan = view.plan();
  // What is still due makes no room yet.
  if (plan.take) return [];
  return plan.delete.map(({ id }) => id);
}

/** Whether the new snapshot's name and the cloud give different times: then the others' age is unknown. */
function clocksDiffer(view: ServerView): boolean {
  const wrong = view.members().find(({ id, isMisdated }) => isMisdated && view.fresh.has(id));
  if (wrong === undefined) return false;
  const { id, name } = wrong;
  view.operation.progress.warn(
    `Nothing was deleted on ${placeOf(view.outcome)}: the name of snapshot ${id} (${name}) and Utho's time for it (${view.snapshotOf(id)?.createdAt}) differ in every time zone that Utho may mean. The clock of this machine may be wrong; if it is right, set utho:timeZone.`,
  );
  return true;
}

/** Each deletion has its own time. */
function deletionOf({ operation, order }: ServerView): Operation {
  const timeout = deletionTimeout(order.inputs.timeouts);
  const startedAt = operation.clock.now();
  return { ...operation, startedAt, deadline: startedAt + (parseDuration(timeout) ?? 0), timeout };
}

/**
 * How long one deletion of an update may take. The plugin is given the time of the whole update alone: where a person
 * made that longer than a deletion has by default, each deletion may take as long.
 */
export function deletionTimeout({ delete: own, update: whole = "0" }: Timeouts = {}): string {
  const byDefault = DEFAULT_TIMEOUTS.delete;
  return own ?? ((parseDuration(whole) ?? 0) > (parseDuration(byDefault) ?? 0) ? whole : byDefault);
}
