import { parseDuration } from "../duration";
import { toFailure } from "../translate";
import { deleteConfirmed } from "../utho/remove";
import { parseSnapshotId } from "../utho/snapshotid";
import type { Operation } from "../utho/turn";
import { ROTATION_TIMEOUTS } from "./contract";
import type { ServerView } from "./view";

/**
 * Deletes what the policy does not keep, the oldest first, one by one, each until it is seen to be gone. Only after the
 * take, and by a look at the server that is newer than it.
 */
export async function prune(view: ServerView): Promise<void> {
  if (clocksDiffer(view) || !view.order.mayDelete || doomedOf(view).length === 0) return;
  await view.look();
  view.forgetGhosts();
  await deleteEach(view, doomedOf(view));
}

/** Deletes these one by one; one that cannot be deleted stops none of the others. */
export async function deleteEach(view: ServerView, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    view.operation.progress.status(`deleting ${view.snapshotOf(id)?.name ?? id}`);
    try {
      await deleteConfirmed(deletionOf(view), parseSnapshotId(id));
      view.forget(id);
      view.outcome.deleted.push(id);
    } catch (error) {
      view.outcome.errors.push(toFailure(error, `delete snapshot ${id}`));
    }
  }
}

function doomedOf(view: ServerView): string[] {
  const plan = view.plan();
  // What is still due makes no room yet.
  if (plan.take) return [];
  return plan.delete.map(({ id }) => id);
}

/** Whether the new snapshot's name and the cloud tell different times: then nobody knows how old the others are. */
function clocksDiffer(view: ServerView): boolean {
  const wrong = view.misdated().filter((id) => view.fresh.has(id));
  if (wrong.length === 0) return false;
  const member = view.members().find(({ id }) => id === wrong[0]);
  view.operation.progress.warn(
    `Nothing was deleted on server ${view.cloudId}: the name of snapshot ${wrong[0]} (${member?.name}) and the time that Utho tells of it (${member?.createdAt}) differ in every time zone that Utho may mean. The clock of this machine may be wrong; if it is right, set utho:timeZone.`,
  );
  return true;
}

/** Each deletion has its own time. */
function deletionOf({ operation, order }: ServerView): Operation {
  const timeout = order.inputs.timeouts?.delete ?? ROTATION_TIMEOUTS.delete;
  const startedAt = operation.clock.now();
  return { ...operation, startedAt, deadline: startedAt + (parseDuration(timeout) ?? 0), timeout };
}
