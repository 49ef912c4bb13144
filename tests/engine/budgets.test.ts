import { afterEach, describe, expect, it } from "vitest";
import { shortened } from "../../provider/engine/inputs";
import { type Simulator, startSimulator } from "../../simulator";
import { Stack, type StateExport, type StateResource } from "../support/stack";

const SERVERS = Array.from({ length: 50 }, (_, index) => ({
  cloudId: String(1001 + index),
  hostname: `server-${index}`,
  diskGb: 50,
}));

/** The text that states in the field carry; it must never change. */
const FORWARDER = 'exports.handler = () => require("pulumi-utho/provider").snapshot;';

describe("what an operation may cost", () => {
  let simulator: Simulator;
  let stack: Stack;

  afterEach(async () => {
    stack.dispose();
    await simulator.close();
  });

  it("refresh of 500 snapshots on 50 servers makes at most 2 calls and sees no drift", async () => {
    simulator = await startSimulator({ servers: SERVERS });
    stack = await Stack.create({ program: 'new utho.Snapshot("web", { cloudId: "1001" });', simulator });
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    await stack.import(multiplied(await stack.export(), 500, simulator));
    simulator.requests.clear();

    const refresh = await stack.refresh("--yes", "--skip-preview", "--expect-no-changes");
    expect(refresh.code, refresh.output).toBe(0);
    // The stack itself counts as one.
    expect(refresh.output).toContain("501 unchanged");
    expect(simulator.requests.count()).toBeLessThanOrEqual(2);
    expect(await stack.snapshots()).toHaveLength(500);
  });

  it("create makes 2 calls a snapshot and polls for all at once, up without changes none", async () => {
    const pollMs = 1_000;
    const snapshots = 24;
    simulator = await startSimulator({ servers: SERVERS });
    stack = await Stack.create({
      program: `
        for (let i = 0; i < ${snapshots - 1}; i += 1) new utho.Snapshot("s" + i, { cloudId: String(1001 + i) });
        const args = { cloudId: "1050", name: "golden", triggers: { note: "x".repeat(3000) } };
        new utho.Snapshot("rich", args, { customTimeouts: { create: "1h" } });
      `,
      simulator,
      config: { "utho:pollInterval": `${pollMs}ms` },
    });
    const up = await stack.up("--parallel", String(snapshots));
    expect(up.code, up.output).toBe(0);
    expect(simulator.cloud.snapshots()).toHaveLength(snapshots);
    const { "snapshot.listByDeploy": listings = 0, ...others } = simulator.requests.counts();
    // Whose account it is is asked once a run.
    expect(others).toEqual({ "account.info": 1, "server.read": snapshots, "snapshot.create": snapshots });
    // Before each creation and while waiting, one shared listing an interval at most: time counts, snapshots do not.
    expect(listings).toBeLessThanOrEqual(2 * (spanMs(simulator) / pollMs) + 3);

    simulator.requests.clear();
    const again = await stack.up("--expect-no-changes");
    expect(again.code, again.output).toBe(0);
    expect(simulator.requests.count()).toBe(0);

    const resources = await stack.snapshots();
    expectSmall(resources);
    // Where the program declares it, which Pulumi finds by counting calls.
    for (const { sourcePosition } of resources) expect(sourcePosition).toMatch(/\/index\.js#\d+,\d+$/);
  });

  it("a rotation for each server costs what a Snapshot for each does, though they begin one after another", async () => {
    const pollMs = 1_000;
    const rotations = 24;
    simulator = await startSimulator({ servers: SERVERS });
    stack = await Stack.create({
      program: `
        const policy = { every: "24h", keep: { daily: 7 } };
        for (let i = 0; i < ${rotations}; i += 1)
          new utho.SnapshotRotation("r" + i, { cloudId: String(1001 + i), ...policy });
      `,
      simulator,
      config: { "utho:pollInterval": `${pollMs}ms` },
    });
    const up = await stack.up("--parallel", "4");
    expect(up.code, up.output).toBe(0);
    const { "snapshot.listByDeploy": listings = 0, ...others } = simulator.requests.counts();
    // Hostnames, for what is announced, are in one list.
    expect(others).toEqual({
      "account.info": 1,
      "server.list": 1,
      "server.read": rotations,
      "snapshot.create": rotations,
    });
    expect(listings).toBeLessThanOrEqual(2 * (spanMs(simulator) / pollMs) + 3);
  });
});

/** Every resource carries the same short constant, and little else. */
function expectSmall(resources: readonly StateResource[]): void {
  for (const { urn, inputs, outputs } of resources) {
    expect(inputs?.__provider, urn).toBe(FORWARDER);
    expect(outputs?.__provider, urn).toBe(FORWARDER);
  }
  expect(Buffer.byteLength(FORWARDER)).toBeLessThan(100);
  const plain = resources.filter(({ urn }) => !urn.endsWith("::rich"));
  const bytes = plain.map((resource) => Buffer.byteLength(JSON.stringify(resource)));
  expect(Math.max(...bytes)).toBeLessThan(1_500);
}

/** From the first to the last request, by the simulator's clock. */
function spanMs(simulator: Simulator): number {
  const times = simulator.requests.all().map(({ at }) => at);
  return Math.max(...times) - Math.min(...times);
}

/** A state with `count` snapshots like the one that it has, all of which exist in the cloud. */
function multiplied(state: StateExport, count: number, simulator: Simulator): StateExport {
  const resources = state.deployment.resources ?? [];
  const one = resources.find(({ type }) => type.endsWith("utho:Snapshot"));
  if (one === undefined) throw new Error("The state has no snapshot to multiply.");
  const copies = Array.from({ length: count - 1 }, (_, index) => copyOf(one, index, simulator));
  return { ...state, deployment: { ...state.deployment, resources: [...resources, ...copies] } };
}

function copyOf(one: StateResource, index: number, simulator: Simulator): StateResource {
  const { cloudId = "", hostname = "" } = SERVERS[index % SERVERS.length] ?? {};
  const name = `seeded-${index}`;
  const { id } = simulator.cloud.addSnapshot({ cloudId, name });
  const urn = one.urn.replace(/::web$/, `::${name}`);
  const changes = { cloudId, name, ...shortened({ resourceUrn: urn }) };
  return {
    ...one,
    urn,
    id: `${cloudId}/${id}`,
    inputs: { ...one.inputs, ...changes },
    outputs: {
      ...one.outputs,
      ...changes,
      snapshotId: id,
      serverName: hostname,
    },
  };
}
