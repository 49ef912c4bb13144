import type { Action, Snapshot, WallTime } from "../../client";
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
export async function recordKnowsServer(operation: Operation): Promise<boolean> {
  return (await rowsOf(operation)).length > 0;
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
 * The restore that was asked for after this safety snapshot was made. Both times are the cloud's own, so no clock of
 * ours comes into it.
 */
export async function restoreSince(operation: Operation, safety: Snapshot): Promise<Action | undefined> {
  const since = safety.createdAt;
  const outcome = await watch(operation, "reading Utho's record of actions", operation.deadline, async () => {
    return { done: await restoresOf(operation) };
  });
  if ("timedOut" in outcome || outcome.done === undefined || since === undefined) return undefined;
  const from = millisecondsOf(since) + recordOffset(await rowsOf(operation), since);
  const isSince = ({ startedAt }: Action): boolean =>
    startedAt !== undefined && millisecondsOf(startedAt) >= from;
  return outcome.done.filter(isSince).at(-1);
}

const HOUR_MS = 3_600_000;
/** Between UTC, Indian time and US Eastern time, in which Utho writes one thing or the other; the same zone first. */
const OFFSETS_MS = [0, 5.5, -5.5, 4, -4, 5, -5, 9.5, -9.5, 10.5, -10.5].map((hours) => hours * HOUR_MS);
/** How long after the snapshot's own time its row may begin, or before. */
const SAME_MOMENT_MS = HOUR_MS / 4;

/**
 * How far the record's clock is ahead of the snapshots' clock, in milliseconds: the row of the snapshot's own creation
 * shows it. Taking them for one clock could hide a restore that happened, and it would be asked for again.
 */
export function recordOffset(rows: readonly Action[], createdAt: WallTime): number {
  const made = rows.flatMap(({ action, startedAt }) =>
    startedAt !== undefined && /snapshot/i.test(action ?? "") && !/restor|delet|remov/i.test(action ?? "")
      ? [millisecondsOf(startedAt) - millisecondsOf(createdAt)]
      : [],
  );
  const shown = OFFSETS_MS.find((offset) => made.some((lead) => Math.abs(lead - offset) < SAME_MOMENT_MS));
  return shown ?? 0;
}

function millisecondsOf(wall: WallTime): number {
  return Date.parse(`${wall}Z`);
}

/** All that the record shows of this server. */
async function rowsOf({ account, cloudId }: Operation): Promise<Action[]> {
  try {
    return (await account.client.actions.list()).filter(({ resourceId }) => resourceId === cloudId);
  } catch (error) {
    if (error instanceof UthoError) return [];
    throw error;
  }
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
