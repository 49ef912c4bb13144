import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PluginHost } from "../../support/plugin";
import { WRONG_ANSWERS } from "./kinds";
import { SCENES } from "./scenes";
import { runTrials, type Scene, type Trial } from "./trial";

/** Once: a repetition helps. Twice: with one repetition allowed, the call fails. */
function trialsOf(scene: Scene): Trial[] {
  const phases = scene.writes === true ? (["before", "after"] as const) : (["before"] as const);
  return WRONG_ANSWERS.flatMap((wrong) =>
    phases.flatMap((phase) =>
      (wrong.once === true ? [1] : scene.writes === true ? [1, 2] : [2]).map((times) => ({
        scene,
        wrong,
        phase,
        times,
      })),
    ),
  );
}

describe("answers that do not say what happened", () => {
  const home = mkdtempSync(join(tmpdir(), "pulumi-utho-faults-"));
  let host: PluginHost;
  let tried = 0;

  beforeAll(async () => {
    host = await PluginHost.open(home);
  });
  afterAll(() => {
    host.close();
    rmSync(home, { recursive: true, force: true });
    console.log(`[reliability] faults=${tried} calls=${new Set(SCENES.map(({ call }) => call)).size}`);
  });

  it.each(SCENES)("$name: $call", async (scene) => {
    const trials = trialsOf(scene);
    const problems = await runTrials(host, trials);
    tried += trials.length;
    expect(problems).toEqual([]);
  });
});
