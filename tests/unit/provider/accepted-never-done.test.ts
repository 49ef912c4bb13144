import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { RestoreLifecycle } from "../../../provider/restore/lifecycle";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import { type OperationName, type Simulator, startSimulator } from "../../../simulator";
import { rigFor } from "./lifecycle-rig";

const urnOf = (type: string): string => `urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:${type}::never`;
const timeouts = { create: "8s", update: "8s", delete: "1s" };

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** A Utho that says yes to this call and never does it. */
async function promising(ignored: OperationName): Promise<{ simulator: Simulator; home: string }> {
  const simulator = await startSimulator({
    settings: { snapshotDurationMs: 20, ignoredCalls: [ignored] },
  });
  const home = mkdtempSync(join(tmpdir(), "utho-never-"));
  cleanUps.push(
    () => simulator.close(),
    () => rmSync(home, { recursive: true, force: true }),
  );
  simulator.cloud.addSnapshot({ id: "9001", cloudId: "1001", name: "golden", contents: "gold" });
  return { simulator, home };
}

describe("what Utho accepts and never does", () => {
  it("leaves a snapshot in state whose deletion cannot be seen", async () => {
    const { simulator, home } = await promising("snapshot.delete");
    const rig = rigFor(simulator, (runtime) => new SnapshotLifecycle(runtime), {}, { home });
    const program = { cloudId: "1001", resourceUrn: urnOf("Snapshot"), timeouts };
    const { inputs } = await rig.provider.check({}, program);
    const made = await rig.provider.create(inputs);
    await expect(rig.provider.delete(made.id, made.outs)).rejects.toThrow("UTHO_DELETE_UNCONFIRMED");
    expect(simulator.cloud.snapshots()).toHaveLength(2);
  });

  it("is a warning for a restore that nothing shows", async () => {
    const { simulator, home } = await promising("snapshot.restore");
    const rig = rigFor(simulator, (runtime) => new RestoreLifecycle(runtime), {}, { home });
    const program = { snapshot: "1001/9001", resourceUrn: urnOf("SnapshotRestore"), timeouts };
    const { inputs } = await rig.provider.check({}, program);
    await rig.provider.create(inputs);
    expect(simulator.requests.count("snapshot.restore")).toBe(1);
    expect(rig.said).toContainEqual(expect.stringContaining("neither its record of actions nor"));
  });
});
