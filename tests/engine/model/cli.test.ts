import { expect, it } from "vitest";
import { CliEngine } from "../../support/cli-engine";
import { runLives, tell } from "./run";

/** UTHO_MODEL_CLI_RUNS sets another number. */
const RUNS = Number(process.env.UTHO_MODEL_CLI_RUNS ?? 3);

it(`loses and doubles nothing in ${RUNS} random lives through the whole CLI`, {
  timeout: 900_000,
}, async () => {
  const lives = { seed: 11, runs: RUNS, limit: 800_000 };
  const total = await runLives(lives, (simulator, config) => CliEngine.create(simulator, config));
  tell(RUNS, total);
  expect(total.operations).toBeGreaterThan(RUNS);
});
