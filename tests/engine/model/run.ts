import fc from "fast-check";
import { type EngineFor, Life, type Tally } from "./life";
import { lives } from "./steps";

/** How many lives, and from which seed; a failure tells the seed and path that repeat it. */
export interface Lives {
  seed: number;
  runs: number;
  /** Milliseconds after which the search for a smaller example stops. */
  limit: number;
}

/** Runs seeded random lives, shrinks a failing one, and counts what happened in them. */
export async function runLives({ seed, runs, limit }: Lives, engineFor: EngineFor): Promise<Tally> {
  const total: Tally = { operations: 0, kills: 0, faultsFired: 0, takenOver: 0 };
  const property = fc.asyncProperty(lives, async (steps) => {
    const life = await Life.begin(engineFor);
    try {
      const tally = await life.live(steps);
      total.operations += tally.operations;
      total.kills += tally.kills;
      total.faultsFired += tally.faultsFired;
      total.takenOver += tally.takenOver;
    } catch (error) {
      // Shrinking may be cut short by the time limit, and then fast-check tells no example.
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

/** The line that `npm run reliability` collects. */
export function tell(lives: number, { operations, kills, faultsFired, takenOver }: Tally): void {
  console.log(
    `[reliability] lives=${lives} operations=${operations} kills=${kills} faultsFired=${faultsFired} takenOver=${takenOver}`,
  );
}
