import type { CallOptions } from "../../client";
import {
  ArgumentError,
  AuthError,
  BusyError,
  CancelledError,
  RateLimitedError,
  UthoError,
} from "../../client/errors";
import { formatDuration } from "../duration";
import { type FailureStory, ProviderFailure, saidBy, toFailure } from "../failure";
import type { Operation } from "./runtime";

/** One look at the cloud: the end of the wait, or what was seen instead. */
export type Look<T> = { done: T } | { waiting: string };

type Watched<T> = { done: T } | { timedOut: string };

/**
 * Looks again and again until `look` is done or `until` (milliseconds since the epoch) has come, and says on the
 * resource's row what it waits for. Passing trouble of the API does not end a wait for something that exists.
 * @param mayStop whether it ends early when the run is cancelled
 */
export async function watch<T>(
  operation: Operation,
  doing: string,
  until: number,
  look: () => Promise<Look<T>>,
  mayStop = false,
): Promise<Watched<T>> {
  const { account, clock, progress, startedAt } = operation;
  for (;;) {
    const seen = await lookPatiently(look);
    if ("done" in seen) return seen;
    const now = clock.now();
    // What changes comes first: a terminal of ordinary width cuts the row's end off.
    progress.status(`${formatDuration(now - startedAt)}, ${seen.waiting}: ${doing}`);
    if (now >= until || (mayStop && stops(operation))) return { timedOut: seen.waiting };
    const pause = Math.max(1, Math.min(account.settings.pollInterval, until - now));
    await (mayStop ? rest(operation, pause) : clock.sleep(pause));
  }
}

/** Whether the run is cancelled, and no server has to be brought back first. */
export function stops({ off, stop }: Operation): boolean {
  return stop.isAsked && off.since === undefined;
}

/** Sleeps, but not longer than until the run is cancelled. */
export async function rest({ clock, stop }: Operation, ms: number): Promise<void> {
  await (stop.isAsked ? clock.sleep(ms) : Promise.race([clock.sleep(ms), stop.asked]));
}

/** What is not begun any more in a run that is cancelled. */
export function cancelled({ cloudId }: Pick<Operation, "cloudId">): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_RUN_CANCELLED",
    attempted: `begin the next step on server ${cloudId}`,
    because: "the run was cancelled.",
    kept: "what was done before is in state; nothing was begun after it.",
    next: "run again: it goes on from there.",
  });
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

function isPassing(error: unknown): error is UthoError {
  if (!(error instanceof UthoError)) return false;
  return ![AuthError, ArgumentError, CancelledError].some((kind) => error instanceof kind);
}

/** A call that changes something in the cloud. */
interface Write<T> {
  /** What it does, for the resource's row: "restoring server 1001". */
  doing: string;
  /** When its answer must be there, in milliseconds since the epoch. @default the operation's own deadline */
  until?: number;
  send: (options: CallOptions) => Promise<T>;
}

/** How such a call ended. Only its caller knows what that means for the thing that it was to change. */
export type Ending<T> =
  | { kind: "answered"; answer: T }
  /** Put off: the server is busy or Utho wants fewer requests. By the answer nothing was done. */
  | { kind: "later"; error: UthoError }
  | { kind: "refused"; error: UthoError }
  /** It is unknown whether it was done. `heldMs`: how long Utho kept us waiting. */
  | { kind: "lost"; error: UthoError; heldMs: number };

/**
 * Asks once. Utho holds the line of some calls until the deed is done, and one that is hung up on may be undone, so it
 * is waited for the answer as long as `utho:writeTimeout` and the operation allow, and said how long already. Silence is
 * never an answer: whatever may have been done is "lost", for the caller to look for.
 */
export async function attempt<T>(operation: Operation, write: Write<T>): Promise<Ending<T>> {
  const { account, clock, cloudId } = operation;
  await operation.beforeWrite();
  // Where Utho has asked for fewer requests, this one may have to wait before it is sent.
  let sentAt = clock.now();
  const onHeld = (ms: number): void => {
    sentAt = clock.now() + ms;
  };
  const silence = setInterval(
    () => tellSilence(operation, write.doing, sentAt),
    account.settings.pollInterval,
  );
  try {
    const { requestTimeout, writeTimeout } = account.settings;
    // Shortly before the deadline it still gets the time of a read: to hang up at once may undo it.
    const left = (write.until ?? operation.deadline) - clock.now();
    const timeoutMs = Math.min(writeTimeout, Math.max(requestTimeout, left));
    return { kind: "answered", answer: await write.send({ timeoutMs, onHeld }) };
  } catch (error) {
    if (!(error instanceof UthoError)) throw error;
    if (error instanceof BusyError || error instanceof RateLimitedError) return { kind: "later", error };
    if (error.effect !== "unknown") return { kind: "refused", error };
    return { kind: "lost", error, heldMs: Math.max(0, clock.now() - sentAt) };
  } finally {
    clearInterval(silence);
    account.listing.written(cloudId);
  }
}

