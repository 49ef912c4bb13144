import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { PluginHost } from "../../support/plugin";
import { Life, type Tally } from "./life";
import { lives } from "./steps";

/** Sequences that one file of the model test runs; UTHO_MODEL_RUNS sets another number. */
export const RUNS = Number(process.env.UTHO_MODEL_RUNS ?? 60);

/** Runs seeded random lives; a failure is shrunk and told with its seed and path. */
export async function runLives(seed: number): Promise<Tally> {
  const total: Tally = { operations: 0, kills: 0, faultsFired: 0, takenOver: 0 };
  const home = mkdtempSync(join(tmpdir(), "pulumi-utho-model-"));
  const host = await PluginHost.open(home);
  const property = fc.asyncProperty(lives, async (steps) => {
    const life = await Life.begin(host);
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
  try {
    await fc.assert(property, {
      seed,
      numRuns: RUNS,
      interruptAfterTimeLimit: 300_000,
      markInterruptAsFailure: true,
    });
  } finally {
    host.close();
    rmSync(home, { recursive: true, force: true });
  }
  return total;
}
