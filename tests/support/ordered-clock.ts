import { setImmediate as turnOfLoop } from "node:timers/promises";
import type { Clock } from "../../client";
import type { Simulator } from "../../simulator";

/** Turns of the event loop in which nothing is asked and no wait begins: then all that runs waits for the clock. */
const QUIET_TURNS = 30;

/**
 * The simulator's clock for many that wait at once for different moments: it goes from one moment to the next, and only
 * when all that runs is waiting. Slower than `clockOf`, which takes the longest wait in one step.
 */
export function orderedClockOf(simulator: Simulator): Clock {
  const { cloud, requests } = simulator;
  const sleepers: { until: number; wake: () => void }[] = [];
  let slept = 0;
  let running = false;
  const quiet = async (): Promise<void> => {
    const activity = (): number => slept + requests.count();
    for (let turns = 0, seen = activity(); turns < QUIET_TURNS; turns += 1) {
      await turnOfLoop();
      if (activity() === seen) continue;
      seen = activity();
      turns = 0;
    }
  };
  const run = async (): Promise<void> => {
    running = true;
    for (await quiet(); sleepers.length > 0; await quiet()) {
      const next = Math.min(...sleepers.map(({ until }) => until));
      // Real time goes on meanwhile.
      const ahead = next - cloud.now();
      if (ahead > 0) cloud.advance(ahead);
      for (const due of sleepers.filter(({ until }) => until <= next)) {
        sleepers.splice(sleepers.indexOf(due), 1);
        due.wake();
      }
    }
    running = false;
  };
  return {
    now: () => cloud.now(),
    sleep: (ms, signal) =>
      new Promise<void>((wake, fail) => {
        signal?.addEventListener("abort", () => fail(signal.reason), { once: true });
        sleepers.push({ until: cloud.now() + ms, wake });
        slept += 1;
        if (!running) void run();
      }),
  };
}
