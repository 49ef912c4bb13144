import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { MiniEngine } from "../../support/mini-engine";
import { hostOf } from "../../support/plugin-door";
import { runLives } from "./run";
import { EDITS, FAULT_KINDS, MEDDLING, wordOf } from "./steps";
import { Tally } from "./tally";

/** UTHO_MODEL_RUNS sets another number. */
const RUNS = Number(process.env.UTHO_MODEL_RUNS ?? 200);

/**
 * Independent sequences of lives, each with a seed, a plugin process and simulators of its own. They run at the same
 * time, since a life waits more than it works; a failure repeats with its lane's seed alone.
 */
const LANES = 3;
/** UTHO_MODEL_SEED sets another first seed. */
const SEED = Number(process.env.UTHO_MODEL_SEED ?? 20_261_122);

/** Everything that can happen, as a tally counts it. */
const KINDS = [
  ...["declare", "declare with powerOff", "adopt", "rename", "rename with alias", "lag", "up", "refresh"],
  ...EDITS,
  ...MEDDLING.map((what) => `outside ${what}`),
].map((kind) => `step:${kind}`);

it(`loses and doubles nothing in ${RUNS} random lives`, { timeout: 900_000 }, async () => {
  const total = new Tally();
  const lanes = Array.from({ length: LANES }, (_, lane) =>
    runLane(SEED + lane, Math.ceil((RUNS - lane) / LANES)),
  );
  // All of them end before a failed one is reported.
  await Promise.allSettled(lanes);
  for (const tally of await Promise.all(lanes)) total.take(tally);
  console.log(`${total}`);
  expect(total.of("lives")).toBe(RUNS);
  expect(total.of("operations")).toBeGreaterThan(2 * RUNS);
  expect(total.of("kills")).toBeGreaterThan(RUNS / 3);
  expect(total.of("takenOver")).toBeGreaterThan(RUNS / 20);
  expect(total.sum("fault:")).toBeGreaterThan(RUNS / 4);
  expect(total.of("excused")).toBeLessThan(RUNS / 10);
  // A hundred lives see everything that there is, unless it has stopped happening.
  const seldom = Math.floor(RUNS / 100);
  const faults = FAULT_KINDS.map((kind) => `fault:${wordOf(kind)}`);
  expect([...KINDS, ...faults].filter((kind) => total.of(kind) < seldom)).toEqual([]);
});

async function runLane(seed: number, runs: number): Promise<Tally> {
  const home = mkdtempSync(join(tmpdir(), "pulumi-utho-model-"));
  const host = await hostOf(home);
  try {
    return await runLives({ seed, runs, limit: 800_000 }, async (_simulator, config) => {
      host.forget();
      return new MiniEngine(host, config);
    });
  } finally {
    host.close();
    rmSync(home, { recursive: true, force: true });
  }
}
