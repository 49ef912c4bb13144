import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ROTATION_FORWARDER } from "../../../sdk/forwarder";
import { type Simulator, startSimulator } from "../../../simulator";
import { EVERY_DOOR, throughDoors } from "../../support/doors";
import { hostOf } from "../../support/plugin-door";
import { familyOf, killAll } from "../../support/processes";
import { type KillableLife, killAt } from "../../support/rotation-killing";
import { RotationLife } from "../../support/rotation-life";
import { POINTS } from "../../support/rotation-points";
import { ShiftedClock } from "../../support/shifted-clock";
import { Stack } from "../../support/stack";

describe("a rotation that is killed", () => {
  let home: string;
  let clock: ShiftedClock;
  let simulator: Simulator;
  let host: Awaited<ReturnType<typeof hostOf>> | undefined;
  let stack: Stack | undefined;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "rotation-"));
    clock = new ShiftedClock("2026-02-20T02:00:00Z");
    simulator = await startSimulator({ clock: clock.clock, settings: { snapshotDurationMs: 50 } });
  });

  afterEach(async () => {
    host?.close();
    stack?.dispose();
    simulator.faults.release();
    await simulator.close();
    clock.dispose();
    rmSync(home, { recursive: true, force: true });
  });

  // The others are tried without a process of their own, in tests/unit/provider/rotation/kill.test.ts.
  it.each(
    throughDoors(
      POINTS.filter(({ inProcess }) => EVERY_DOOR || inProcess === true),
      () => true,
    ),
  )("$at: the next run through the $door door carries on", async ({ door, ...point }) => {
    host = await hostOf(home, { door, forwarder: ROTATION_FORWARDER, env: clock.env });
    const life = new RotationLife(host, simulator);
    const killable: KillableLife = {
      up: (program) => life.up(program),
      destroy: () => life.destroy(),
      kill: () => life.kill(),
      ids: () => life.state.snapshots.map(({ id }) => id),
      advance: (ms) => clock.advance(simulator, ms),
      now: () => clock.now(),
    };
    await killAt(point, killable, simulator);
  });

  it("on its first run of all, by the whole CLI's death: the next one takes no second snapshot", async () => {
    stack = await Stack.create({
      program: 'new utho.SnapshotRotation("nightly", { cloudId: "1001", every: "24h", keep: { last: 2 } });',
      simulator,
      env: clock.env,
    });
    simulator.faults.add({ operation: "snapshot.create", phase: "after", kind: { hold: true } });
    const run = stack.start(["up", "--yes", "--skip-preview"]);
    await simulator.requests.waitFor(() => simulator.cloud.snapshots().length === 1, 60_000);
    killAll(familyOf(run.child.pid ?? 0));
    await run.ended;
    simulator.faults.release();
    await stack.run(["cancel", "--yes"]);
    const next = await stack.up();
    expect(next.code, next.output).toBe(0);
    expect(simulator.cloud.snapshots()).toHaveLength(1);
    expect(simulator.requests.count("snapshot.create")).toBe(1);
    const drift = await stack.up("--expect-no-changes");
    expect(drift.code, drift.output).toBe(0);
  });
});
