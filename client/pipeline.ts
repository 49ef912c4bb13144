import { type Answer, interpret } from "./answer";
import { compact } from "./compact";
import { type Effect, type Failure, toError } from "./errors";
import { proxyFor, type Settings } from "./options";
import type { ApiRequest, CallOptions, Method } from "./request";
import type { Clock } from "./time";
import { createTransport } from "./transport";

/**
 * Puts the steps of a request together, from the inside out:
 *
 * 1. transport: bytes there and back, once. Only it knows the token in clear and HTTP.
 * 2. interpret: body, envelope, verdict, with the token taken out of every text. It comes before the observer and
 *    the retry, because a refusal inside HTTP 200, or half a body, is a failure that they have to see.
 * 3. observer: inside the retry, so that it sees each attempt and not only the last.
 * 4. pace: each attempt waits for its turn where Utho has asked for fewer requests, whoever makes it.
 * 5. retry: outermost; it alone knows how many attempts there were, and so it makes the error.
 *
 * Reading the JSON into types comes after all of them (decode.ts): another attempt would bring the same shape.
 */
export function assemble(settings: Settings): Send {
  const proxy = proxyFor(settings.endpoint, process.env);
  const transport = createTransport(settings, proxy);
  const once: Once = async (request, attempt, options) => {
    const sent = await transport(request, options);
    const judge = { token: settings.token, nowMs: settings.clock.now(), attempt };
    const outcome = "failure" in sent ? sent : interpret(request, sent.answer, judge);
    if (!("failure" in outcome) || proxy === undefined) return outcome;
    return { failure: { ...outcome.failure, proxy: proxy.shown } };
  };
  return withRetry(withPace(withObserver(once, settings), settings.clock), settings);
}

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
      if (!limited) await pause(policy.clock, delayBefore(attempt, failure, policy.random), signal);
      if (signal?.aborted) throw toError(cancelledBetween(effect), request, attempt);
    }
  };
}

async function pause(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}

function cancelledBetween(effect: Effect): Failure {
  return { kind: "cancelled", what: "cancelled before the next attempt", effect };
}

/** No fewer than this many requests a minute, however often Utho asks for fewer. */
const LONGEST_INTERVAL_MS = 10_000;
/** From this rate on nothing is held back any more. */
const FREE_PER_SECOND = 50;
/** By how much each good answer raises the rate. */
const STEP_PER_SECOND = 0.05;
/**
 * And by how much each second does: the same for all, so that of several runs on one account a slow one catches up. Steps
 * by answers alone favour whoever has more of them.
 */
const STEP_EACH_SECOND = 0.1;
const LEAST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** A request that is held back for less than this is not worth a word. */
const WORTH_TELLING_MS = 1_000;

/**
 * The pace of all requests of a client. Nothing is held back until Utho asks for fewer (HTTP 429). Then all wait as
 * long as it says and go on at half the rate, in the order in which they came, and each good answer and each second make
 * them a little faster, until nothing is held back again. So an undocumented limit is found, and found again when it changes.
 */
export class Pace {
  /** Milliseconds between two requests; 0: as they come. */
  private intervalMs = 0;
  private lastAt = Number.NEGATIVE_INFINITY;
  private pausedUntil = Number.NEGATIVE_INFINITY;
  private slowedAt = Number.NEGATIVE_INFINITY;
  /** When requests of the last second were sent. */
  private recent: number[] = [];
  /** Those who wait, in the order in which they came. They have a place and no time, since the pace changes. */
  private readonly line: { go: (at: number) => void; signal: AbortSignal | undefined }[] = [];
  private serving = false;

  constructor(private readonly clock: Clock) {}

