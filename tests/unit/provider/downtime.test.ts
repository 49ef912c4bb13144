import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UthoClient } from "../../../client";
import type { Lifecycle } from "../../../provider/guard";
import { RotationLifecycle } from "../../../provider/rotation/lifecycle";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import type { ProviderRuntime } from "../../../provider/utho/runtime";
import { type Simulator, type SimulatorSettings, startSimulator } from "../../../simulator";
import { type Rig, rigFor } from "./lifecycle-rig";
import { otherPlugin, signNote } from "./other-plugin";

const urnOf = (type: string): string => `urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:${type}::down`;

/** What takes a snapshot with its server off. */
const KINDS = [
  {
    type: "Snapshot",
    lifecycle: (runtime: ProviderRuntime): Lifecycle => new SnapshotLifecycle(runtime),
    program: { cloudId: "1001" },
  },
  {
    type: "SnapshotRotation",
    lifecycle: (runtime: ProviderRuntime): Lifecycle => new RotationLifecycle(runtime),
    program: { cloudIds: ["1001"], every: "24h", keep: { daily: 2 } },
  },
];

describe("a server that is off for its snapshot", () => {
  let simulator: Simulator;
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "utho-down-"));
  });
  afterEach(async () => {
    await simulator.close();
    rmSync(home, { recursive: true, force: true });
  });

  async function run(
    kind: (typeof KINDS)[number],
    settings: Partial<SimulatorSettings>,
    more: Record<string, unknown> = {},
  ): Promise<{ rig: Rig; message: string }> {
    simulator = await startSimulator({
      settings: { snapshotDurationMs: 20, powerDurationMs: 20, ...settings },
    });
    const rig = rigFor(simulator, kind.lifecycle, {}, { home });
    const program = { ...kind.program, powerOff: true, resourceUrn: urnOf(kind.type), ...more };
    const { inputs, failures } = await rig.provider.check({}, program);
    expect(failures).toEqual([]);
    const made = rig.provider.create(inputs).then(
      () => "made",
      (error: Error) => error.message,
    );
    return { rig, message: await made };
  }

  const powerCalls = (): string[] =>
    simulator.requests
      .all()
      .flatMap(({ operation }) => (/^server\.(power|hard)/.test(operation) ? [operation] : []));

  function expectRunning(): void {
    expect(simulator.cloud.server("1001").powerState).toBe("Running");
    // Nothing harder than what the program asked for.
    expect(new Set(powerCalls())).toEqual(new Set(["server.poweroff", "server.poweron"]));
  }

  it.each(KINDS)("is asked to start again when Utho says yes and nothing happens: $type", async (kind) => {
    simulator = await startSimulator({ settings: { snapshotDurationMs: 20, powerDurationMs: 20 } });
    const yes = { status: 200, body: { status: "success", message: "Power on Request has been completed!" } };
    simulator.faults.add({ operation: "server.poweron", phase: "before", kind: yes });
    let now = Date.now();
    const sleep = async (ms: number): Promise<void> => {
      now += ms;
      // What was begun is done by then.
      simulator.cloud.advance(ms);
    };
    const rig = rigFor(simulator, kind.lifecycle, {}, { home, clock: { now: () => now, sleep } });
    const program = { ...kind.program, powerOff: true, resourceUrn: urnOf(kind.type) };
    await rig.provider.create((await rig.provider.check({}, program)).inputs);
    expectRunning();
    expect(powerCalls()).toEqual(["server.poweroff", "server.poweron", "server.poweron"]);
  });

  it.each(
    KINDS.flatMap((kind) => [
      { ...kind, settings: { snapshotLimit: 0 }, says: "Please remove one and try again" },
      { ...kind, settings: { availableCredit: 0, leastCredit: 1 }, says: "Please add funds and try again" },
    ]),
  )("is on again at once after a refusal of $type: $says", async ({ settings, says, ...kind }) => {
    const { message } = await run(kind, settings);
    expect(message).toContain(says);
    expect(message).toContain("Server 1001 is on again");
    expect(simulator.requests.count("snapshot.create")).toBe(1);
    expectRunning();
  });

  it.each(KINDS)("is on again after maxDowntime where $type goes on being put off", async (kind) => {
    const wording = "Another operation is in progress, try again later";
    const { message } = await run(
      kind,
      { snapshotLimit: 0, snapshotLimitWording: wording },
      { maxDowntime: "1s" },
    );
    expect(message).toContain("UTHO_SERVER_BUSY");
    expect(message).toContain("1s (maxDowntime)");
    expect(message).toContain("Server 1001 is on again");
    expectRunning();
  });

  it.each(
    KINDS.flatMap((kind) => (["Running", "Stopped"] as const).map((foundAs) => ({ ...kind, foundAs }))),
  )(
    "is switched off again where it was switched on before $type had its turn, found $foundAs",
    async (kind) => {
      const snapshotLimitWording = "Another operation is in progress, try again later";
      simulator = await startSimulator({
        settings: { snapshotDurationMs: 20, powerDurationMs: 20, snapshotLimit: 0, snapshotLimitWording },
      });
      const { cloud, requests } = simulator;
      cloud.changeServer("1001", { powerState: kind.foundAs });
      const rig = rigFor(simulator, kind.lifecycle, {}, { home });
      const program = { ...kind.program, powerOff: true, resourceUrn: urnOf(kind.type) };
      const making = rig.provider.create((await rig.provider.check({}, program)).inputs);
      await expect.poll(() => requests.count("snapshot.create")).toBeGreaterThan(0);
      cloud.changeServer("1001", { powerState: "Running" });
      const before = requests.count("server.poweroff");
      await expect.poll(() => requests.count("server.poweroff")).toBeGreaterThan(before);
      cloud.setSettings({ snapshotLimit: 20 });
      await making;
      const done = cloud.operations("1001").map((one) => one.kind);
      expect(done.slice(-3)).toEqual(["poweroff", "snapshot", "poweron"]);
      expectRunning();
    },
  );

  it.each(KINDS)("is on again after maxDowntime where the snapshot of $type never shows", async (kind) => {
    const { message } = await run(kind, { ignoredCalls: ["snapshot.create"] }, { maxDowntime: "1s" });
    expect(message).toMatch(/UTHO_SNAPSHOT_NOT_LISTED[\s\S]*maxDowntime[\s\S]*Server 1001 is on again/);
    expectRunning();
  });

  it.each(KINDS)("runs after maxDowntime where it does not go off for $type", async (kind) => {
    const { message } = await run(kind, { powerOffOutcome: "hangs" }, { maxDowntime: "1s" });
    expect(message).toContain("UTHO_POWER");
    expect(simulator.requests.count("snapshot.create")).toBe(0);
    expect(simulator.cloud.server("1001").powerState).toBe("Running");
  });

  it.each(KINDS)("is brought back by the next run where it went off too late for $type", async (kind) => {
    const { message } = await run(kind, { powerOffOutcome: "hangs" }, { maxDowntime: "200ms" });
    expect(message).toContain("UTHO_POWER");
    simulator.cloud.changeServer("1001", { powerState: "Stopped" });
    simulator.cloud.setSettings({ powerOffOutcome: "stops" });
    const { provider } = rigFor(simulator, kind.lifecycle, {}, { home });
    const { inputs } = await provider.check({}, { ...kind.program, resourceUrn: urnOf(kind.type) });
    await provider.create(inputs);
    expect(simulator.cloud.server("1001").powerState).toBe("Running");
    expect(readdirSync(join(home, "pulumi-utho", "powered-off"))).toEqual([]);
  });

  it.each(KINDS)("stays off for longer once the snapshot of $type has begun", async (kind) => {
    const { message } = await run(kind, { snapshotDurationMs: 1_000 }, { maxDowntime: "600ms" });
    expect(message).toBe("made");
    expect(simulator.cloud.snapshots()).toMatchObject([{ status: "Active" }]);
    expectRunning();
  });

  it.each(
    KINDS.flatMap((kind) =>
      (["Running", "Stopped"] as const).map((powerOffLateShows) => ({ ...kind, powerOffLateShows })),
    ),
  )("is asked again where Utho takes it for running ($type, shown as $powerOffLateShows)", async (given) => {
    const { powerOffLateShows, ...kind } = given;
    const { message } = await run(kind, {
      runningSnapshots: "refuse",
      powerOffLateByMs: 100,
      powerOffLateShows,
    });
    expect(message).toBe("made");
    expect(simulator.cloud.snapshots()).toHaveLength(1);
    expectRunning();
  });

  it.each(KINDS)("is on again where Utho goes on taking it for running, soon ($type)", async (kind) => {
    const { message } = await run(kind, {
      runningSnapshots: "refuse",
      powerOffLateByMs: 3_600_000,
      powerOffLateShows: "Stopped",
    });
    expect(message).toContain("UTHO_POWER");
    expect(message).toContain("The server must be powered off");
    expect(message).toContain("Server 1001 is on again");
    expect(simulator.cloud.snapshots()).toEqual([]);
    expect(powerCalls()).toContain("server.poweron");
  });

  it("is not waited for where the program takes a live snapshot", async () => {
    const [kind] = KINDS;
    if (kind === undefined) throw new Error("There is no kind.");
    const { message } = await run(kind, { runningSnapshots: "refuse" }, { powerOff: false });
    expect(message).toContain("The server must be powered off");
    expect(simulator.requests.count("snapshot.create")).toBe(1);
    expect(powerCalls()).toEqual([]);
  });

  it.each(KINDS)("has a bound that can be read ($type)", async ({ type, lifecycle, program }) => {
    simulator = await startSimulator();
    const { provider } = rigFor(simulator, lifecycle, {}, { home });
    for (const maxDowntime of ["10 minutes", "0", 600, ""]) {
      const { failures } = await provider.check({}, { ...program, resourceUrn: urnOf(type), maxDowntime });
      expect(failures).toMatchObject([
        { property: "maxDowntime", reason: expect.stringContaining("UTHO_INPUT_TYPE") },
      ]);
    }
  });
});

