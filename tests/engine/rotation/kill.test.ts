import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ROTATION_FORWARDER } from "../../../sdk/forwarder";
import { type Fault, type LoggedRequest, type Simulator, startSimulator } from "../../../simulator";
import { PluginHost } from "../../support/plugin";
import { familyOf } from "../../support/processes";
import { RotationLife } from "../../support/rotation-life";
import { ShiftedClock } from "../../support/shifted-clock";
import { Stack } from "../../support/stack";

const DAY = 24 * 3_600_000;
const PROGRAM = { cloudId: "1001", every: "24h", keep: { last: 2 } };

/** Moments at which a run that takes one and deletes one is killed. */
const POINTS: readonly {
  at: string;
  hold?: Fault;
  never?: boolean;
  reached: (request: LoggedRequest, simulator: Simulator) => boolean;
}[] = [
  {
    at: "before it asks",
    hold: { operation: "snapshot.create", phase: "before", kind: { hold: true } },
    reached: ({ operation }) => operation === "snapshot.create",
  },
  {
    at: "after it asked, before the answer",
    hold: { operation: "snapshot.create", phase: "after", kind: { hold: true } },
    reached: (_request, simulator) => simulator.cloud.snapshots().length === 3,
  },
  {
    at: "while the snapshot is in the making",
    never: true,
    reached: (_request, simulator) => simulator.requests.count("snapshot.listByDeploy") > 4,
  },
  {
    at: "when it is Active, before the deletion",
    hold: { operation: "snapshot.delete", phase: "before", kind: { hold: true } },
    reached: ({ operation }) => operation === "snapshot.delete",
  },
  {
    at: "after the deletion, before it is recorded",
    hold: { operation: "snapshot.delete", phase: "after", kind: { hold: true } },
    reached: ({ operation }, simulator) =>
      operation === "snapshot.delete" && simulator.cloud.snapshots().length === 2,
  },
];

describe("a rotation that is killed", () => {
  let home: string;
  let clock: ShiftedClock;
  let simulator: Simulator;
  let host: PluginHost | undefined;
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

  it.each(POINTS)("$at: the next run carries on", async ({ hold, never, reached }) => {
    host = await PluginHost.open(home, { forwarder: ROTATION_FORWARDER, env: clock.env });
    const life = new RotationLife(host, simulator);
    for (let day = 0; day < 2; day += 1) {
      expect((await life.up(PROGRAM)).error).toBeUndefined();
      clock.advance(simulator, DAY);
    }
    simulator.requests.clear();
    if (hold !== undefined) simulator.faults.add(hold);
    if (never === true) simulator.cloud.nextOutcome({ of: "snapshot", outcome: "never" });
    const killed = life.up(PROGRAM);
    await simulator.requests.waitFor((request) => reached(request, simulator), 60_000);
    life.kill();
    expect((await killed).error).toBeDefined();
    simulator.faults.release();
    simulator.cloud.endOperations("1001");

    expect(await life.up(PROGRAM)).toEqual({ changed: true });
    expect(simulator.cloud.snapshots().map(({ status }) => status)).toEqual(["Active", "Active"]);
    expect(
      simulator.requests.all("snapshot.create").filter(({ meaning }) => meaning !== undefined).length,
    ).toBeLessThanOrEqual(2);
    const ids = simulator.cloud.snapshots().map(({ cloudId, id }) => `${cloudId}/${id}`);
    expect(life.state.snapshots.map(({ id }) => id).reverse()).toEqual(ids);
    expect(await life.up(PROGRAM)).toEqual({ changed: false });
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
    for (const pid of familyOf(run.child.pid ?? 0)) process.kill(pid, "SIGKILL");
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
