import type { Clock } from "./clock";
import type { Once } from "./retry";

/** No fewer than this many requests a minute, however often Utho asks for fewer. */
const LONGEST_INTERVAL_MS = 10_000;
/** From this rate on nothing is held back any more. */
const FREE_PER_SECOND = 50;
/** By how much each good answer raises the rate. */
const STEP_PER_SECOND = 0.05;
const LEAST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** A request that is held back for less than this is not worth a word. */
const WORTH_TELLING_MS = 1_000;

/**
 * The pace of all requests of a client. Nothing is held back until Utho asks for fewer (HTTP 429). Then all wait as
 * long as it says and go on at half the rate, in the order in which they came, and each good answer makes them a little
 * faster, until nothing is held back again. So an undocumented limit is found, and found again when it changes.
 */
export class Pace {
  /** Milliseconds between two requests; 0: as they come. */
  private intervalMs = 0;
  private nextAt = Number.NEGATIVE_INFINITY;
  private pausedUntil = Number.NEGATIVE_INFINITY;
  private slowedAt = Number.NEGATIVE_INFINITY;
  /** When requests of the last second were sent. */
  private recent: number[] = [];

  constructor(private readonly clock: Clock) {}

  /** Waits for this request's turn; gives the moment when it is sent. `onHeld` hears for how long it is held back. */
  async turn(signal?: AbortSignal, onHeld?: (ms: number) => void): Promise<number> {
    const { clock } = this;
    for (let now = clock.now(); ; now = clock.now()) {
      const at = Math.max(now, this.nextAt, this.pausedUntil);
      this.nextAt = at + this.intervalMs;
      if (at > now) {
        if (at - now >= WORTH_TELLING_MS) onHeld?.(at - now);
        await clock.sleep(at - now, signal);
      }
      // Utho may have asked for a pause meanwhile.
      if (clock.now() < this.pausedUntil) continue;
      this.recent = [...this.recent.filter((sent) => sent > at - 1_000), at];
      return at;
    }
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
    this.intervalMs = Math.min(2 * interval, LONGEST_INTERVAL_MS);
    this.nextAt = this.pausedUntil;
  }

  /** An answer came that did not ask for fewer. */
  speedUp(): void {
    if (this.intervalMs === 0) return;
    const rate = 1_000 / this.intervalMs + STEP_PER_SECOND;
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
