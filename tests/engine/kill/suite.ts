import { afterEach, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../../simulator";
import { throughDoors } from "../../support/doors";
import { Stack } from "../../support/stack";
import { POINTS } from "./points";
import { arrive, SECOND_CTRL_C, stopRun, type Way } from "./ways";

/** Points that the plugin is tried at in CI, one for each way: a lost answer, and a snapshot that is not Active yet. */
const OF_PLUGIN = ["after the create call, before its answer", "between listed and Active"];

/** Stops a run at every point in these ways, and looks at what the next run makes of it. */
export function stopEverywhere(ways: readonly Way[]): void {
  const cases = ways.flatMap((way) => POINTS.map((point) => ({ point, way })));
  let simulator: Simulator;
  let stack: Stack;

  afterEach(async () => {
    stack.dispose();
    await simulator.close();
  });

  it.each(throughDoors(cases, ({ point, way }) => point.at === OF_PLUGIN[ways.indexOf(way)]))(
    "a run of the $door door stopped $point.at by $way.by",
    async ({ door, point, way }) => {
      simulator = await startSimulator({ settings: point.settings });
      stack = await Stack.create({
        program: point.before ?? point.program,
        simulator,
        config: { "utho:listingLag": "5s" },
        door,
      });
      if (point.before !== undefined) expect((await stack.up()).code).toBe(0);

      simulator.requests.clear();
      if (point.hold !== undefined) simulator.faults.add(point.hold);
      stack.setProgram(point.program);
      const run = stack.start(["up", "--yes", "--skip-preview"]);
      await arrive(point, simulator);
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
      // The plugin may record what exists between the first Ctrl-C and the second.
      const mayRecord = door === "plugin" && way === SECOND_CTRL_C;
      if (!mayRecord)
        expect(next.output.includes("Took over snapshot")).toBe(point.takesOver && !way.records);
      console.log(`[reliability] killed="${point.at}"`);
    },
  );
}
