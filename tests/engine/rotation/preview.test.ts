import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../../simulator";
import { ShiftedClock } from "../../support/shifted-clock";
import { Stack } from "../../support/stack";

const DAY = 24 * 3_600_000;

const rotation = (cloudIds: string, more: string): string => `
  new utho.SnapshotRotation("nightly", { cloudIds: ${cloudIds}, every: "24h", keep: { last: 2 }, ${more} });`;
const others = (triggers: string, hostname: string): string => `
  const snapshot = new utho.Snapshot("base", { cloudId: "1001", triggers: ["${triggers}"], powerOff: true });
  const clone = new utho.ServerClone("copy", { snapshot: snapshot.id, hostname: "${hostname}", planId: "10045" });
  new utho.SnapshotRestore("undo", { snapshot: snapshot.id, triggers: ["${triggers}"], acknowledgeMoving: true });`;

describe("what a preview says at the terminal", () => {
  let clock: ShiftedClock;
  let simulator: Simulator;
  let stack: Stack;

  beforeEach(async () => {
    clock = new ShiftedClock("2026-03-01T02:00:00Z");
    simulator = await startSimulator({
      clock: clock.clock,
      servers: ["web-1", "web-2", "db-1"].map((hostname, index) => ({
        cloudId: String(1_001 + index),
        hostname,
        diskGb: 50,
      })),
    });
    stack = await Stack.create({ program: "", simulator, env: clock.env });
  });

  afterEach(async () => {
    stack.dispose();
    await simulator.close();
    clock.dispose();
  });

  async function previewOf(program: string): Promise<string> {
    stack.setProgram(program);
    const { code, output } = await stack.preview();
    expect(code, output).toBe(0);
    return output;
  }

  const ids = (cloudId: string): string[] =>
    simulator.cloud.snapshots(cloudId).map(({ id }) => `${cloudId}/${id}`);

  it("names what a rotation deletes, keeps and switches off, and what is not known yet", async () => {
    const all = '["1001", "1002", "1003"]';
    stack.setProgram(rotation(all, 'onRemove: "delete"'));
    const first = await stack.up();
    expect(first.code, first.output).toBe(0);
    expect(first.output).toContain('onRemove is "delete": once the rotation is removed from the program');
    clock.advance(simulator, DAY);
    simulator.cloud.nextOutcome({ of: "snapshot", outcome: "failed", cloudId: "1001" });
    expect((await stack.up()).code).not.toBe(0);
    const [, failed] = ids("1001");
    const leaving = ids("1003");

    const left = await previewOf(rotation('["1001", "1002"]', 'onRemove: "delete", powerOff: true'));
    expect(left).toContain(
      `On the servers that are known to stay, the rotation takes 1 (on web-1 (1001)), deletes 1 (web-1 ${failed} failed).`,
    );
    expect(left).toContain(
      `db-1 (1003) leaves the rotation: all 2 snapshots (₹400 a month: ${leaving.join(", ")}) are deleted (onRemove: "delete").`,
    );
    expect(left).toContain("Switches off for the snapshot, and on again after it: web-1 (1001).");
    expect(left).toMatch(
      /Costs ₹800 a month now, about ₹800 after this, and about ₹800 once the policy is full/,
    );
    const kept = await previewOf(rotation('["1001", "1002"]', 'onRemove: "keep"'));
    expect(kept).toContain('are kept (onRemove: "keep")');

    const clone =
      'const { cloudId } = new utho.ServerClone("new", { snapshot: "1001/5001", hostname: "n", planId: "10045" });';
    const unknown = await previewOf(`${clone}${rotation('["1001", "1002", cloudId]', 'onRemove: "delete"')}`);
    expect(unknown).toContain("Not known before the update: whether db-1 (1003) stays in the rotation.");
    expect(unknown).toContain(`If not, all 2 snapshots (₹400 a month: ${leaving.join(", ")}) are deleted`);
    expect(unknown).toContain("what is taken and deleted there is decided then");

    const removed = await previewOf("");
    // The engine asks nothing of the provider here; the resource is all that it shows.
    expect(removed).toMatch(
      /- +pulumi-nodejs:dynamic:utho:SnapshotRotation|SnapshotRotation +nightly +delete/,
    );
    const refresh = await stack.refresh("--preview-only");
    expect(refresh.output).not.toMatch(/the rotation (takes|leaves)|Costs ₹/);
    expect(simulator.requests.count("snapshot.delete")).toBe(0);
  });

  it("names what a Snapshot, a restore and a clone delete, overwrite, switch off and destroy", async () => {
    const fresh = await previewOf(others("a", "staging"));
    expect(fresh).toContain(
      "Server 1001 is switched off for the snapshot, and on again after it (powerOff).",
    );
    expect(fresh).toContain(
      "A server staging is deployed from a snapshot that is not known before the update.",
    );
    expect(fresh).toContain(
      "A server will be overwritten with a snapshot that is not known before the update. It restarts.",
    );
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const [base, safety] = ids("1001");
    const copy = simulator.cloud.servers().find(({ hostname }) => hostname === "staging")?.cloudId;

    const replaced = await previewOf(others("b", "rehearsal"));
    expect(replaced).toMatch(
      new RegExp(`Snapshot ${base} \\(.*, ₹200 a month\\) is deleted by this replacement \\(triggers\\)`),
    );
    expect(replaced).toContain(
      `Safety snapshot ${safety} of the restore before is deleted by this replacement`,
    );
    expect(replaced).toContain(
      `Server ${copy} (staging) is destroyed, with its disk, by this replacement (hostname)`,
    );
    const drift = await stack.drift();
    expect(drift.output).not.toContain("by this replacement");
  });
});