/** The note of a server that is off lies on the machine of the run; in a fresh container it is gone. */
describe("a run that dies with its server off, and its machine with it", () => {
  let simulator: Simulator;
  const homes: string[] = [];

  beforeEach(async () => {
    simulator = await startSimulator({ settings: { snapshotDurationMs: 20, powerDurationMs: 20 } });
  });
  afterEach(async () => {
    await simulator.close();
    for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
  });

  /** A run on a machine of its own; its engine is dead once `diesAfter` has been answered. */
  async function runOn(
    kind: (typeof KINDS)[number],
    diesAfter?: string,
    home = mkdtempSync(join(tmpdir(), "utho-fresh-")),
    resourceUrn = urnOf(kind.type),
  ): Promise<Rig> {
    homes.push(home);
    const lifeline = async (): Promise<void> => {
      if (
        diesAfter !== undefined &&
        simulator.requests.all().some(({ operation }) => operation === diesAfter)
      )
        throw new Error("the engine is gone");
    };
    const rig = rigFor(simulator, kind.lifecycle, {}, { home, lifeline });
    const { inputs } = await rig.provider.check({}, { ...kind.program, powerOff: true, resourceUrn });
    const made = rig.provider.create(inputs);
    // Of a run that died, whatever it made is in no state.
    await (diesAfter === undefined ? made : made.catch(() => {}));
    return rig;
  }

  it.each(KINDS)("is followed by one that brings the server back, by Utho's record ($type)", async (kind) => {
    await runOn(kind, "snapshot.create");
    expect(simulator.cloud.server("1001").powerState).toBe("Stopped");
    const { said } = await runOn(kind);
    expect(said.join()).toContain("An interrupted run switched server 1001 off for its snapshot");
    expect(simulator.cloud.server("1001").powerState).toBe("Running");
    expect(simulator.cloud.snapshots()).toMatchObject([{ status: "Active" }]);
  });

  it.each(KINDS)("says what it cannot know where no snapshot had begun ($type)", async (kind) => {
    await runOn(kind, "server.poweroff");
    const { said } = await runOn(kind);
    expect(said.join()).toMatch(
      /Server 1001 is off and stays off: by Utho's record[\s\S]*power it on in Utho's console/,
    );
    expect(simulator.cloud.server("1001").powerState).toBe("Stopped");
    expect(simulator.cloud.snapshots()).toHaveLength(1);
  });

  it.each(KINDS)(
    "leaves it to another run of its machine that has it off, and warns of nothing ($type)",
    async (kind) => {
      await runOn(kind, "server.poweroff");
      const home = homes[0] ?? "";
      const plugin = await otherPlugin();
      try {
        signNote(home, plugin.pid);
        const { said } = await runOn(kind, undefined, home);
        expect(said.join()).not.toContain("1001 is off");
      } finally {
        plugin.kill("SIGKILL");
      }
      expect(simulator.requests.count("server.poweron")).toBe(0);
      expect(simulator.cloud.snapshots()).toHaveLength(1);
    },
  );

  it.each(KINDS)(
    "is a warning of each run of another stack, since no other may come by ($type)",
    async (kind) => {
      await runOn(kind, "snapshot.create");
      for (const other of ["::second", "::third"]) {
        const { said } = await runOn(kind, undefined, undefined, urnOf(kind.type).replace("::down", other));
        expect(said.join()).toMatch(/Server 1001 is off and stays off[\s\S]*a snapshot was taken at once/);
      }
      expect(simulator.cloud.server("1001").powerState).toBe("Stopped");
      expect(simulator.requests.count("server.poweron")).toBe(0);
    },
  );

  it.each(KINDS)("leaves a server off that a person had switched off before it ($type)", async (kind) => {
    const client = new UthoClient({ token: simulator.token, endpoint: simulator.url });
    await client.servers.power("1001", "poweroff");
    simulator.advance(60_000);
    await runOn(kind, "snapshot.create");
    const { said } = await runOn(kind);
    expect(said.join()).not.toContain("An interrupted run switched server 1001 off");
    expect(simulator.cloud.server("1001").powerState).toBe("Stopped");
    expect(simulator.cloud.snapshots()).toHaveLength(1);
    expect(simulator.requests.count("server.poweron")).toBe(0);
  });

  it("asks for no record where the server runs", async () => {
    const [kind] = KINDS;
    if (kind === undefined) throw new Error("There is no kind.");
    await runOn(kind);
    expect(simulator.requests.count("action.list")).toBe(0);
  });
});
