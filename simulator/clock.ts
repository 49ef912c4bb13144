/** Where the simulator reads the time. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
}

/** The machine's clock. */
export const realClock: Clock = { now: () => Date.now() };

/** A clock that can be moved forward; everything in the simulated cloud is computed from it when asked. */
export class AdvancingClock implements Clock {
  #offset = 0;

  constructor(private readonly base: Clock = realClock) {}

  now(): number {
    return this.base.now() + this.#offset;
  }

  /** Moves the clock forward by `ms` milliseconds. */
  advance(ms: number): void {
    this.#offset += ms;
  }
}
