import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CloneLifecycle } from "../../../provider/clone/lifecycle";
import { RestoreLifecycle } from "../../../provider/restore/lifecycle";
import { RotationLifecycle } from "../../../provider/rotation/lifecycle";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import type { ProviderRuntime } from "../../../provider/utho/runtime";
import { type Simulator, startSimulator } from "../../../simulator";
import { rigFor } from "./lifecycle-rig";

const urnOf = (name: string, type: string) =>
  `urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:${type}::${name}`;
const resourceUrn = urnOf("web", "Snapshot");

/** No engine records the result of a run whose engine is gone. */
describe("a provider whose engine is dead writes nothing", () => {
  let simulator: Simulator;
  let home: string;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "utho-dead-"));
    simulator = await startSimulator({ settings: { snapshotDurationMs: 20 } });
    simulator.cloud.addSnapshot({ id: "9001", cloudId: "1001", name: "golden" });
  });
  afterEach(async () => {
    rmSync(home, { recursive: true, force: true });
    await simulator.close();
  });

  const dead = async (): Promise<never> => {
    throw new Error("the engine is gone");
  };
  const inputsOf = {
    snapshot: { cloudId: "1001", resourceUrn },
    powerOff: { cloudId: "1001", powerOff: true, resourceUrn, timeouts: { create: "1s" } },
    restore: { snapshot: "1001/9001", resourceUrn: urnOf("undo", "SnapshotRestore") },
    unsafe: { snapshot: "1001/9001", safetySnapshot: false, acknowledgeDataLoss: true },
    clone: { snapshot: "1001/9001", hostname: "copy", planId: "10045", resourceUrn: urnOf("c", "Clone") },
    rotation: { cloudId: "1001", every: "24h", keep: { last: 2 }, resourceUrn: urnOf("r", "Rotation") },
  };
  const ofSnapshots = (runtime: ProviderRuntime) => new SnapshotLifecycle(runtime);
  const ofRestores = (runtime: ProviderRuntime) => new RestoreLifecycle(runtime);

  it.each([
    ["to take a snapshot", ofSnapshots, inputsOf.snapshot],
    ["to switch a server off", ofSnapshots, inputsOf.powerOff],
    ["to keep a state before a restore", ofRestores, inputsOf.restore],
    ["to restore", ofRestores, inputsOf.unsafe],
    ["to deploy", (runtime: ProviderRuntime) => new CloneLifecycle(runtime), inputsOf.clone],
    ["to rotate", (runtime: ProviderRuntime) => new RotationLifecycle(runtime), inputsOf.rotation],
  ])("%s", async (_what, lifecycle, program) => {
    const { provider, writes } = rigFor(simulator, lifecycle, {}, { home, lifeline: dead });
    const { inputs, failures } = await provider.check({}, program);
    expect(failures).toEqual([]);
    await expect(provider.create(inputs)).rejects.toThrow("the engine is gone");
    expect(writes()).toEqual([]);
  });

  it("to delete", async () => {
    const { provider, writes } = rigFor(simulator, ofSnapshots, {}, { home, lifeline: dead });
    await expect(provider.delete("1001/9001", {})).rejects.toThrow("the engine is gone");
    expect(writes()).toEqual([]);
  });
});
