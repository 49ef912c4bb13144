import { afterEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { Stack } from "../support/stack";

const ONE = 'exports.id = new utho.Snapshot("web", { cloudId: "1001" }).id;';

/** Every declared output, so that one that stays empty fails a test. */
const ALL_OUTPUTS = `
const s = new utho.Snapshot("web", { cloudId: "1001", triggers: ["v1"] });
exports.all = pulumi.all([s.id, s.snapshotId, s.name, s.cloudId, s.serverName, s.status, s.sizeGb, s.location, s.storage,
  s.createdAt, s.monthlyCost]);
`;

const withTrigger = (trigger: string, more = ""): string =>
  `exports.id = new utho.Snapshot("web", { cloudId: "1001", triggers: ["${trigger}"]${more} }).id;`;

describe("a Snapshot's life", () => {
  let simulator: Simulator;
  let stack: Stack;

  afterEach(async () => {
    stack.dispose();
    await simulator.close();
  });

  async function declare(program: string): Promise<void> {
    simulator = await startSimulator();
    stack = await Stack.create({ program, simulator });
  }

  it("is created once, shows every output, stays unchanged, and is destroyed", async () => {
    await declare(ALL_OUTPUTS);
    const preview = await stack.preview();
    expect(preview.code, preview.output).toBe(0);
    expect(simulator.cloud.snapshots()).toHaveLength(0);

    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const [snapshot, ...others] = simulator.cloud.snapshots();
    expect(others).toHaveLength(0);
    expect(snapshot).toMatchObject({ cloudId: "1001", status: "Active" });
    expect(snapshot?.name).toMatch(/^dev-web-[0-9a-f]{6}-\d{8}t\d{6}z$/);
    expect(simulator.requests.count("snapshot.create")).toBe(1);

    const { all } = await stack.outputs();
    expect(all).toEqual([
      `1001/${snapshot?.id}`,
      snapshot?.id,
      snapshot?.name,
      "1001",
      "web-1",
      "Active",
      50,
      expect.any(String),
      "general",
      expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
      200,
    ]);

    simulator.requests.clear();
    const again = await stack.run(["up", "--yes", "--expect-no-changes"]);
    expect(again.code, again.output).toBe(0);
    expect(simulator.requests.count()).toBe(0);

    const drift = await stack.drift();
    expect(drift.code, drift.output).toBe(0);

    const destroy = await stack.destroy();
    expect(destroy.code, destroy.output).toBe(0);
    expect(simulator.cloud.snapshots()).toHaveLength(0);
    expect(await stack.snapshots()).toHaveLength(0);
  });

  it("is replaced by changed triggers: the new one is there before the old one goes", async () => {
    await declare(withTrigger("v1"));
    await stack.up();
    const [old] = simulator.cloud.snapshots();
    simulator.requests.clear();
    stack.setProgram(withTrigger("v2"));
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const [fresh, ...others] = simulator.cloud.snapshots();
    expect(others).toHaveLength(0);
    expect(fresh?.id).not.toBe(old?.id);
    const writes = simulator.requests.all().filter(({ method }) => method !== "GET");
    expect(writes.map(({ operation }) => operation)).toEqual(["snapshot.create", "snapshot.delete"]);
  });

  it("is replaced by another server and by another name", async () => {
    await declare('new utho.Snapshot("web", { cloudId: "1001", name: "golden" });');
    expect((await stack.up()).code).toBe(0);
    stack.setProgram('new utho.Snapshot("web", { cloudId: "1002", name: "golden" });');
    expect((await stack.up()).code).toBe(0);
    expect(simulator.cloud.snapshots()).toMatchObject([{ cloudId: "1002", name: "golden" }]);
    stack.setProgram('new utho.Snapshot("web", { cloudId: "1002", name: "silver" });');
    expect((await stack.up()).code).toBe(0);
    expect(simulator.cloud.snapshots()).toMatchObject([{ cloudId: "1002", name: "silver" }]);
  });

  it("is deleted without complaint when it is gone already", async () => {
    await declare(ONE);
    await stack.up();
    const [snapshot] = simulator.cloud.snapshots();
    simulator.cloud.deleteSnapshot(snapshot?.id ?? "");
    const destroy = await stack.destroy();
    expect(destroy.code, destroy.output).toBe(0);
    expect(await stack.snapshots()).toHaveLength(0);
  });

  it("is read by Snapshot.get without being owned", async () => {
    await declare("");
    const made = simulator.cloud.addSnapshot({ cloudId: "1002", name: "by hand" });
    stack.setProgram(`
      const s = utho.Snapshot.get("theirs", "1002/${made.id}");
      exports.facts = pulumi.all([s.id, s.name, s.status, s.serverName, s.cloudId]);
    `);
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect((await stack.outputs()).facts).toEqual([`1002/${made.id}`, "by hand", "Active", "db-1", "1002"]);
    expect((await stack.destroy()).code).toBe(0);
    expect(simulator.cloud.snapshots()).toHaveLength(1);

    stack.setProgram('utho.Snapshot.get("gone", "1002/999999");');
    const missing = await stack.up();
    expect(missing.code).not.toBe(0);
    expect(missing.output).toContain("UTHO_SNAPSHOT_NOT_FOUND");
  });

  it("keeps what it replaces when the same run asks for it, and says so before", async () => {
    await declare(withTrigger("v1"));
    await stack.up();
    stack.setProgram(withTrigger("v2", ', onReplace: "keep"'));
    const preview = await stack.preview();
    expect(preview.output).toMatch(/Snapshot 1001\/\d+ .* stays in Utho .* costs ₹200 a month/);
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(up.output).toContain("Kept snapshot");
    expect(simulator.cloud.snapshots()).toHaveLength(2);
    // The first one was taken with the same triggers, and is still not taken for the new one.
    stack.setProgram(withTrigger("v1", ', onReplace: "keep"'));
    expect((await stack.up()).code).toBe(0);
    expect(simulator.cloud.snapshots()).toHaveLength(3);
    const destroy = await stack.run(["destroy", "--yes", "--skip-preview", "--run-program"]);
    expect(destroy.code, destroy.output).toBe(0);
    expect(simulator.cloud.snapshots()).toHaveLength(2);
  });

  it("takes a consistent image with the server off, and leaves the server as it was", async () => {
    await declare('new utho.Snapshot("web", { cloudId: "1001", powerOff: true });');
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(simulator.cloud.server("1001")).toMatchObject({ powerState: "Running" });
    const writes = simulator.requests.all().filter(({ method }) => method !== "GET");
    expect(writes.map(({ operation }) => operation)).toEqual([
      "server.poweroff",
      "snapshot.create",
      "server.poweron",
    ]);
  });
});
