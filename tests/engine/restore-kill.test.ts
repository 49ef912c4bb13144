import { afterEach, describe, expect, it } from "vitest";
import {
  type Fault,
  type LoggedRequest,
  type Simulator,
  type SimulatorSettings,
  startSimulator,
} from "../../simulator";
import { familyOf } from "../support/processes";
import { Stack } from "../support/stack";

/** A moment in the run of a restore, and what the next run must make of it. */
interface Point {
  at: string;
  settings?: Partial<SimulatorSettings>;
  hold?: Fault;
  reached: (request: LoggedRequest, simulator: Simulator) => boolean;
  /** Whether the next run finds the safety snapshot of this one. */
  takesOver: boolean;
  /** Whether the server was put back before the kill: then what was written since must survive. */
  restoredBefore: boolean;
}

const is = (operation: string) => (request: LoggedRequest) => request.operation === operation;
const asked = ({ requests }: Simulator): boolean => requests.count("snapshot.restore") > 0;

const POINTS: readonly Point[] = [
  {
    at: "before the safety snapshot is asked for",
    hold: { operation: "snapshot.create", phase: "before", kind: { hang: true } },
    reached: is("snapshot.create"),
    takesOver: false,
    restoredBefore: false,
  },
  {
    at: "after the safety snapshot was asked for, before the answer",
    hold: { operation: "snapshot.create", phase: "after", kind: { hang: true } },
    reached: (request, { cloud }) => is("snapshot.create")(request) && cloud.snapshots().length === 2,
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
    hold: { operation: "snapshot.restore", phase: "before", kind: { hang: true } },
    reached: is("snapshot.restore"),
    takesOver: true,
    restoredBefore: false,
  },
  {
    at: "after the restore was asked for, before the answer",
    hold: { operation: "snapshot.restore", phase: "after", kind: { hang: true } },
    reached: (request, { cloud }) => is("snapshot.restore")(request) && restoresOf(cloud).length === 1,
    takesOver: true,
    restoredBefore: true,
  },
  {
    at: "while the server is overwritten",
    settings: { restoreDurationMs: 20_000 },
    reached: (request, simulator) => is("action.list")(request) && asked(simulator),
    takesOver: true,
    restoredBefore: false,
  },
  {
    at: "after the server runs again, before that is recorded",
    settings: { restoreDurationMs: 0 },
    hold: { operation: "action.list", phase: "before", kind: { hang: true }, skip: 1 },
    reached: (request, simulator) => is("action.list")(request) && asked(simulator),
    takesOver: true,
    restoredBefore: true,
  },
];

function restoresOf(cloud: Simulator["cloud"]) {
  return cloud.operations("1001").filter(({ kind }) => kind === "restore");
}

describe("a restore whose run is killed", () => {
  let simulator: Simulator;
  let stack: Stack;

  afterEach(async () => {
    stack.dispose();
    await simulator.close();
  });

  it.each(POINTS)("$at", async (point) => {
    simulator = await startSimulator({ settings: point.settings });
    const { cloud, faults, requests } = simulator;
    cloud.setContents("1001", "version 1");
    const golden = cloud.addSnapshot({ cloudId: "1001", name: "golden" });
    cloud.setContents("1001", "version 2");
    const program = `exports.safety = new utho.SnapshotRestore("undo", { snapshotId: "1001/${golden.id}" }).safetySnapshotId;`;
    stack = await Stack.create({ program, simulator });

    if (point.hold !== undefined) faults.add(point.hold);
    const run = stack.start(["up", "--yes", "--skip-preview"]);
    await requests.waitFor((request) => point.reached(request, simulator), 90_000);
    for (const pid of familyOf(run.child.pid ?? 0)) process.kill(pid, "SIGKILL");
    await run.ended;
    faults.assertAllFired();
    if (point.restoredBefore) {
      cloud.endOperations("1001");
      cloud.setContents("1001", "work since");
    }
    await stack.run(["cancel", "--yes"]);

    const next = await stack.up();
    expect(next.code, next.output).toBe(0);
    expect(next.output.includes("Took over safety snapshot")).toBe(point.takesOver);
    expect(cloud.server("1001")).toMatchObject({
      contents: point.restoredBefore ? "work since" : "version 1",
      powerState: "Running",
      busy: false,
    });
    expect(restoresOf(cloud)).toMatchObject([{ state: "success" }]);
    const [, safety, ...others] = cloud.snapshots();
    expect(others).toEqual([]);
    expect(safety).toMatchObject({ contents: "version 2", status: "Active" });
    expect(await stack.outputs()).toEqual({ safety: `1001/${safety?.id}` });
    console.log(`[reliability] killed="restore: ${point.at}"`);
  });
});
