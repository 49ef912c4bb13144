import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CloneLifecycle } from "../../../provider/clone/lifecycle";
import { PartialFailure } from "../../../provider/failure";
import { RestoreLifecycle } from "../../../provider/restore/lifecycle";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import type { ProviderRuntime } from "../../../provider/utho/runtime";
import { type Simulator, type SimulatorSettings, startSimulator } from "../../../simulator";
import { rigFor } from "./lifecycle-rig";

const urnOf = (type: string): string => `urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:${type}::web`;
const ofSnapshots = (runtime: ProviderRuntime) => new SnapshotLifecycle(runtime);
const ofRestores = (runtime: ProviderRuntime) => new RestoreLifecycle(runtime);
const ofClones = (runtime: ProviderRuntime) => new CloneLifecycle(runtime);

const AN_HOUR = 3_600_000;

/** The errors that remain when waiting and asking again did not help: each says what is known, and the next run goes on. */
describe("when nothing helps", () => {
  let simulator: Simulator;
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "utho-notes-"));
    vi.stubEnv("PULUMI_HOME", home);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
    await simulator.close();
  });

  async function begin(settings: Partial<SimulatorSettings> = {}): Promise<void> {
    simulator = await startSimulator({
      settings: { snapshotDurationMs: 20, restoreDurationMs: 20, deployDurationMs: 20, ...settings },
    });
  }

  it("a snapshot that is accepted and never listed is found by the next run", async () => {
    await begin({ accountListingLagMs: AN_HOUR, serverListingLagMs: AN_HOUR });
    const news = { cloudId: "1001", resourceUrn: urnOf("Snapshot"), timeouts: { create: "200ms" } };
    const first = rigFor(simulator, ofSnapshots).provider;
    const { inputs } = await first.check({}, news);
    await expect(first.create(inputs)).rejects.toThrow("UTHO_SNAPSHOT_NOT_LISTED");
    simulator.cloud.setSettings({ accountListingLagMs: 0, serverListingLagMs: 0 });
    const next = rigFor(simulator, ofSnapshots);
    const { id } = await next.provider.create(inputs);
    expect(simulator.cloud.snapshots().map((one) => `1001/${one.id}`)).toEqual([id]);
    expect(next.said.join()).toContain("Took over");
    expect(simulator.requests.count("snapshot.create")).toBe(1);
  });

  it("a deletion that cannot be confirmed is owed, and done by the next run", async () => {
    await begin();
    const snapshot = simulator.cloud.addSnapshot({ cloudId: "1001", name: "old" });
    const id = `1001/${snapshot.id}`;
    const props = { resourceUrn: urnOf("Snapshot"), timeouts: { delete: "200ms" } };
    simulator.faults.add({
      operation: "snapshot.delete",
      phase: "before",
      kind: { status: 502 },
      times: "always",
    });
    const failed = rigFor(simulator, ofSnapshots).provider.delete(id, props);
    await expect(failed).rejects.toThrow("UTHO_DELETE_UNCONFIRMED");
    simulator.faults.assertAllFired();
    expect(simulator.cloud.snapshots()).toHaveLength(1);
    simulator.faults.clear();
    await rigFor(simulator, ofSnapshots).provider.delete(id, props);
    expect(simulator.cloud.snapshots()).toEqual([]);
  });

  it("a restore without an answer or a visible effect is asked for again by the next run", async () => {
    await begin();
    const golden = simulator.cloud.addSnapshot({ cloudId: "1001", name: "golden", contents: "version 1" });
    const inputs = { resourceUrn: urnOf("SnapshotRestore"), snapshot: `1001/${golden.id}` };
    simulator.faults.add({
      operation: "snapshot.restore",
      phase: "before",
      kind: { cut: true },
      times: "always",
    });
    const error: unknown = await rigFor(simulator, ofRestores)
      .provider.create({ ...inputs, timeouts: { create: "600ms" } })
      .catch((reason: unknown) => reason);
    if (!(error instanceof PartialFailure)) throw new Error(`No partial failure: ${String(error)}`);
    expect(error.code).toBe("UTHO_RESTORE_UNSURE");
    // The safety snapshot is in state, and is not taken again.
    expect(error.properties).toMatchObject({ safetySnapshotId: expect.any(String) });
    simulator.faults.clear();
    await rigFor(simulator, ofRestores).provider.update(error.id, error.properties, inputs);
    expect(simulator.cloud.server("1001").contents).toBe("version 1");
    expect(simulator.cloud.snapshots()).toHaveLength(2);
  });

  describe("a clone", () => {
    async function cloneInputs(): Promise<Record<string, unknown>> {
      await begin();
      const golden = simulator.cloud.addSnapshot({ cloudId: "1001", name: "golden" });
      return {
        resourceUrn: urnOf("ServerClone"),
        snapshot: `1001/${golden.id}`,
        hostname: "copy",
        planId: "10045",
      };
    }

    it("whose answer is lost while someone else deploys a server of the same hostname is not guessed", async () => {
      const inputs = await cloneInputs();
      simulator.faults.add({ operation: "server.deploy", phase: "after", kind: { cut: true } });
      const stop = simulator.requests.onSettled(({ operation }) => {
        if (operation !== "server.deploy") return;
        stop();
        simulator.cloud.addServer({ cloudId: "5000", hostname: "copy" });
      });
      const failed = rigFor(simulator, ofClones).provider.create(inputs);
      await expect(failed).rejects.toThrow("UTHO_CLONE_AMBIGUOUS");
      const copies = simulator.cloud.servers().filter(({ hostname }) => hostname === "copy");
      expect(copies).toHaveLength(2);
      for (const { cloudId } of copies) await expect(failed).rejects.toThrow(cloudId);
      expect(simulator.requests.count("server.deploy")).toBe(1);
    });

    it("that is gone at its update is an error, and is not silently deployed again", async () => {
      const inputs = await cloneInputs();
      const { id, outs } = await rigFor(simulator, ofClones).provider.create(inputs);
      simulator.cloud.removeServer(id);
      const failed = rigFor(simulator, ofClones).provider.update(id, outs, inputs);
      await expect(failed).rejects.toThrow("UTHO_CLONE_VANISHED");
      expect(simulator.requests.count("server.deploy")).toBe(1);
    });

    it("that is not seen to go stays in state", async () => {
      const inputs = await cloneInputs();
      const { id, outs } = await rigFor(simulator, ofClones).provider.create(inputs);
      simulator.cloud.setSettings({ destroyDurationMs: AN_HOUR });
      const props = { ...outs, timeouts: { delete: "200ms" } };
      const failed = rigFor(simulator, ofClones).provider.delete(id, props);
      await expect(failed).rejects.toThrow("UTHO_CLONE_NOT_GONE");
      simulator.cloud.endOperations(id);
      await rigFor(simulator, ofClones).provider.delete(id, props);
      expect(simulator.cloud.servers().map(({ cloudId }) => cloudId)).not.toContain(id);
    });
  });
});
