import { afterEach, describe, expect, it } from "vitest";
import {
  type Fault,
  type LoggedRequest,
  type Simulator,
  type SimulatorSettings,
  startSimulator,
} from "../../simulator";
import { DOOR } from "../support/doors";
import { Stack } from "../support/stack";
import { arrive, KILL_ALL, type Moment, stopRun, throughEachDoor } from "./kill/ways";

/** A moment in the run of a restore, and what the next run must make of it. */
interface Point extends Moment {
  at: string;
  settings?: Partial<SimulatorSettings>;
  /** Tried through the plugin in CI too. */
  inPlugin?: true;
  /** Whether the next run finds the safety snapshot of this one. */
  takesOver: boolean;
  /** Whether the server was put back before the kill: then what was written since must survive. */
  restoredBefore: boolean;
  /** What ends the settings' delay: called once the next run has looked at the server, or the stopped one goes on. */
  afterwards?: (simulator: Simulator) => void;
}

const is = (operation: string) => (request: LoggedRequest) => request.operation === operation;
/** Longer than any test: it ends when the test says so. */
const FOR_EVER = 3_600_000;

const asked = ({ requests }: Simulator): boolean => requests.count("snapshot.restore") > 0;

const POINTS: readonly Point[] = [
  {
    at: "before the safety snapshot is asked for",
    hold: { operation: "snapshot.create", phase: "before", kind: { hold: true } },
    takesOver: false,
    restoredBefore: false,
  },
  {
    at: "after the safety snapshot was asked for, before the answer",
    hold: { operation: "snapshot.create", phase: "after", kind: { hold: true } },
    takesOver: true,
    restoredBefore: false,
  },
  {
    at: "while the safety snapshot is in the making",
    settings: { snapshotDurationMs: 5_000 },
    reached: (request, { requests }) =>
      is("snapshot.listByDeploy")(request) && requests.count("snapshot.create") > 0,
    takesOver: true,
    restoredBefore: false,
  },
  {
    at: "before the restore is asked for",
    hold: { operation: "snapshot.restore", phase: "before", kind: { hold: true } },
    takesOver: true,
    restoredBefore: false,
  },
  {
    at: "after the restore was asked for, before the answer",
    inPlugin: true,
    hold: { operation: "snapshot.restore", phase: "after", kind: { hold: true } },
    takesOver: true,
    restoredBefore: true,
  },
  {
    at: "while the server is overwritten",
    settings: { restoreDurationMs: FOR_EVER },
    reached: (request, simulator) => is("action.list")(request) && asked(simulator),
    takesOver: true,
    restoredBefore: false,
    afterwards: ({ cloud }) => cloud.endOperations("1001"),
  },
  {
    at: "after the server runs again, before that is recorded",
    settings: { restoreDurationMs: 0 },
    hold: { operation: "action.list", phase: "before", kind: { hold: true }, skip: 1 },
    reached: (_request, simulator) => asked(simulator),
    takesOver: true,
    restoredBefore: true,
  },
];

function restoresOf(cloud: Simulator["cloud"]) {
  return cloud.operations("1001").filter(({ kind }) => kind === "restore");
}

describe("a restore whose run is stopped", () => {
  let simulator: Simulator;
  let stack: Stack;

  afterEach(async () => {
    stack.dispose();
    await simulator.close();
  });

  /** A server at version 2 with a snapshot of version 1, and a program that restores it. */
  async function begin(
    settings?: Partial<SimulatorSettings>,
    door = DOOR,
  ): Promise<(trigger: string) => string> {
    simulator = await startSimulator({ settings });
    const { cloud } = simulator;
    cloud.setContents("1001", "version 1");
    const golden = cloud.addSnapshot({ cloudId: "1001", name: "golden" });
    cloud.setContents("1001", "version 2");
    const program = (trigger: string): string =>
      `exports.safety = new utho.SnapshotRestore("undo", { snapshot: "1001/${golden.id}", triggers: ["${trigger}"] }).safetySnapshotId;`;
    stack = await Stack.create({ program: program("first"), simulator, door });
    return program;
  }

  it.each(throughEachDoor(POINTS, 2))(
    "$point.at, by $way.by, through the $door door",
    async ({ door, point, way }) => {
      await begin(point.settings, door);
      const { cloud, faults, requests } = simulator;

      if (point.hold !== undefined) faults.add(point.hold);
      const run = stack.start(["up", "--yes", "--skip-preview"]);
      await arrive(point, simulator);
      await stopRun(run, way, () => {
        faults.release();
        point.afterwards?.(simulator);
      });
      faults.assertAllFired();
      // The plugin begins nothing more after the first Ctrl-C.
      const restoredBefore = point.restoredBefore || (way.records && restoresOf(cloud).length > 0);
      if (restoredBefore) {
        cloud.endOperations("1001");
        cloud.setContents("1001", "work since");
      }
      await stack.run(["cancel", "--yes"]);

      requests.clear();
      const nextRun = stack.start(["up", "--yes", "--skip-preview"]);
      if (point.afterwards !== undefined && !way.records) {
        await requests.waitFor(is("action.list"), 90_000);
        point.afterwards(simulator);
      }
      const next = await nextRun.ended;
      expect(next.code, next.output).toBe(0);
      expect(next.output.includes("Took over safety snapshot")).toBe(point.takesOver && !way.records);
      expect(cloud.server("1001")).toMatchObject({
        contents: restoredBefore ? "work since" : "version 1",
        powerState: "Running",
        busy: false,
      });
      expect(restoresOf(cloud)).toMatchObject([{ state: "success" }]);
      const [, safety, ...others] = cloud.snapshots();
      expect(others).toEqual([]);
      expect(safety).toMatchObject({ contents: "version 2", status: "Active" });
      expect(await stack.outputs()).toEqual({ safety: `1001/${safety?.id}` });
      console.log(`[reliability] killed="restore: ${point.at}"`);
    },
  );

  it("in a replacement and in a removal, and restores nothing again", async () => {
    const program = await begin();
    const { cloud, faults, requests } = simulator;
    expect((await stack.up()).code).toBe(0);
    cloud.setContents("1001", "version 3");

    const stopped = async (
      text: string,
      operation: "snapshot.restore" | "snapshot.delete",
    ): Promise<void> => {
      requests.clear();
      const hold: Fault = { operation, phase: "after", kind: { hold: true } };
      faults.add(hold);
      stack.setProgram(text);
      const run = stack.start(["up", "--yes", "--skip-preview"]);
      await arrive({ hold }, simulator);
      await stopRun(run, KILL_ALL, () => {});
      cloud.endOperations("1001");
      await stack.run(["cancel", "--yes"]);
      cloud.setContents("1001", "work since");
      const next = await stack.up();
      expect(next.code, next.output).toBe(0);
      expect(cloud.server("1001")).toMatchObject({ contents: "work since", powerState: "Running" });
      faults.release();
      console.log(`[reliability] killed="restore, again: ${operation}"`);
    };
    await stopped(program("second"), "snapshot.restore");
    expect(restoresOf(cloud)).toHaveLength(2);
    const [, safety, ...others] = cloud.snapshots();
    expect(others).toEqual([]);
    expect(safety?.contents).toBe("version 3");
    expect(await stack.outputs()).toEqual({ safety: `1001/${safety?.id}` });

    await stopped("", "snapshot.delete");
    expect(restoresOf(cloud)).toHaveLength(2);
    expect(cloud.snapshots()).toMatchObject([{ name: "golden" }]);
  });
});
