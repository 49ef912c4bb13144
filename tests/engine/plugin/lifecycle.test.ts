import { afterEach, beforeEach, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../../simulator";
import { Stack, well } from "../../support/stack";

/** A program as every language without a class of ours has it: the type, and what the schema says of it. */
const program = (args: string, options = "{}") => `
class Snapshot extends pulumi.CustomResource {
  constructor(name, args, opts) {
    const outputs = { snapshotId: undefined, name: undefined, status: undefined };
    super("utho:index:Snapshot", name, { ...outputs, ...args }, opts);
  }
}
const web = new Snapshot("web", ${args}, ${options});
exports.id = web.id;
exports.status = web.status;
`;

let simulator: Simulator;
let stack: Stack;

beforeEach(async () => {
  simulator = await startSimulator({ settings: { snapshotDurationMs: 200 } });
  stack = await Stack.create({ program: program('{ cloudId: "1001" }'), simulator, plugin: true });
});
afterEach(async () => {
  stack.dispose();
  await simulator.close();
});

/** The language host of the tests is too old to write a program. */
const GENERATE_NOTHING = "--generate-code=false";

const ids = () => simulator.cloud.snapshots().map(({ cloudId, id }) => `${cloudId}/${id}`);
const writes = () => simulator.requests.all().filter(({ method }) => method !== "GET").length;

it("a snapshot of the plugin lives a whole life", async () => {
  expect(await well(stack.preview())).toMatch(/utho:index:Snapshot\s+web\s+create/);
  expect(writes()).toBe(0);
  await well(stack.up());
  const [first = ""] = ids();
  expect(await stack.outputs()).toEqual({ id: first, status: "Active" });
  const made = writes();
  expect(await well(stack.up())).toContain("2 unchanged");
  expect(writes()).toBe(made);
  await well(stack.drift());

  simulator.cloud.renameSnapshot(first.split("/")[1] ?? "", "renamed");
  const drift = await stack.drift();
  expect(drift.code, drift.output).toBe(7);
  expect(drift.output).toContain("[diff: ~name]");
  expect(await well(stack.up("--refresh"))).not.toContain("replaced");

  stack.setProgram(program('{ cloudId: "1001", triggers: [pulumi.secret("hidden-2")] }'));
  const announced = await well(stack.preview("--diff"));
  expect(announced).toContain(`Snapshot ${first}`);
  await well(stack.up());
  expect(ids()).toHaveLength(1);
  expect(ids()).not.toContain(first);
  expect(stack.stateText()).not.toContain("hidden-2");
  expect(stack.stateText()).not.toContain(simulator.token);

  simulator.cloud.addSnapshot({ id: "9001", cloudId: "1001", name: "golden" });
  const asked = writes();
  await well(
    stack.run([
      "import",
      "utho:index:Snapshot",
      "golden",
      "1001/9001",
      "--yes",
      "--protect=false",
      GENERATE_NOTHING,
    ]),
  );
  const both = `new Snapshot("golden", { cloudId: "1001" });`;
  stack.setProgram(program('{ cloudId: "1001", triggers: [pulumi.secret("hidden-2")] }') + both);
  expect(await well(stack.up())).toContain("3 unchanged");
  // The first triggers of what was imported replace nothing: it would be deleted.
  const triggered = both.replace("}", ', triggers: ["v1"] }');
  const optional = `new Snapshot("silver", { cloudId: "1001", triggers: ["v1"] }, { import: "1001/9002" });`;
  simulator.cloud.addSnapshot({ id: "9002", cloudId: "1001", name: "silver" });
  const own = program('{ cloudId: "1001", triggers: [pulumi.secret("hidden-2")] }');
  stack.setProgram(own + triggered + optional);
  await well(stack.up());
  stack.setProgram(own + triggered + optional.replace(', { import: "1001/9002" }', ""));
  expect(await well(stack.up())).toContain("4 unchanged");
  expect(ids()).toHaveLength(3);
  const wrong = await stack.run([
    "import",
    "utho:index:Snapshot",
    "none",
    "1002/9001",
    "--yes",
    GENERATE_NOTHING,
  ]);
  expect(wrong.output).toContain("UTHO_SNAPSHOT_FOREIGN");
  expect(writes()).toBe(asked);
  await well(stack.destroy());
  expect(ids()).toEqual([]);
});
