import type { Action, Snapshot } from "../../client";
import { BadRequestError, NotFoundError, UnexpectedResponseError, UthoError } from "../../client/errors";
import type { Operation } from "../utho/turn";
import { watch } from "../utho/watch";

/** How a row of Utho's record of actions stands. */
export type ActionEnd = "underway" | "success" | "failure";

/**
 * The restores of this server in Utho's record of actions, oldest first; `undefined`: Utho keeps no such record.
 * It is the only thing in the cloud that tells a restore that was asked for from one that was not.
 */
export async function restoresOf(operation: Operation): Promise<Action[] | undefined> {
  const { account, cloudId } = operation;
  try {
    const actions = await account.client.actions.list();
    return actions
      .filter(({ action, resourceId }) => resourceId === cloudId && /restor/i.test(action ?? ""))
      .sort((a, b) => (a.startedAt ?? "").localeCompare(b.startedAt ?? "") || order(a.id, b.id));
  } catch (error) {
    if (isNotOffered(error)) return undefined;
    throw error;
  }
}

/**
 * Whether Utho's record shows anything that was done on this server, ever. Where it shows nothing, although a snapshot
 * at least was taken of it, that it shows no restore says nothing either.
 */
export async function recordKnowsServer({ account, cloudId }: Operation): Promise<boolean> {
  try {
    const actions = await account.client.actions.list();
    return actions.some(({ resourceId }) => resourceId === cloudId);
  } catch (error) {
    if (error instanceof UthoError) return false;
    throw error;
  }
}

/** The restores where a passing fault may count as "no record": the record then only makes the end surer. */
export async function restoresIfTold(operation: Operation): Promise<Action[] | undefined> {
  try {
    return await restoresOf(operation);
  } catch (error) {
    if (error instanceof UthoError) return undefined;
    throw error;
  }
}

/**
 * The restore that was asked for after this safety snapshot was made. Both times are the cloud's own, so no time zone
 * and no clock of ours comes into it.
 */
export async function restoreSince(operation: Operation, safety: Snapshot): Promise<Action | undefined> {
  const since = safety.createdAt;
  const outcome = await watch(operation, "reading Utho's record of actions", operation.deadline, async () => {
    return { done: await restoresOf(operation) };
  });
  if ("timedOut" in outcome || outcome.done === undefined || since === undefined) return undefined;
  return outcome.done.filter(({ startedAt }) => startedAt !== undefined && startedAt >= since).at(-1);
}

export function endOf(action: Action): ActionEnd {
  const status = (action.status ?? "").trim();
  if (/^(success|succeeded|complete|completed|done|finished)$/i.test(status)) return "success";
  // "Support" is Utho's word for an action that its staff has to look at.
  if (/\b(support|fail|failed|failure|error|cancelled|canceled|aborted)\b/i.test(status)) return "failure";
  return "underway";
}

function isNotOffered(error: unknown): boolean {
  return [NotFoundError, BadRequestError, UnexpectedResponseError].some((kind) => error instanceof kind);
}

function order(a: string, b: string): number {
  return a.length - b.length || a.localeCompare(b);
}
