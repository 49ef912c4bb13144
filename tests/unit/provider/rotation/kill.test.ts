import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it, vi } from "vitest";
import { type KillableLife, killAt } from "../../../support/rotation-killing";
import { POINTS } from "../../../support/rotation-points";
import { RotationRig } from "./rotation-rig";

describe("a rotation that ends in the middle of a run", () => {
  let home: string;
  let rig: RotationRig;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "utho-killed-"));
    vi.stubEnv("PULUMI_HOME", home);
    rig = await RotationRig.start();
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
    await rig.simulator.close();
  });

  it.each(POINTS)("$at: the next run carries on", async (point) => {
    let end = (): void => {};
    // The killed operation never ends, and nothing waits for it.
    const untilKilled = <T>(operation: Promise<T>) => {
      const killed = new Promise<{ error: string }>((done) => {
        end = () => done({ error: "killed" });
      });
      return Promise.race([operation, killed]);
    };
    const life: KillableLife = {
      up: (program) => untilKilled(rig.up(program)),
      destroy: () => untilKilled(rig.destroy().then(() => ({}))),
      kill: () => {
        rig.kill();
        end();
      },
      ids: () => rig.state.snapshots.map(({ id }) => id),
      advance: (ms) => rig.advance(ms),
      now: () => rig.now(),
    };
    await killAt(point, life, rig.simulator);
  });
});
