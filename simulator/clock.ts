/** Where the simulator reads the time. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
}

/** The machine's clock. */
const realClock: Clock = { now: () => Date.now() };

/** A clock that can be moved forward; everything in the simulated cloud is computed from it when asked. */
export class AdvancingClock implements Clock {
  #offset = 0;
  readonly #sleepers = new Set<() => void>();

  constructor(private readonly base: Clock = realClock) {}

  now(): number {
    return this.base.now() + this.#offset;
  }

  /** Moves the clock forward by `ms` milliseconds. */
  advance(ms: number): void {
    this.#offset += ms;
    for (const wake of [...this.#sleepers]) wake();
  }

  /** Waits until it is `at` by this clock, or until the signal ends the wait. */
  async until(at: number, signal: AbortSignal): Promise<void> {
    while (this.now() < at && !signal.aborted) await this.#sleep(at - this.now(), signal);
  }

  /** The timer may ring too early where the base stands still or is slow; an advance wakes at once. */
  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#sleepers.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(ms, 1_000_000_000));
      this.#sleepers.add(wake);
      signal.addEventListener("abort", wake);
    });
  }
}
