import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type Fault, type Simulator, startSimulator } from "../../../simulator";
import { Stack } from "../../support/stack";
import { arrive, KILL_ALL, stopRun, throughEachDoor } from "./ways";

const PROGRAM = 'new utho.Snapshot("web", { cloudId: "1001", powerOff: true });';

/** Moments at which a run is killed, by the request that is held then. */
const POINTS: readonly { at: string; hold: Fault; inPlugin?: true }[] = [
  {
    at: "after the server was switched off",
    hold: { operation: "server.poweroff", phase: "after", kind: { hold: true } },
  },
  {
    at: "after the create call",
    inPlugin: true,
    hold: { operation: "snapshot.create", phase: "after", kind: { hold: true } },
  },
  {
    at: "before the server is switched on",
    hold: { operation: "server.poweron", phase: "before", kind: { hold: true } },
  },
];

describe("a consistent snapshot", () => {
  let simulator: Simulator;
  let stack: Stack;

  afterEach(async () => {
    stack.dispose();
    await simulator.close();
  });

  // A run that is cancelled must not leave its server off, and a killed one not for ever.
  it.each(throughEachDoor(POINTS, 0))(
    "whose run through the $door door is stopped $point.at by $way.by: the server is brought back",
    async ({ door, point: { hold }, way }) => {
      simulator = await startSimulator();
      stack = await Stack.create({ program: PROGRAM, simulator, door });
      simulator.faults.add(hold);
      const run = stack.start(["up", "--yes", "--skip-preview"]);
      await arrive({ hold }, simulator);
      await stopRun(run, way, () => simulator.faults.release());
      simulator.cloud.endOperations("1001");
      if (!way.records) expect(simulator.cloud.server("1001").powerState).toBe("Stopped");
      await stack.run(["cancel", "--yes"]);

      const next = await stack.up();
      expect(next.code, next.output).toBe(0);
      expect(next.output.includes("An interrupted run switched server 1001 off")).toBe(!way.records);
      expect(simulator.cloud.server("1001").powerState).toBe("Running");
      expect(simulator.cloud.snapshots()).toMatchObject([{ cloudId: "1001", status: "Active" }]);
      simulator.faults.release();
      console.log(`[reliability] killed="powerOff: ${hold.operation}"`);
    },
  );

  it("whose run is killed in a container: the next one, in a fresh container, brings the server back", async () => {
    simulator = await startSimulator();
    stack = await Stack.create({ program: PROGRAM, simulator });
    const hold: Fault = { operation: "snapshot.create", phase: "after", kind: { hold: true } };
    simulator.faults.add(hold);
    const run = stack.start(["up", "--yes", "--skip-preview"]);
    await arrive({ hold }, simulator);
    await stopRun(run, KILL_ALL, () => simulator.faults.release());
    simulator.cloud.endOperations("1001");
    expect(simulator.cloud.server("1001").powerState).toBe("Stopped");
    // The notes of this package are in Pulumi's home; the state is in the backend.
    rmSync(join(stack.folder, "home", "pulumi-utho"), { recursive: true });
    await stack.run(["cancel", "--yes"]);

    const next = await stack.up();
    expect(next.code, next.output).toBe(0);
    expect(next.output).toContain("An interrupted run switched server 1001 off for its snapshot");
    expect(simulator.cloud.server("1001").powerState).toBe("Running");
    expect(simulator.cloud.snapshots()).toMatchObject([{ cloudId: "1001", status: "Active" }]);
    expect(await stack.snapshots()).toHaveLength(1);
  });

  it("leaves a server off that its owner switched off", async () => {
    simulator = await startSimulator();
    stack = await Stack.create({ program: PROGRAM, simulator });
    simulator.cloud.changeServer("1001", { powerState: "Stopped" });
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(simulator.cloud.server("1001").powerState).toBe("Stopped");
    expect(simulator.requests.count("server.poweron")).toBe(0);
  });

  it("brings the server back when the snapshot fails, and keeps the failed one's id", async () => {
    simulator = await startSimulator({ settings: { snapshotOutcome: "failed" } });
    stack = await Stack.create({ program: PROGRAM, simulator });
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.output).toContain("UTHO_SNAPSHOT_FAILED");
    expect(simulator.cloud.server("1001").powerState).toBe("Running");
    const [failed] = simulator.cloud.snapshots();
    expect(await stack.snapshots()).toMatchObject([{ id: `1001/${failed?.id}` }]);

    simulator.cloud.setSettings({ snapshotOutcome: "active" });
    const next = await stack.up();
    expect(next.code, next.output).toBe(0);
    const left = simulator.cloud.snapshots();
    expect(left).toMatchObject([{ status: "Active" }]);
    expect(left[0]?.id).not.toBe(failed?.id);
  });

  it("gives up with an error on a server that does not stop, and takes no snapshot", async () => {
    simulator = await startSimulator({ settings: { powerOffOutcome: "hangs" } });
    const program = PROGRAM.replace("});", '}, { customTimeouts: { create: "2s" } });');
    stack = await Stack.create({ program, simulator });
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.output).toContain("UTHO_POWER");
    expect(simulator.cloud.server("1001").powerState).toBe("Running");
    expect(simulator.cloud.snapshots()).toHaveLength(0);
  });
});
