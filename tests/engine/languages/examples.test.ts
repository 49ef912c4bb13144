import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../../simulator";
import { speak } from "../../support/languages";
import { Stack, well } from "../../support/stack";

const REPOSITORY = resolve(__dirname, "../../..");

let simulator: Simulator;
let stack: Stack;

beforeEach(async () => {
  simulator = await startSimulator({ settings: { snapshotDurationMs: 50, deployDurationMs: 50 } });
});
afterEach(async () => {
  stack.dispose();
  await simulator.close();
});

/** Cold, the language hosts are compiled first. */
describe("in another language", { timeout: 1_500_000 }, () => {
  it("the example in YAML takes a snapshot a day", async () => {
    stack = await Stack.create({ program: "", simulator, config: { "tests:server": "web-1" } });
    (await speak(stack, "yaml"))(readFileSync(join(REPOSITORY, "examples/yaml/Pulumi.yaml"), "utf8"));
    await well(stack.up());
    const [taken] = simulator.cloud.snapshots();
    expect(await stack.outputs()).toMatchObject({ newest: { "1001": `1001/${taken?.id}` } });
    expect(await well(stack.up())).toContain("2 unchanged");
  });

  it("the example in Python makes a snapshot, and a copy of the server from it", async () => {
    const config = { "tests:server": "web-1", "tests:version": "2.4.0", "tests:testPlan": "10045" };
    stack = await Stack.create({ program: "", simulator, config });
    await speak(stack, "python");
    cpSync(join(REPOSITORY, "examples/python/__main__.py"), join(stack.folder, "__main__.py"));
    await well(stack.up());
    const copy = simulator.cloud.servers().find(({ hostname }) => hostname === "test-copy");
    expect(await stack.outputs()).toMatchObject({
      address: copy?.ip,
      snapshot: expect.stringMatching("1001/"),
    });
    await stack.run(["config", "rm", "tests:testPlan"]);
    await well(stack.up());
    expect(simulator.cloud.servers()).toHaveLength(2);
  });

  it("a server of another stack is named by its id, with the variable of Utho's own tools", async () => {
    const page = readFileSync(join(REPOSITORY, "docs/other-languages.md"), "utf8");
    const program =
      /```yaml\n(name: \w+\nruntime: yaml\nresources:\n {2}servers:[\s\S]*?)```/.exec(page)?.[1] ?? "";
    stack = await Stack.create({
      program: "",
      simulator,
      config: { "utho:token": undefined },
      env: { UTHO_API_KEY: simulator.token },
    });
    const write = await speak(stack, "yaml");
    writeFileSync(
      join(stack.folder, "Pulumi.yaml"),
      "name: servers\nruntime: yaml\noutputs: { webId: '1001' }\n",
    );
    await stack.run(["stack", "init", "organization/servers/dev"]);
    await well(stack.up());
    write(program);
    await well(stack.up());
    expect(simulator.cloud.snapshots()).toMatchObject([{ cloudId: "1001" }]);
  });
});
