import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { PluginHost } from "../../support/plugin";
import { WRONG_ANSWERS } from "./kinds";
import { SCENES } from "./scenes";
import { runTrials, type Scene, type Trial } from "./trial";

/** Once: a repetition helps. Twice: with one repetition allowed, the call fails. */
function trialsOf(scene: Scene): Trial[] {
  return WRONG_ANSWERS.flatMap((wrong) => {
    const before = (times: number): Trial => ({ scene, wrong, phase: "before", times });
    const after = (times: number): Trial => ({ scene, wrong, phase: "after", times });
    if (scene.writes !== true) return [before(wrong.once === true ? 1 : 2)];
    const counts = wrong.once === true ? [1] : [1, 2];
    return [...counts.map(before), ...(wrong.refusesEntry === true ? [] : counts.map(after))];
  });
}

describe("answers that do not say what happened", () => {
  const home = mkdtempSync(join(tmpdir(), "pulumi-utho-faults-"));
  let host: PluginHost;
  let tried = 0;

  beforeAll(async () => {
    host = await PluginHost.open(home);
  });
  // Each operation loads the provider anew, and the process keeps them all.
  afterEach(() => host.kill());
  afterAll(() => {
    host.close();
    rmSync(home, { recursive: true, force: true });
    console.log(`[reliability] faults=${tried} calls=${new Set(SCENES.map(({ call }) => call)).size}`);
  });

  it.each(SCENES)("$name: $call", { timeout: 600_000 }, async (scene) => {
    const trials = trialsOf(scene);
    const problems = await runTrials(host, trials);
    tried += trials.length;
    expect(problems).toEqual([]);
  });
});
