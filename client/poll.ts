import { type Clock, systemClock } from "./clock";
import { ArgumentError, CancelledError, WaitTimeoutError } from "./errors";

/** What one look found: the awaited thing, or what is there instead. */
export type Probe<T> =
  | {
      /** The awaited thing; `waitUntil` ends with it. */
      done: T;
    }
  | {
      /** What is there instead, in words for people. */
      waiting: string;
    };

/** What `onTick` is told after each look that found nothing yet. */
export interface Tick {
  /** What the look found instead. */
  waiting: string;
  /** Milliseconds since the wait began. */
  waitedMs: number;
  /** Looks made so far. */
  probes: number;
}

/** How long and how often `waitUntil` looks. */
export interface WaitPolicy {
  /** Milliseconds between two looks. */
  intervalMs: number;
  /** Milliseconds after which it gives up. The last look is made when they are over. */
  deadlineMs: number;
  /** @default systemClock */
  clock?: Clock | undefined;
  /** Aborting it ends the wait with CancelledError. */
  signal?: AbortSignal | undefined;
  /** Told of each look that found nothing yet. */
  onTick?: ((tick: Tick) => void) | undefined;
  /** Names the wait in errors. @default "waitUntil" */
  operation?: string | undefined;
}

/**
 * Looks until the probe is done. Looks at once, and then every `intervalMs`.
 * An error of the probe ends the wait: repeating single requests is the client's business, not this one's.
 *
 * @throws WaitTimeoutError at the deadline; never pretends success
 * @throws CancelledError when the signal is aborted
 */
export async function waitUntil<T>(probe: () => Promise<Probe<T>>, policy: WaitPolicy): Promise<T> {
  const { intervalMs, deadlineMs, clock = systemClock, signal, onTick, operation = "waitUntil" } = policy;
  if (!(intervalMs > 0) || !(deadlineMs >= 0)) {
    throw new ArgumentError(
      `${operation}: intervalMs must be above 0 and deadlineMs at least 0 milliseconds`,
      operation,
    );
  }
  const startedAt = clock.now();
  for (let probes = 1; ; probes++) {
    stopIfCancelled(signal, operation);
    const seen = await probe();
    if ("done" in seen) return seen.done;
    const waitedMs = clock.now() - startedAt;
    onTick?.({ waiting: seen.waiting, waitedMs, probes });
    if (waitedMs >= deadlineMs) throw deadlineReached(operation, seen.waiting, waitedMs);
    await pause(clock, Math.min(intervalMs, deadlineMs - waitedMs), signal, operation);
  }
}

/** Sleeps on the clock; an aborted signal becomes CancelledError. */
async function pause(
  clock: Clock,
  ms: number,
  signal: AbortSignal | undefined,
  operation: string,
): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    stopIfCancelled(signal, operation);
    throw error;
  }
}

function stopIfCancelled(signal: AbortSignal | undefined, operation: string): void {
  if (signal?.aborted) {
    throw new CancelledError(`${operation}: cancelled while waiting. Nothing was undone.`, { operation });
  }
}

function deadlineReached(operation: string, lastSeen: string, waitedMs: number): WaitTimeoutError {
  return new WaitTimeoutError(
    `${operation}: gave up after ${Math.round(waitedMs / 1000)} s; last seen: ${lastSeen}. ` +
      "It may still complete: look at it again, or allow more time.",
    { operation, lastSeen, waitedMs },
  );
}
