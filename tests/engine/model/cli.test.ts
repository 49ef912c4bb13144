import { expect, it } from "vitest";
import { CliEngine } from "../../support/cli-engine";
import { runLives } from "./run";

/** UTHO_MODEL_CLI_RUNS sets another number. */
const RUNS = Number(process.env.UTHO_MODEL_CLI_RUNS ?? 3);

it(`loses and doubles nothing in ${RUNS} random lives through the whole CLI`, {
  timeout: 900_000,
}, async () => {
  const lives = { seed: 44_607, runs: RUNS, limit: 800_000 };
  const total = await runLives(lives, (simulator, config) => CliEngine.create(simulator, config));
  console.log(`${total}`);
  expect(total.of("lives")).toBe(RUNS);
  expect(total.of("operations")).toBeGreaterThan(2 * RUNS);
  // The seed was chosen for what these few lives hold. Whether a kill leaves something to be taken over is a matter of
  // milliseconds; first.test.ts, with its hundreds, asks for that.
  const held = ["kills", "step:rename with alias", "step:adopt", "step:trigger", "step:move"];
  expect(held.filter((what) => total.of(what) === 0)).toEqual([]);
});
