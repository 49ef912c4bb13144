import { toFailure } from "../translate";
import { bringBackAfter, withServerOff } from "../utho/power";
import { PowerLedger } from "../utho/powerledger";
import type { ProviderRuntime } from "../utho/runtime";
import { inTurn, type Operation } from "../utho/turn";
import { ROTATION_TIMEOUTS } from "./contract";
import type { RotationOrder } from "./order";
import { type ServerOutcome, untouched } from "./outcome";
import { deleteEach, prune } from "./prune";
import { awaitUnderWay, takeIfDue } from "./take";
import { ServerView } from "./view";

/** A rotation is recorded as a whole, so that the work on one server has nothing of its own to keep. */
const NOTHING_MADE = { id: "", outs: {} };

/** Takes what is due on one server and then deletes what is no longer kept. Never throws: what failed is in the answer. */
export function rotateServer(
  runtime: ProviderRuntime,
  order: RotationOrder,
  cloudId: string,
): Promise<ServerOutcome> {
  return onServer(runtime, order, cloudId, async (view) => {
    if (order.inputs.paused) return bringBack(view.operation);
    view.requireServer();
    await takeInItsPowerState(view);
    await prune(view);
  });
}

/** Deletes every snapshot of the rotation on one server. */
export function clearServer(
  runtime: ProviderRuntime,
  order: RotationOrder,
  cloudId: string,
): Promise<ServerOutcome> {
  return onServer(runtime, order, cloudId, async (view) => {
    await bringBack(view.operation);
    const oldestFirst = view.members().sort((a, b) => a.takenAt - b.takenAt);
    await deleteEach(
      view,
      oldestFirst.map(({ id }) => id),
    );
  });
}

/**
 * Which of these servers a killed run of ours has left off, by its note on this machine. Utho is not asked, and without
 * such a note no token is wanted: a rotation can be removed when the account is closed.
 */
export async function leftOff(runtime: ProviderRuntime, cloudIds: readonly string[]): Promise<string[]> {
  const noted = await PowerLedger.ofThisMachine(runtime.env, "").all();
  if (!noted.some(({ cloudId }) => cloudIds.includes(cloudId))) return [];
  const { powerLedger } = await runtime.account();
  const notes = await Promise.all(cloudIds.map((cloudId) => powerLedger.find(cloudId)));
  return cloudIds.filter((_cloudId, index) => notes[index] !== undefined);
}

/** Switches a server on that a killed run of ours has left off, and leaves its snapshots as they are. */
export function wakeServer(
  runtime: ProviderRuntime,
  order: RotationOrder,
  cloudId: string,
): Promise<ServerOutcome> {
  return onServer(runtime, order, cloudId, (view) => bringBack(view.operation));
}

async function bringBack(operation: Operation): Promise<void> {
  await bringBackAfter(operation, async () => NOTHING_MADE);
}

async function onServer(
  runtime: ProviderRuntime,
  order: RotationOrder,
  cloudId: string,
  work: (view: ServerView) => Promise<void>,
): Promise<ServerOutcome> {
  const outcome = untouched(cloudId);
  const { inputs, kind, progress } = order;
  const subject = {
    cloudId,
    resourceUrn: inputs.resourceUrn,
    timeouts: { ...ROTATION_TIMEOUTS, ...inputs.timeouts },
    progress: progress.of(cloudId),
  };
  try {
    await inTurn(runtime, kind, subject, async (operation) => {
      const view = new ServerView(operation, order, outcome);
      try {
        await view.look();
        await work(view);
      } finally {
        outcome.members = view.seen();
        outcome.misdated = view.misdated();
      }
    });
  } catch (error) {
    outcome.errors.push(toFailure(error, `rotate the snapshots of server ${cloudId}`));
  } finally {
    progress.ended();
  }
  return outcome;
}

/** A server that is to be off for its snapshot, or that a killed run left off, runs again before anything is deleted. */
async function takeInItsPowerState(view: ServerView): Promise<void> {
  const { operation, order } = view;
  const take = () => takeIfDue(view).then(() => NOTHING_MADE);
  if (!order.inputs.powerOff) {
    await bringBackAfter(operation, take);
    return;
  }
  if (!view.plan().take) await bringBackAfter(operation, () => awaitUnderWay(view).then(() => NOTHING_MADE));
  if (!view.plan().take) return;
  const server = await operation.account.listing.server(view.cloudId, operation.startedAt);
  if (server === undefined) view.requireServer();
  else await withServerOff(operation, server, take);
}
