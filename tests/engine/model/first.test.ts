import { expect, it } from "vitest";
import { RUNS, runLives } from "./run";

it(`loses and doubles nothing in ${RUNS} random lives`, { timeout: 600_000 }, async () => {
  const total = await runLives(20_261_122);
  const { operations, kills, faultsFired, takenOver } = total;
  console.log(
    `[reliability] lives=${RUNS} operations=${operations} kills=${kills} faultsFired=${faultsFired} takenOver=${takenOver}`,
  );
  expect(total.operations).toBeGreaterThan(RUNS);
  expect(total.kills).toBeGreaterThan(0);
  expect(total.faultsFired).toBeGreaterThan(0);
});