function tellSilence({ clock, progress }: Operation, doing: string, sentAt: number): void {
  const since = clock.now() - sentAt;
  progress.status(
    since < 0
      ? `Utho asks for fewer requests, waiting ${formatDuration(-since)}: ${doing}`
      : `Utho has not answered yet, ${formatDuration(since)}: ${doing}`,
  );
}

/**
 * How long the cloud is looked at after an ending that is no answer, before the same is asked for again: what was lost
 * may show as late as listings lag, and what held the line for long may go on for as long again.
 */
export function patienceAfter(
  operation: Operation,
  ending:
    | { kind: "later"; error: { retryAfterMs: number | undefined } }
    | { kind: "lost"; heldMs: number }
    | { kind: "refused" },
): number {
  const { listingLag, pollInterval } = operation.account.settings;
  if (ending.kind === "later") return Math.max(pollInterval, ending.error.retryAfterMs ?? 0);
  return ending.kind === "lost" ? Math.max(listingLag, 2 * ending.heldMs) : listingLag;
}

export async function putOff(
  operation: Operation,
  ending: Extract<Ending<unknown>, { kind: "later" }>,
): Promise<void> {
  const { clock, progress, cloudId, startedAt, deadline } = operation;
  if (stops(operation)) throw cancelled(operation);
  const { error } = ending;
  const reason =
    error instanceof RateLimitedError ? "Utho asks for fewer requests" : `server ${cloudId} is busy`;
  const waited = formatDuration(clock.now() - startedAt);
  progress.status(`${reason}; waiting, ${waited} (${error.apiMessage ?? error.message})`);
  const wanted = patienceAfter(operation, ending);
  await rest(operation, Math.max(1, Math.min(wanted, deadline - clock.now())));
}

/** The failure of what Utho put off until its time was over. */
export function stayedBusy(
  { timeout }: Operation,
  error: UthoError,
  story: Pick<FailureStory, "attempted" | "kept" | "next">,
): ProviderFailure {
  // That is about the account's requests, and says nothing of the server.
  if (error instanceof RateLimitedError) return toFailure(error, story.attempted);
  return new ProviderFailure({
    code: "UTHO_SERVER_BUSY",
    because: `Utho refused it for the whole timeout of ${timeout}.`,
    said: saidBy(error),
    cause: error,
    ...story,
  });
}

/** Something that may be asked for twice, because what is done already is not done again. */
interface Deed<T, A> extends Write<A> {
  until: number;
  look: () => Promise<Look<T>>;
  /** Whether the answer alone says that it is done. */
  proofOf?: (answer: A) => { done: T } | undefined;
  /** How long an answer that is no proof has to show before it is asked for again, in milliseconds. */
  patienceMs: (answer: A) => number;
  /** Asked for before the first look, since it is known to be there. */
  askFirst?: boolean;
  /** It was asked for already, and has until then to show. */
  askedUntil?: number | undefined;
  /** Asked for again even after a refusal: leaving it undone is worse than asking without effect. */
  insists?: boolean;
  /** Whether enough answers had no effect; checked before it is asked for again. */
  isVain?: () => boolean;
}

/** How a deed ended: done, refused for another reason than the token, or not seen in time. */
export type DeedEnd<T> =
  | { done: T }
  | { refused: UthoError }
  | { timedOut: string; trouble: UthoError | undefined };

/** Asks until it is seen to be done: looks before it asks again, and asks again only when the last call had its time. */
export async function untilDone<T, A>(operation: Operation, deed: Deed<T, A>): Promise<DeedEnd<T>> {
  const { clock } = operation;
  let askAt = deed.askedUntil;
  let trouble: UthoError | undefined;
  const turn = async (): Promise<Look<DeedEnd<T>>> => {
    if (askAt !== undefined || deed.askFirst !== true) {
      const seen = await deed.look();
      if ("done" in seen) return { done: seen };
      if (clock.now() < (askAt ?? 0)) return seen;
      if (deed.isVain?.() === true) return { done: { timedOut: seen.waiting, trouble } };
    }
    const ending = await attempt(operation, deed);
    trouble = ending.kind === "answered" ? undefined : ending.error;
    if (ending.kind === "answered") {
      askAt = clock.now() + deed.patienceMs(ending.answer);
      const seen = deed.proofOf?.(ending.answer) ?? (await deed.look());
      return "done" in seen ? { done: seen } : seen;
    }
    if (ending.kind === "refused" && ending.error instanceof AuthError) throw ending.error;
    if (ending.kind === "refused" && deed.insists !== true) return { done: { refused: ending.error } };
    askAt = clock.now() + patienceAfter(operation, ending);
    return { waiting: ending.error.apiMessage ?? ending.error.message };
  };
  const outcome = await watch(operation, deed.doing, deed.until, turn);
  return "timedOut" in outcome ? { ...outcome, trouble } : outcome.done;
}
