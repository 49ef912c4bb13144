import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { Stack } from "../support/stack";

const PROGRAM = 'new utho.Snapshot("web", { cloudId: "1001" });';

/** What is changed behind Pulumi's back, and whether `pulumi up` may then touch the snapshot. */
const CHANGES: readonly {
  what: string;
  change: (simulator: Simulator, id: string) => void;
  says: RegExp;
}[] = [
  {
    what: "renamed",
    change: (s, id) => s.cloud.renameSnapshot(id, "renamed"),
    says: /renamed outside, from "dev-web-.*" to "renamed"/,
  },
  { what: "of another size", change: (s, id) => s.cloud.setSize(id, 51), says: /from 50 GB to 51 GB/ },
];

describe("drift", () => {
  let simulator: Simulator;
  let stack: Stack;
  let id: string;

  beforeEach(async () => {
    simulator = await startSimulator();
    stack = await Stack.create({ program: PROGRAM, simulator });
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    id = simulator.cloud.snapshots()[0]?.id ?? "";
  });

  afterEach(async () => {
    stack.dispose();
    await simulator.close();
  });

  it.each(CHANGES)("shows a snapshot $what, and up keeps it and agrees", async ({ change, says }) => {
    change(simulator, id);
    const drift = await stack.drift();
    expect(drift.code, drift.output).toBe(7);
    const preview = await stack.preview("--refresh", "--expect-no-changes");
    expect(preview.code, preview.output).toBe(7);

    const up = await stack.up("--refresh");
    expect(up.code, up.output).toBe(0);
    expect(up.output).toMatch(says);
    expect(simulator.cloud.snapshots()).toMatchObject([{ id }]);
    expect(simulator.requests.count("snapshot.delete")).toBe(0);
    expect((await stack.drift()).code).toBe(0);
    expect((await stack.up("--expect-no-changes")).code).toBe(0);
  });

  it("shows a vanished snapshot, and up --refresh takes a new one", async () => {
    simulator.cloud.deleteSnapshot(id);
    const drift = await stack.drift();
    expect(drift.code, drift.output).toBe(7);
    const up = await stack.up("--refresh");
    expect(up.code, up.output).toBe(0);
    expect(simulator.cloud.snapshots()).toHaveLength(1);
    expect((await stack.drift()).code).toBe(0);
  });

  it("shows a failed snapshot until the user decides, and never deletes it", async () => {
    simulator.cloud.failSnapshot(id);
    expect((await stack.drift()).code).toBe(7);
    const up = await stack.up("--refresh");
    expect(up.code).not.toBe(0);
    expect(up.output).toContain("UTHO_SNAPSHOT_FAILED");
    expect(simulator.cloud.snapshots()).toMatchObject([{ id }]);
    expect(simulator.requests.count("snapshot.delete")).toBe(0);
  });

  it("fails loudly when Utho does not answer, and believes nothing gone", async () => {
    simulator.faults.add({ operation: "*", phase: "before", kind: { status: 503 }, times: "always" });
    const drift = await stack.drift();
    expect(drift.code).toBe(1);
    expect(drift.output).toContain("UTHO_SERVER_ERROR");
    expect(await stack.snapshots()).toHaveLength(1);
  });
});
