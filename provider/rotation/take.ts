import type { Snapshot } from "../../client";
import { formatDuration } from "../duration";
import { type Readiness, requireReady, untilReady } from "../utho/ready";
import { takeSnapshot } from "../utho/take";
import { rotationName } from "./members";
import { isUnderWay } from "./plan/periods";
import { policyOf, prefixOf } from "./settings";
import type { ServerView } from "./view";

/** Another run of this rotation has taken what this one was about to take. */
class TakenByAnother extends Error {}

/** What another run has under way is waited for and not doubled. Throws where no good snapshot came of it. */
export async function takeIfDue(view: ServerView): Promise<void> {
  await awaitUnderWay(view);
  while (view.plan().take) {
    if (await take(view)) return;
    await awaitUnderWay(view);
  }
}

/** `false`: another run was faster. */
async function take(view: ServerView): Promise<boolean> {
  const { operation, order } = view;
  const askedAt = operation.clock.now();
  const name = rotationName(prefixOf(order.inputs), order.known.mark, askedAt);
  const present = view.present;
  try {
    const taken = await takeSnapshot(operation, {
      name,
      present,
      look: async () => {
        await view.look();
        const isNew = [...view.present.values()].some((one) => one.name === name && !present.has(one.id));
        if (!isNew && !view.plan().take) throw new TakenByAnother();
        return view.present;
      },
      rename: "shorten `namePrefix`, or set one of letters, digits and hyphens",
    });
    view.noteTaken(taken, askedAt);
    requireReady(operation, await seenReady(view, taken));
    view.outcome.taken.push(view.idOf(taken));
    return true;
  } catch (error) {
    if (error instanceof TakenByAnother) return false;
    throw error;
  }
}

/** Waits for what an interrupted run, or one at the same time, has begun. One that fails makes room for a new one. */
export async function awaitUnderWay(view: ServerView): Promise<void> {
  const { operation, order } = view;
  const now = operation.clock.now();
  const { everyMs } = policyOf(order.inputs);
  const begun = view.members().filter((one) => isUnderWay(one, everyMs, now));
  for (const { id, name, takenAt } of begun) {
    const snapshot = view.snapshotOf(id);
    if (snapshot === undefined) continue;
    operation.progress.status(
      `waiting for ${name}, which another run started ${formatDuration(Math.max(0, now - takenAt))} ago`,
    );
    const readiness = await seenReady(view, snapshot);
    if (readiness.kind === "failed")
      operation.progress.warn(
        `Snapshot ${id} (${name}), which an earlier run started, ended as "${readiness.snapshot.status}"; it holds no data.`,
      );
    else if (readiness.kind !== "vanished") requireReady(operation, readiness);
  }
}

/** Waits for a snapshot of the rotation, and takes note of how that ended. */
async function seenReady(view: ServerView, snapshot: Snapshot): Promise<Readiness> {
  const readiness = await untilReady(view.operation, snapshot);
  const id = view.idOf(snapshot);
  if (readiness.kind === "failed") view.order.known.noteFailed(id);
  view.note(readiness.snapshot);
  if (readiness.kind === "vanished") view.forget(id);
  if (readiness.kind === "active") view.fresh.add(id);
  return readiness;
}
