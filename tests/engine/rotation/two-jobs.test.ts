import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { rotationName } from "../../../provider/rotation/members";
import { markOf } from "../../../provider/utho/names";
import { ROTATION_TYPE } from "../../../sdk/forwarder";
import { type Simulator, startSimulator } from "../../../simulator";
import { ShiftedClock } from "../../support/shifted-clock";
import { type Run, Stack } from "../../support/stack";

const DAY = 24 * 3_600_000;
const KEPT = 2;
const PROGRAM = `new utho.SnapshotRotation("nightly", { cloudId: "1001", every: "24h", keep: { last: ${KEPT} } });`;
const MARK = markOf(`urn:pulumi:dev::tests::${ROTATION_TYPE}::nightly`);

/** Two jobs of one program and stack, each a whole `pulumi up` of its own. */
describe("two jobs at the same moment", () => {
  let clock: ShiftedClock;
  let simulator: Simulator;
  const stacks: Stack[] = [];

  beforeEach(async () => {
    clock = new ShiftedClock("2026-03-04T02:00:00Z");
    simulator = await startSimulator({ clock: clock.clock, settings: { snapshotDurationMs: 1_000 } });
  });

  afterEach(async () => {
    simulator.faults.release();
    for (const stack of stacks.splice(0)) stack.dispose();
    await simulator.close();
    clock.dispose();
  });

  /** A stack "dev" in a backend of its own. */
  async function job(): Promise<Stack> {
    const stack = await Stack.create({ program: PROGRAM, simulator, env: clock.env });
    stacks.push(stack);
    return stack;
  }

  const active = (): number => simulator.cloud.snapshots().filter(({ status }) => status === "Active").length;
  const begun = (): number =>
    simulator.requests.all("snapshot.create").filter(({ meaning }) => meaning?.endsWith("begun") === true)
      .length;
  const expectWell = (runs: readonly Run[]): void => {
    for (const { code, output } of runs) expect(code, output).toBe(0);
  };

  it("on two backends take one snapshot or two, settle, and never go below the policy", async () => {
    for (const age of [2, 1, 0]) {
      const time = clock.now() - age * DAY;
      const name = rotationName("dev-nightly", MARK, time);
      simulator.cloud.addSnapshot({ cloudId: "1001", name, createdAt: new Date(time).toISOString() });
    }
    let fewest = active();
    simulator.requests.onArrival(() => {
      fewest = Math.min(fewest, active());
    });
    const jobs = [await job(), await job()];

    // New to both states, which deletes nothing; then known to both.
    for (const kept of [4, KEPT]) {
      const before = begun();
      clock.advance(simulator, DAY);
      expectWell(await Promise.all(jobs.map((one) => one.up())));
      expect(begun() - before).toBeGreaterThanOrEqual(1);
      expect(begun() - before).toBeLessThanOrEqual(2);
      expect(active()).toBeGreaterThanOrEqual(kept);
    }

    // What one of them took is news to the other's state, and nothing more to do.
    const before = begun();
    clock.advance(simulator, DAY / 2);
    expectWell(await Promise.all(jobs.map((one) => one.up())));
    expect(begun()).toBe(before);
    expect(active()).toBe(KEPT);
    expect(fewest).toBeGreaterThanOrEqual(KEPT);
  });

  it("on one backend: the second is refused by Pulumi's lock, and touches nothing", async () => {
    const stack = await job();
    simulator.faults.add({ operation: "snapshot.create", phase: "after", kind: { hold: true } });
    const first = stack.start(["up", "--yes", "--skip-preview"]);
    await vi.waitUntil(() => simulator.faults.held > 0, { timeout: 60_000, interval: 20 });
    const requests = simulator.requests.count();
    const second = await stack.up();
    expect(second.code).not.toBe(0);
    expect(second.output).toMatch(/locked by 1 lock/);
    expect(simulator.requests.count()).toBe(requests);
    simulator.faults.release();
    expectWell([await first.ended]);
    expect(simulator.cloud.snapshots()).toMatchObject([{ status: "Active" }]);
  });
});
