import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { Clock } from "../client";
import type { Simulator } from "../simulator";

/**
 * The simulator's clock as the provider's: waiting takes no real time, it moves the simulated cloud forward. Those
 * that wait at the same time wait for the same time, as they would in a real run.
 */
export function clockOf(simulator: Simulator): Clock {
  const { cloud } = simulator;
  return {
    now: () => cloud.now(),
    sleep: async (ms, signal) => {
      const until = cloud.now() + ms;
      await yieldToOthers();
      signal?.throwIfAborted();
      // Asked once: the simulated clock may go on by itself.
      const ahead = until - cloud.now();
      if (ahead > 0) cloud.advance(ahead);
    },
  };
}
