import { Refusal } from "../rules/refusal";
import type { World } from "../rules/world";

interface Window {
  start: number;
  count: number;
}

/** Counts the requests of each token in windows of the simulator's clock. */
export class RateLimiter {
  readonly #windows = new Map<string | undefined, Window>();

  /** Counts one request. @throws Refusal when the window is full. */
  admit(world: World, token: string | undefined): void {
    const limit = world.settings.rateLimit;
    if (limit === null) return;
    const now = world.clock.now();
    const known = this.#windows.get(token);
    const window =
      known !== undefined && now < known.start + limit.windowMs ? known : { start: now, count: 0 };
    this.#windows.set(token, window);
    window.count += 1;
    if (window.count <= limit.requests) return;
    const waitSeconds = Math.ceil((window.start + limit.windowMs - now) / 1000);
    throw new Refusal("tooMany", "Too Many Attempts.", limit.retryAfter ? waitSeconds : undefined);
  }
}
