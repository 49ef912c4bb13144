import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { MiniEngine } from "../../support/mini-engine";
import { PluginHost } from "../../support/plugin";
import { runLives, tell } from "./run";

/** UTHO_MODEL_RUNS sets another number. */
const RUNS = Number(process.env.UTHO_MODEL_RUNS ?? 100);

it(`loses and doubles nothing in ${RUNS} random lives`, { timeout: 900_000 }, async () => {
  const home = mkdtempSync(join(tmpdir(), "pulumi-utho-model-"));
  const host = await PluginHost.open(home);
  try {
    const lives = { seed: 20_261_122, runs: RUNS, limit: 800_000 };
    const total = await runLives(lives, async (_simulator, config) => {
      host.forget();
      return new MiniEngine(host, config);
    });
    tell(RUNS, total);
    expect(total.operations).toBeGreaterThan(RUNS);
    expect(total.kills).toBeGreaterThan(0);
    expect(total.faultsFired).toBeGreaterThan(0);
  } finally {
    host.close();
    rmSync(home, { recursive: true, force: true });
  }
});
