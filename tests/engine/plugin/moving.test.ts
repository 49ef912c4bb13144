import { afterEach, beforeEach, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../../simulator";
import { classesOfPlugin } from "../../support/doors";
import { Stack, well } from "../../support/stack";

/** Twenty resources of all kinds, as a company has them; `door` has their classes, and `former` is what they were. */
const COMPANY = `
const declare = (door, former) => {
  const moved = (kind, options) => (former === undefined ? options : { ...options, aliases: [{ type: former + kind }] });
  class Site extends pulumi.ComponentResource {
    constructor(name, cloudId) {
      super("shop:index:Site", name);
      const one = (kind, label, args, options = {}) =>
        new door[kind](name + "-" + label, args, moved(kind, { parent: this, ...options }));
      const release = one("Snapshot", "release", { cloudId, triggers: ["v1"] }, { protect: true });
      const kept = { retainOnDelete: true, dependsOn: release };
      one("Snapshot", "archive", { cloudId, onReplace: "keep" }, kept);
      one("SnapshotRestore", "undo", { snapshot: "1002/9001", triggers: [name] }, { dependsOn: release });
      one("ServerClone", "copy", { snapshot: release.id, hostname: name, planId: "10046" }, { protect: true });
      one("SnapshotRotation", "nightly", { cloudId, every: "24h", keep: { last: 2 } }, { customTimeouts: { create: "20m" } });
    }
  }
  for (const number of [1, 2, 3, 4]) new Site("site" + number, "100" + (1 + (number % 2)));
};
`;

/** One of each kind, with what replaces it; and two of both doors at work on one server at the same time. */
const EACH = `
const declare = (door, former, version, planId) => {
  const one = (kind, args) =>
    new door[kind]("one", args, former === undefined ? {} : { aliases: [{ type: former + kind }] });
  one("Snapshot", { cloudId: "1001", triggers: [version], powerOff: true });
  one("SnapshotRestore", { snapshot: "1002/9001", triggers: [version] });
  one("ServerClone", { snapshot: "1002/9001", hostname: "copy", planId });
  one("SnapshotRotation", { cloudId: "1001", every: "24h", keep: { last: 2 } });
};
const beside = (door, version, former) =>
  new door.Snapshot(
    "beside",
    { cloudId: "1001", powerOff: true, triggers: [version] },
    { aliases: [{ type: former + "Snapshot" }] },
  );
`;

const CLASSES = "pulumi-nodejs:dynamic/utho:";
const PLUGIN = "utho:index:";
const ofPlugin = classesOfPlugin("plugin");

let simulator: Simulator;
let stack: Stack;

beforeEach(async () => {
  simulator = await startSimulator({ settings: { snapshotDurationMs: 100, deployDurationMs: 100 } });
  simulator.cloud.addSnapshot({ id: "9001", cloudId: "1002", name: "golden" });
  stack = await Stack.create({ program: "", simulator, plugin: true, door: "dynamic" });
});
afterEach(async () => {
  stack.dispose();
  await simulator.close();
});

const writes = () => simulator.requests.all().filter(({ method }) => method !== "GET").length;

/** What the stack protects and retains, by logical names. */
async function guarded(): Promise<string[]> {
  const { resources = [] } = (await stack.export()).deployment;
  return resources
    .filter(({ protect, retainOnDelete }) => protect === true || retainOnDelete === true)
    .map(({ urn }) => urn.split("::").at(-1) ?? "")
    .sort();
}

it("a stack of twenty resources moves to the plugin and back by aliases, without one write to the cloud", async () => {
  const program = (call: string) => stack.setProgram(`${ofPlugin}${COMPANY}${call}`);
  const unchanged = "25 unchanged";
  program("declare(utho);");
  await well(stack.up());
  const made = writes();
  const kept = await guarded();
  expect(kept).toHaveLength(12);

  program(`declare(plugin, "${CLASSES}");`);
  const before = await stack.export();
  expect(await well(stack.preview("--diff", "--expect-no-changes"))).toContain(unchanged);
  expect(await well(stack.up())).toContain(unchanged);
  await well(stack.drift());
  program("declare(plugin);");
  expect(await well(stack.up())).toContain(unchanged);
  expect(await guarded()).toEqual(kept);

  program(`declare(utho, "${PLUGIN}");`);
  expect(await well(stack.up())).not.toMatch(/created|deleted|replaced/);
  program("declare(utho);");
  expect(await well(stack.up())).toContain(unchanged);
  await well(stack.drift());
  expect(await guarded()).toEqual(kept);
  expect(stack.stateText()).not.toContain("__utho");

  // And back by the copy of the state.
  program(`declare(plugin, "${CLASSES}");`);
  await well(stack.up());
  await stack.import(before);
  program("declare(utho);");
  await well(stack.preview("--expect-no-changes"));
  expect(writes()).toBe(made);
});

it("a run that moves and replaces at once, and one with both doors at work on a server, lose nothing", async () => {
  const { cloud } = simulator;
  const program = (call: string) => stack.setProgram(`${ofPlugin}${EACH}${call}`);
  const inState = async () => (await stack.snapshots()).map(({ id }) => id).sort();
  const ofState = async (kind: string) => {
    const { resources = [] } = (await stack.export()).deployment;
    return resources.filter(({ type }) => type.endsWith(`:${kind}`));
  };
  const restores = () => cloud.operations("1002").filter(({ kind }) => kind === "restore").length;

  for (const [round, { mine, other, former, theirs, planId }] of [
    { mine: "utho", other: "plugin", former: undefined, theirs: CLASSES, planId: "10045" },
    { mine: "plugin", other: "utho", former: CLASSES, theirs: PLUGIN, planId: "10046" },
    { mine: "utho", other: "plugin", former: PLUGIN, theirs: CLASSES, planId: "10045" },
  ].entries()) {
    const from = former === undefined ? "undefined" : `"${former}"`;
    program(
      `declare(${mine}, ${from}, "v${round}", "${planId}"); beside(${other}, "v${round}", "${theirs}");`,
    );
    await well(stack.up());
    expect(restores()).toBe(round + 1);
    expect(await ofState("ServerClone")).toMatchObject([{ outputs: { planId } }]);
    expect(cloud.servers().map(({ hostname, powerState }) => [hostname, powerState])).toEqual([
      ["web-1", "Running"],
      ["db-1", "Running"],
      ["copy", "Running"],
    ]);
    const [rotated] = await ofState("SnapshotRotation");
    const [restored] = await ofState("SnapshotRestore");
    const others = [
      ...Object.values(Object(rotated?.outputs?.newest)),
      restored?.outputs?.safetySnapshotId,
      "1002/9001",
    ];
    const inCloud = cloud.snapshots().map(({ cloudId, id }) => `${cloudId}/${id}`);
    expect(inCloud.sort()).toEqual([...(await inState()), ...others].sort());
    expect(new Set(inCloud).size).toBe(5);
  }
});
