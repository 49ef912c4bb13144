import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { Stack } from "../support/stack";

const EXAMPLES = resolve(__dirname, "../../examples");

describe("the example", () => {
  let simulator: Simulator;
  let stack: Stack;

  beforeEach(async () => {
    simulator = await startSimulator();
    simulator.cloud.setContents("1001", "version 1");
  });

  afterEach(async () => {
    stack.dispose();
    await simulator.close();
  });

  /** The example's own program and project, with the test's configuration. */
  async function open(example: string, config: Record<string, string>): Promise<void> {
    const own = Object.entries(config).map(([key, value]) => [`tests:${key}`, value]);
    stack = await Stack.create({ program: "", simulator, config: Object.fromEntries(own) });
    rmSync(join(stack.folder, "index.js"));
    for (const file of ["index.ts", "tsconfig.json", "package.json"]) {
      cpSync(join(EXAMPLES, example, file), join(stack.folder, file));
    }
    writeFileSync(join(stack.folder, "Pulumi.yaml"), '{"name":"tests","runtime":"nodejs"}');
  }

  async function up(): Promise<void> {
    const run = await stack.up();
    expect(run.code, run.output).toBe(0);
  }

  const contents = (cloudId: string): string => simulator.cloud.server(cloudId).contents;
  const set = (key: string, value: string) => stack.run(["config", "set", `tests:${key}`, value]);

  it("checkpoint-before-upgrade goes back once, and touches no server with the next version", async () => {
    await open("checkpoint-before-upgrade", { server: "web-1", version: "2.0" });
    await up();
    simulator.cloud.setContents("1001", "version 2, broken");
    await set("undo", "2.0");
    await up();
    expect(contents("1001")).toBe("version 1");
    const { stateBeforeUndo } = await stack.outputs();
    expect(simulator.cloud.snapshot(String(stateBeforeUndo).split("/")[1] ?? "").contents).toBe(
      "version 2, broken",
    );

    simulator.cloud.setContents("1001", "work since");
    await set("version", "2.1");
    await up();
    expect(contents("1001")).toBe("work since");
    expect(simulator.cloud.snapshots().map((one) => one.contents)).toEqual(["work since"]);
    expect(simulator.requests.count("snapshot.restore")).toBe(1);
  });

  it("scale-out makes three servers from one snapshot, and none is replaced by a new one", async () => {
    await open("scale-out", { source: "web-1", planId: "10045" });
    await up();
    const workers = () => simulator.cloud.servers().filter(({ hostname }) => hostname.includes("worker"));
    expect(workers().map((one) => one.contents)).toEqual(["version 1", "version 1", "version 1"]);
    const before = workers().map(({ cloudId }) => cloudId);

    simulator.cloud.setContents("1001", "version 2");
    await set("release", "2");
    await set("count", "4");
    await up();
    expect(workers().map(({ cloudId }) => cloudId)).toEqual([...before, expect.any(String)]);
    expect(workers().map((one) => one.contents)).toEqual([
      "version 1",
      "version 1",
      "version 1",
      "version 2",
    ]);
  });

  it("clone-for-testing makes a copy from the newest snapshot, and leaves nothing behind", async () => {
    simulator.cloud.addSnapshot({ cloudId: "1001", name: "nightly" });
    await open("clone-for-testing", { cloudId: "1001", planId: "10045", run: "42" });
    await up();
    const copy = simulator.cloud.servers().find(({ hostname }) => hostname === "staging-42");
    expect(copy).toMatchObject({ contents: "version 1", powerState: "Running" });
    expect((await stack.outputs()).address).toBe(copy?.ip);
    const destroy = await stack.destroy();
    expect(destroy.code, destroy.output).toBe(0);
    expect(simulator.cloud.servers()).toHaveLength(2);
    expect(simulator.cloud.snapshots()).toHaveLength(1);
  });

  it("disaster-recovery snapshots every server, refuses when one is missing, and brings all back", async () => {
    await open("disaster-recovery", { servers: "2" });
    await up();
    const saved = simulator.cloud.snapshots();
    expect(saved.map(({ cloudId }) => cloudId).sort()).toEqual(["1001", "1002"]);
    const database = contents("1002");

    simulator.cloud.setContents("1001", "encrypted by an attacker");
    simulator.cloud.removeServer("1002");
    const refused = await stack.up();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("1 servers instead of 2");
    expect(simulator.cloud.snapshots()).toHaveLength(2);
    stack.dispose();

    simulator.advance(10_000);
    const before = new Date(simulator.cloud.now() - 5_000).toISOString();
    await open("disaster-recovery/recover", { before, planId: "10046", dcslug: "inmumbaizone2" });
    await up();
    expect(contents("1001")).toBe("version 1");
    const recovered = simulator.cloud.servers().find(({ hostname }) => hostname === "recovered-1002");
    expect(recovered).toMatchObject({ contents: database, powerState: "Running" });
    const again = await stack.up("--expect-no-changes");
    expect(again.code, again.output).toBe(0);
    expect(simulator.requests.count("snapshot.restore")).toBe(1);
  });

  it("nightly-backups backs up every server once a night, and refuses when one is missing", async () => {
    await open("nightly-backups", { fewest: "2" });
    await up();
    const taken = simulator.cloud.snapshots();
    expect(taken.map(({ cloudId, status }) => [cloudId, status]).sort()).toEqual([
      ["1001", "Active"],
      ["1002", "Active"],
    ]);
    expect(await stack.outputs()).toMatchObject({ losses: {} });
    const again = await stack.up("--expect-no-changes");
    expect(again.code, again.output).toBe(0);

    simulator.cloud.removeServer("1002");
    const refused = await stack.up();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("1 servers match .*, and 2 are expected");
    expect(simulator.cloud.snapshots()).toHaveLength(2);
  });
});
