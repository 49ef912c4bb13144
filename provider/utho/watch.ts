import { ArgumentError, AuthError, CancelledError, UthoError } from "../../client/errors";
import { formatDuration } from "../duration";
import type { Operation } from "./runtime";

/** One look at the cloud: the end of the wait, or what was seen instead. */
export type Look<T> = { done: T } | { waiting: string };

/** How a wait ended. */
type Watched<T> = { done: T } | { timedOut: string };

/**
 * Looks again and again until `look` is done or `until` (milliseconds since the epoch) has come, and says on the
 * resource's row what it waits for. Passing trouble of the API does not end a wait for something that exists.
 */
export async function watch<T>(
  operation: Operation,
  doing: string,
  until: number,
  look: () => Promise<Look<T>>,
): Promise<Watched<T>> {
  const { account, clock, progress, startedAt } = operation;
  let last = "nothing seen yet";
  const probe = async (): Promise<Look<T>> => {
    const seen = await lookPatiently(look);
    if ("waiting" in seen) {
      last = seen.waiting;
      // What changes comes first: a terminal of ordinary width cuts the row's end off.
      progress.status(`${formatDuration(clock.now() - startedAt)}, ${last}: ${doing}`);
    }
    return seen;
  };
  const first = await probe();
  if ("done" in first) return first;
  while (clock.now() < until) {
    await clock.sleep(Math.max(1, Math.min(account.settings.pollInterval, until - clock.now())));
    const seen = await probe();
    if ("done" in seen) return seen;
  }
  return { timedOut: last };
}

async function lookPatiently<T>(look: () => Promise<Look<T>>): Promise<Look<T>> {
  try {
    return await look();
  } catch (error) {
    if (!isPassing(error)) throw error;
    // A refusal is an answer.
    const { apiMessage, message } = error;
    return {
      waiting: apiMessage === undefined ? `Utho does not answer: ${message}` : `Utho said: ${apiMessage}`,
    };
  }
}

/** Whether asking again later may help. */
function isPassing(error: unknown): error is UthoError {
  if (!(error instanceof UthoError)) return false;
  return ![AuthError, ArgumentError, CancelledError].some((kind) => error instanceof kind);
}
