import { afterEach, beforeEach, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../../simulator";
import { Stack, well } from "../../support/stack";

const ARGS = {
  Snapshot: '{ cloudId: "1001", triggers: ["v1"] }',
  SnapshotRestore: '{ snapshot: "1002/9001", triggers: ["v1"] }',
  ServerClone: '{ snapshot: "1002/9001", hostname: "copy", planId: "10046" }',
  SnapshotRotation: '{ cloudId: "1001", every: "24h", keep: { last: 2 } }',
};

const ofClasses = (aliased: boolean) =>
  Object.entries(ARGS)
    .map(([kind, args]) => {
      const aliases = aliased ? `, aliases: [{ type: "utho:index:${kind}" }]` : "";
      return `new utho.${kind}("one", ${args}, { customTimeouts: { create: "20m" }${aliases} });`;
    })
    .join("\n");

const ofPlugin = (aliased: boolean) =>
  Object.entries(ARGS)
    .map(([kind, args]) => {
      const aliases = aliased ? `aliases: [{ type: "pulumi-nodejs:dynamic/utho:${kind}" }],` : "";
      return `new pulumi.CustomResource("utho:index:${kind}", "one", ${args}, { ${aliases} });`;
    })
    .join("\n");

let simulator: Simulator;
let stack: Stack;

beforeEach(async () => {
  simulator = await startSimulator({ settings: { snapshotDurationMs: 100, deployDurationMs: 100 } });
  simulator.cloud.addSnapshot({ id: "9001", cloudId: "1002", name: "golden" });
  stack = await Stack.create({ program: ofClasses(false), simulator, plugin: true });
});
afterEach(async () => {
  stack.dispose();
  await simulator.close();
});

const writes = () => simulator.requests.all().filter(({ method }) => method !== "GET").length;

it("a stack moves from the classes to the plugin and back by aliases, without one write to the cloud", async () => {
  const unchanged = "5 unchanged";
  await well(stack.up());
  const made = writes();
  stack.setProgram(ofPlugin(true));
  expect(await well(stack.preview("--diff"))).toContain(unchanged);
  expect(await well(stack.up())).toContain(unchanged);
  await well(stack.drift());
  stack.setProgram(ofPlugin(false));
  expect(await well(stack.up())).toContain(unchanged);

  stack.setProgram(ofClasses(true));
  expect(await well(stack.up())).not.toMatch(/created|deleted|replaced/);
  stack.setProgram(ofClasses(false));
  expect(await well(stack.up())).toContain(unchanged);
  await well(stack.drift());
  expect(stack.stateText()).not.toContain("__utho");
  expect(writes()).toBe(made);
});
