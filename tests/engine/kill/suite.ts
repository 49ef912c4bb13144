import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../../simulator";
import { commandOf, familyOf, isAlive } from "../../support/processes";
import { type RunningCommand, Stack } from "../../support/stack";
import { POINTS } from "./points";

/** A way to stop a run. */
export interface Way {
  by: string;
  stop: (run: RunningCommand) => Promise<void>;
  /** The engine still waits for the operation and records it. */
  records: boolean;
}

/** Stops a run at every point in these ways, and looks at what the next run makes of it. */
export function stopEverywhere(ways: readonly Way[]): void {
  describe.each(POINTS)("a run stopped $at", (point) => {
    let simulator: Simulator;
    let stack: Stack;

    afterEach(async () => {
      stack.dispose();
      await simulator.close();
    });

    it.each(ways)("by $by", async ({ stop, records }) => {
      simulator = await startSimulator({ settings: point.settings });
      stack = await Stack.create({
        program: point.before ?? point.program,
        simulator,
        config: { "utho:listingLag": "5s" },
      });
      if (point.before !== undefined) expect((await stack.up()).code).toBe(0);

      simulator.requests.clear();
      if (point.hold !== undefined) simulator.faults.add(point.hold);
      stack.setProgram(point.program);
      const run = stack.start(["up", "--yes", "--skip-preview"]);
      await simulator.requests.waitFor((request) => point.reached(request, simulator), 60_000);
      const family = familyOf(run.child.pid ?? 0);
      await stop(run);
      if (records) simulator.faults.release();
      const ended = await run.ended;
      // After the first Ctrl-C the engine ends what it has begun; if that was all there was to do, it ended well.
      if (!records) expect(ended.code, ended.output).not.toBe(0);
      await stack.run(["cancel", "--yes"]);

      const next = await stack.up();
      expect(next.code, next.output).toBe(0);
      simulator.faults.release();
      const existing = simulator.cloud.snapshots();
      expect(existing).toHaveLength(point.leaves);
      const state = await stack.snapshots();
      expect(state.map(({ id }) => id)).toEqual(existing.map(({ cloudId, id }) => `${cloudId}/${id}`));
      expect(existing.every(({ status }) => status === "Active")).toBe(true);
      expect(next.output.includes("Took over snapshot")).toBe(point.takesOver && !records);
      await expectGone(family);
      console.log(`[reliability] killed="${point.at}"`);
    });
  });
}

/** No plugin of the stopped run may outlive its engine; its language host is Pulumi's own, and is ended here. */
async function expectGone(family: readonly number[]): Promise<void> {
  const plugins = family.filter((pid) => commandOf(pid).includes("dynamic-provider"));
  for (let waited = 0; waited < 15_000 && plugins.some(isAlive); waited += 100) await delay(100);
  expect(plugins.filter(isAlive)).toEqual([]);
  for (const pid of family.filter(isAlive)) process.kill(pid, "SIGKILL");
}
