import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import { PowerLedger } from "../../../provider/utho/powerledger";
import { type Simulator, startSimulator } from "../../../simulator";
import { rigFor } from "./lifecycle-rig";

const resourceUrn = "urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:Snapshot::web";

/** A run of ours could not switch a server on again, and state knows the snapshot already. */
describe("a server that an earlier run left off", () => {
  let simulator: Simulator;
  let home: string;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "utho-power-"));
    vi.stubEnv("PULUMI_HOME", home);
    simulator = await startSimulator({ settings: { snapshotDurationMs: 20, powerDurationMs: 20 } });
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
    await simulator.close();
  });

  const run = () => rigFor(simulator, (runtime) => new SnapshotLifecycle(runtime));

  async function standing(): Promise<{
    inputs: Record<string, unknown>;
    id: string;
    outs: Record<string, unknown>;
  }> {
    const { provider } = run();
    const { inputs } = await provider.check({}, { cloudId: "1001", powerOff: true, resourceUrn });
    const made = await provider.create(inputs);
    const ledger = PowerLedger.ofThisMachine({ PULUMI_HOME: home }, simulator.url);
    await ledger.note({ cloudId: "1001", since: "2026-11-24T10:00:00.000Z" });
    simulator.cloud.changeServer("1001", { powerState: "Stopped" });
    return { inputs, ...made };
  }

  it("is brought back by an update", async () => {
    const { inputs, id, outs } = await standing();
    const { provider, said } = run();
    await provider.update(id, outs, inputs);
    expect(simulator.cloud.server("1001").powerState).toBe("Running");
    expect(said.join()).toContain("An interrupted run switched server 1001 off at 2026-11-24T10:00:00.000Z");
  });

  it("is brought back by a deletion", async () => {
    const { id, outs } = await standing();
    await run().provider.delete(id, outs);
    expect(simulator.cloud.snapshots()).toEqual([]);
    expect(simulator.cloud.server("1001").powerState).toBe("Running");
  });
});
