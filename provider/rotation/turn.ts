import type { ProviderRuntime } from "../runtime";
import { inTurn } from "../snapshot/operation";
import { bringBackAfter, withServerOff } from "../snapshot/power";
import { toFailure } from "../translate";
import { ROTATION_TIMEOUTS } from "./contract";
import type { RotationOrder } from "./order";
import type { ServerOutcome } from "./outcome";
import { deleteEach, prune } from "./prune";
import { awaitUnderWay, takeIfDue } from "./take";
import { ServerView } from "./view";

/** Takes what is due on one server and then deletes what is no longer kept. Never throws: what failed is in the answer. */
export function rotateServer(
  runtime: ProviderRuntime,
  order: RotationOrder,
  cloudId: string,
): Promise<ServerOutcome> {
  return onServer(runtime, order, cloudId, async (view) => {
    if (order.inputs.paused) return;
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
  return onServer(runtime, order, cloudId, (view) => {
    const oldestFirst = view.members().sort((a, b) => a.takenAt - b.takenAt);
    return deleteEach(
      view,
      oldestFirst.map(({ id }) => id),
    );
  });
}

async function onServer(
  runtime: ProviderRuntime,
  order: RotationOrder,
  cloudId: string,
  work: (view: ServerView) => Promise<void>,
): Promise<ServerOutcome> {
  const outcome: ServerOutcome = {
    cloudId,
    members: undefined,
    taken: [],
    deleted: [],
    neverData: [],
    misdated: [],
    errors: [],
  };
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
  const thatIsAll = { id: "", outs: {} };
  const take = () => takeIfDue(view).then(() => thatIsAll);
  if (!order.inputs.powerOff) {
    await bringBackAfter(operation, take);
    return;
  }
  if (!view.plan().take) await bringBackAfter(operation, () => awaitUnderWay(view).then(() => thatIsAll));
  if (!view.plan().take) return;
  const server = await operation.account.listing.server(view.cloudId, operation.startedAt);
  if (server === undefined) view.requireServer();
  else await withServerOff(operation, server, take);
}
