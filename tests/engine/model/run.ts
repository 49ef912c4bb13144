import fc from "fast-check";
import { type EngineFor, Life } from "./life";
import { lives } from "./steps";
import { Tally } from "./tally";

/** How many lives, and from which seed; a failure names the seed and path that repeat it. */
export interface Lives {
  seed: number;
  runs: number;
  /** Milliseconds after which the search for a smaller example stops. */
  limit: number;
}

/** Runs seeded random lives, shrinks a failing one, and counts what happened in them. */
export async function runLives({ seed, runs, limit }: Lives, engineFor: EngineFor): Promise<Tally> {
  const total = new Tally();
  const property = fc.asyncProperty(lives, async (steps) => {
    const life = await Life.begin(engineFor);
    try {
      await life.live(steps);
      total.take(life.tally);
    } catch (error) {
      // Shrinking may be cut short by the time limit, and then fast-check gives no example.
      console.error(`[model] ${error instanceof Error ? error.message : error} in ${JSON.stringify(steps)}`);
      throw error;
    } finally {
      await life.close();
    }
  });
  await fc.assert(property, {
    seed,
    numRuns: runs,
    interruptAfterTimeLimit: limit,
    markInterruptAsFailure: true,
  });
  return total;
}
