import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../../simulator";
import { runCommand } from "../../support/command";
import { EVERY_DOOR } from "../../support/doors";
import { speak } from "../../support/languages";
import { Stack, well } from "../../support/stack";

let simulator: Simulator;
let stack: Stack;

beforeEach(async () => {
  simulator = await startSimulator({
    snapshots: [
      { id: "7001", cloudId: "1001", name: "Before the upgrade" },
      { id: "7002", cloudId: "1002", name: "golden" },
    ],
  });
  stack = await Stack.create({ program: "", simulator });
});
afterEach(async () => {
  stack.dispose();
  await simulator.close();
});

const adopt = (...args: string[]) => runCommand(["adopt", ...args], stack);
const inCloud = () => simulator.cloud.snapshots().map(({ id }) => id);

/** The whole program of a language with what was printed. */
const PROGRAMS = {
  yaml: (text: string) => text,
  python: (text: string) => text,
  go: (text: string) => `${text}\nfunc main() { pulumi.Run(adopted) }\n`,
};

// Programs in Python and Go take long to begin, and differ in a text that tests/unit/cli/adopt compares.
it.each(EVERY_DOOR ? (["yaml", "python", "go"] as const) : (["yaml"] as const))(
  "adopts snapshots into a %s program, which then has nothing to do, and protects them",
  async (language) => {
    const write = await speak(stack, language);
    const before = stack.stateText();
    const dry = await adopt("--stack", "dev");
    expect([dry.code, dry.err]).toEqual([0, expect.stringContaining("Nothing was changed.")]);
    expect(stack.stateText()).toBe(before);

    const done = await adopt("--stack", "dev", "--yes");
    expect(done.code, done.err).toBe(0);
    expect(done.out).toBe(dry.out);
    expect(stack.stateText()).toContain("utho:index:Snapshot::golden");
    expect(stack.stateText()).not.toContain(simulator.token);
    write(PROGRAMS[language](done.out));
    await well(stack.preview("--expect-no-changes"));
    await well(stack.drift());
    await well(stack.up("--expect-no-changes"));
    // What the program forgets is protected.
    write(PROGRAMS[language](done.out.replaceAll("golden", "other")));
    expect((await stack.up()).output).toContain("protected");
    expect(inCloud()).toEqual(expect.arrayContaining(["7001", "7002"]));
  },
);

it("undoes an adoption through the plugin, and takes the plugin by --door in a stack of classes", async () => {
  await speak(stack, "yaml");
  const before = (await stack.export()).deployment.resources ?? [];
  const done = await adopt("--stack", "dev", "--yes", "7002");
  expect(done.code, done.err).toBe(0);
  const folder = join(stack.folder, "home/pulumi-utho/adoptions");
  const [backup = ""] = readdirSync(folder).map((file) => join(folder, file));
  expect(readFileSync(backup, "utf8")).not.toContain(simulator.token);
  const undone = await adopt("--undo", backup);
  expect(undone.code, undone.err).toBe(0);
  expect((await stack.export()).deployment.resources ?? []).toEqual(before);
  const classes = await adopt("--stack", "dev", "--door", "class", "7002");
  expect(classes.out).toContain('import * as utho from "pulumi-utho";');
  expect(inCloud()).toEqual(["7001", "7002"]);
  expect(simulator.requests.all().filter(({ method }) => method !== "GET")).toEqual([]);
});
