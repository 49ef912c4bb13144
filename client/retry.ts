import type { Answer } from "./answer";
import type { Clock } from "./clock";
import type { Effect } from "./errors";
import { type Failure, toError } from "./failure";
import type { ApiRequest, CallOptions, Method } from "./request";

/** How one attempt ended. */
export type Outcome = { answer: Answer } | { failure: Failure };

/** Makes one attempt; `attempt` is 1 for the first. */
export type Once = (request: ApiRequest, attempt: number, options?: CallOptions) => Promise<Outcome>;

/** Makes as many attempts as are allowed, and gives the answer or throws the error. */
export type Send = (request: ApiRequest, options?: CallOptions) => Promise<Answer>;

/** How often and how fast to repeat. */
interface RetryPolicy {
  maxRetries: number;
  clock: Clock;
  random: () => number;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 20_000;
const LONGEST_RETRY_AFTER_MS = 60_000;
/** For how long a request goes on although Utho asks for fewer. Its attempts are not used up by that. */
const LONGEST_HOLD_MS = 10 * 60_000;

// A POST is not here, even where its refusal says that nothing was done: create answers without an id, so its caller
// looks before every further one.
const REPEATABLE: ReadonlySet<Method> = new Set(["GET", "DELETE"]);
const PASSING: ReadonlySet<Failure["kind"]> = new Set([
  "network",
  "timeout",
  "server",
  "rateLimited",
  "busy",
]);

/** Whether a further attempt is both safe and of use. What is not listed here is not repeated. */
export function mayRepeat(method: Method, failure: Failure): boolean {
  if (failure.permanent) return false;
  // Nothing was sent, so nothing can happen twice.
  if (failure.kind === "network" && failure.effect === "none") return true;
  if (!REPEATABLE.has(method)) return false;
  // A deletion that may be under way is looked at by its caller, and never asked for again on the off chance.
  if (method !== "GET" && failure.effect === "unknown") return false;
  return PASSING.has(failure.kind) || (failure.kind === "unexpected" && failure.reason === "truncated");
}

/**
 * Milliseconds before the next attempt: what Retry-After asks for, at most a minute; otherwise doubling from
 * half a second to 20 seconds, of which the second half is up to chance so that many clients do not move in step.
 *
 * @param attempt the one that has just failed, 1 for the first
 */
export function delayBefore(attempt: number, failure: Failure, random: () => number): number {
  const asked = failure.retryAfterMs ?? 0;
  if (asked > 0) return Math.min(asked, LONGEST_RETRY_AFTER_MS);
  const longest = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);
  return Math.round(longest / 2 + (random() * longest) / 2);
}

/** Adds repetition to a step that makes one attempt. */
export function withRetry(once: Once, policy: RetryPolicy): Send {
  return async (request, options) => {
    const signal = options?.signal;
    const until = policy.clock.now() + LONGEST_HOLD_MS;
    let effect: Effect = "none";
    let spared = 0;
    for (let attempt = 1; ; attempt++) {
      const outcome = await once(request, attempt, options);
      if ("answer" in outcome) return outcome.answer;
      // What an attempt left open stays open, whatever the next one met.
      if (outcome.failure.effect === "unknown") effect = "unknown";
      const failure = { ...outcome.failure, effect };
      const limited = failure.kind === "rateLimited";
      // Whoever allows no repetition at all wants to hear of this too.
      if (limited && policy.maxRetries > 0 && policy.clock.now() < until) spared += 1;
      if (attempt - spared > policy.maxRetries || !mayRepeat(request.method, failure))
        throw toError(failure, request, attempt);
      // The pace of all requests holds this one back for as long as Utho asks.
      if (!limited) await pause(policy, delayBefore(attempt, failure, policy.random), signal);
      if (signal?.aborted) throw toError(cancelledBetween(effect), request, attempt);
    }
  };
}

async function pause(policy: RetryPolicy, ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await policy.clock.sleep(ms, signal);
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}

function cancelledBetween(effect: Effect): Failure {
  return { kind: "cancelled", what: "cancelled before the next attempt", effect };
}
