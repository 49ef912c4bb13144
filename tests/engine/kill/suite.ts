import { afterEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../../simulator";
import { Stack } from "../../support/stack";
import { POINTS } from "./points";
import { stopRun, type Way } from "./ways";

/** Stops a run at every point in these ways, and looks at what the next run makes of it. */
export function stopEverywhere(ways: readonly Way[]): void {
  describe.each(POINTS)("a run stopped $at", (point) => {
    let simulator: Simulator;
    let stack: Stack;

    afterEach(async () => {
      stack.dispose();
      await simulator.close();
    });

    it.each(ways)("by $by", async (way) => {
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
      await stopRun(run, way, () => simulator.faults.release());
      await stack.run(["cancel", "--yes"]);

      // A real server is busy with its snapshot for longer than a listing lags; this one's is quicker than a new run.
      simulator.advance(point.settings?.accountListingLagMs ?? 0);
      const next = await stack.up();
      expect(next.code, next.output).toBe(0);
      simulator.faults.release();
      const existing = simulator.cloud.snapshots();
      expect(existing).toHaveLength(point.leaves);
      const state = await stack.snapshots();
      expect(state.map(({ id }) => id)).toEqual(existing.map(({ cloudId, id }) => `${cloudId}/${id}`));
      expect(existing.every(({ status }) => status === "Active")).toBe(true);
      expect(next.output.includes("Took over snapshot")).toBe(point.takesOver && !way.records);
      console.log(`[reliability] killed="${point.at}"`);
    });
  });
}