  /** Waits for this request's turn; gives the moment when it is sent. `onHeld` hears for how long it is held back. */
  async turn(signal?: AbortSignal, onHeld?: (ms: number) => void): Promise<number> {
    signal?.throwIfAborted();
    const held = this.timeOf(this.line.length) - this.clock.now();
    if (held >= WORTH_TELLING_MS) onHeld?.(held);
    return await new Promise<number>((resolve, reject) => {
      const waiting = {
        signal,
        go: (at: number) => {
          signal?.removeEventListener("abort", leave);
          resolve(at);
        },
      };
      const leave = () => {
        this.line.splice(this.line.indexOf(waiting), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.line.push(waiting);
      void this.serve();
    });
  }

  /** Lets one after the other go when its time has come. Only the first waits for the clock, until it is given up. */
  private async serve(): Promise<void> {
    if (this.serving) return;
    this.serving = true;
    for (let [first] = this.line; first !== undefined; [first] = this.line) {
      const now = this.clock.now();
      const at = this.timeOf(0);
      // Looks again afterwards: Utho may have asked for a pause meanwhile.
      if (at > now) await pause(this.clock, at - now, first.signal);
      else this.line.shift()?.go(this.sent(now));
    }
    this.serving = false;
  }

  /** When whoever has so many before it is to go. */
  private timeOf(place: number): number {
    return Math.max(this.lastAt + (place + 1) * this.intervalMs, this.pausedUntil + place * this.intervalMs);
  }

  private sent(at: number): number {
    this.lastAt = at;
    while ((this.recent[0] ?? at) <= at - 1_000) this.recent.shift();
    this.recent.push(at);
    return at;
  }

  /** Utho asked for fewer requests, in its answer to one that was sent at `sentAt`. */
  slowDown(sentAt: number, retryAfterMs = 0): void {
    const now = this.clock.now();
    const pause = Math.min(Math.max(retryAfterMs, retryAfterMs > 0 ? 0 : LEAST_PAUSE_MS), LONGEST_PAUSE_MS);
    this.pausedUntil = Math.max(this.pausedUntil, now + pause);
    // Requests that were on their way already are no reason to slow down once more.
    if (sentAt <= this.slowedAt) return;
    this.slowedAt = now;
    const interval = this.intervalMs > 0 ? this.intervalMs : 1_000 / Math.max(1, this.recent.length);
    // Never so fast that the next good answer would set all free again.
    this.intervalMs = Math.min(Math.max(2 * interval, 2_000 / FREE_PER_SECOND), LONGEST_INTERVAL_MS);
    // The first goes as soon as the pause is over.
    this.lastAt = Number.NEGATIVE_INFINITY;
  }

  /** An answer came that did not ask for fewer. */
  speedUp(): void {
    if (this.intervalMs === 0) return;
    const seconds = Math.min(this.intervalMs / 1_000, 1);
    const rate = 1_000 / this.intervalMs + STEP_PER_SECOND + STEP_EACH_SECOND * seconds;
    this.intervalMs = rate >= FREE_PER_SECOND ? 0 : 1_000 / rate;
  }
}

/** Makes every attempt keep the pace. */
export function withPace(once: Once, clock: Clock): Once {
  const pace = new Pace(clock);
  return async (request, attempt, options) => {
    const sentAt = await pace.turn(options?.signal, options?.onHeld).catch((error: unknown) => {
      // The attempt itself says that it was cancelled.
      if (options?.signal?.aborted) return clock.now();
      throw error;
    });
    const outcome = await once(request, attempt, options);
    if ("answer" in outcome) pace.speedUp();
    else if (outcome.failure.kind === "rateLimited") pace.slowDown(sentAt, outcome.failure.retryAfterMs);
    return outcome;
  };
}

/** Calls `onAttempt` for every attempt. */
function withObserver(once: Once, settings: Pick<Settings, "onAttempt" | "clock">): Once {
  const { onAttempt, clock } = settings;
  if (onAttempt === undefined) return once;
  return async (request, attempt, options) => {
    const startedAt = clock.now();
    const outcome = await once(request, attempt, options);
    const { operation, method, path } = request;
    const durationMs = clock.now() - startedAt;
    const event =
      "answer" in outcome
        ? { status: outcome.answer.status, outcome: "ok" as const, date: outcome.answer.date }
        : { status: outcome.failure.status, outcome: toError(outcome.failure, request, attempt).code };
    try {
      onAttempt({ operation, method, path, attempt, durationMs, ...compact(event) });
    } catch {
      // An observer's fault must not turn a request that was made into one that looks failed.
    }
    return outcome;
  };
}
