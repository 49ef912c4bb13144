import { Refusal } from "../rules/refusal";
import type { World } from "../rules/world";

/** Counts requests in windows of the simulator's clock. */
export class RateLimiter {
  #windowStart = Number.NEGATIVE_INFINITY;
  #count = 0;

  /** Counts one request. @throws Refusal when the window is full. */
  admit(world: World): void {
    const limit = world.settings.rateLimit;
    if (limit === null) return;
    const now = world.clock.now();
    if (now >= this.#windowStart + limit.windowMs) {
      this.#windowStart = now;
      this.#count = 0;
    }
    this.#count += 1;
    if (this.#count <= limit.requests) return;
    const waitSeconds = Math.ceil((this.#windowStart + limit.windowMs - now) / 1000);
    throw new Refusal("tooMany", "Too Many Attempts.", limit.retryAfter ? waitSeconds : undefined);
  }
}
