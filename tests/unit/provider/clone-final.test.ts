import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CloneLifecycle } from "../../../provider/clone/lifecycle";
import type { ProviderRuntime } from "../../../provider/utho/runtime";
import { type Simulator, type SimulatorSettings, startSimulator } from "../../../simulator";
import { type Rig, rigFor } from "./lifecycle-rig";

const resourceUrn = "urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:ServerClone::copy";
const lifecycle = (runtime: ProviderRuntime): CloneLifecycle => new CloneLifecycle(runtime);
const FINAL = /^dev-copy-final-[0-9a-f]{6}-\d{8}t\d{6}z$/;

describe("a clone with finalSnapshot", () => {
  let simulator: Simulator;
  let home: string;
  let inputs: Record<string, unknown>;
  let id: string;
  let outs: Record<string, unknown>;
  let rig: Rig;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "utho-notes-"));
    vi.stubEnv("PULUMI_HOME", home);
    simulator = await startSimulator({ settings: { deployDurationMs: 10 } });
    const golden = simulator.cloud.addSnapshot({ cloudId: "1001", name: "golden" }).id;
    const timeouts = { create: "5s", update: "5s", delete: "5s" };
    inputs = { resourceUrn, snapshot: `1001/${golden}`, hostname: "copy", planId: "10045", timeouts };
    await made({ finalSnapshot: true });
    simulator.cloud.setContents(id, "the work of a year");
    simulator.requests.clear();
    another();
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
    await simulator.close();
  });

  async function made(more: Record<string, unknown>): Promise<void> {
    another();
    const checked = await rig.provider.check({}, { ...inputs, ...more });
    ({ id, outs } = await rig.provider.create(checked.inputs));
  }
  /** Another run, which remembers nothing. */
  function another(settings: Partial<SimulatorSettings> = {}): void {
    simulator.cloud.setSettings(settings);
    rig = rigFor(simulator, lifecycle);
  }
  const exists = (): boolean => simulator.cloud.servers().some(({ cloudId }) => cloudId === id);
  const finals = () => simulator.cloud.snapshots().filter(({ cloudId }) => cloudId === id);
  const taken = (): number => simulator.requests.count("snapshot.create");

  it("says what it will cost when it is declared and when it is replaced", async () => {
    const news = { ...inputs, finalSnapshot: true };
    await rig.provider.check({}, news);
    expect(rig.said.join("\n")).toMatch(/after a final snapshot that is kept and costs ₹4 per GB and month/);
    rig.said.length = 0;
    const { inputs: checked } = await rig.provider.check(news, { ...news, planId: "10046" });
    expect(await rig.provider.diff(id, outs, checked)).toEqual({ changes: true, replaces: ["planId"] });
    expect(rig.said.join("\n")).toMatch(/is destroyed, with its disk, after a final snapshot that is kept/);
  });

  it("is destroyed after its last state was kept, and the output names the snapshot", async () => {
    await rig.provider.delete(id, outs);
    expect(exists()).toBe(false);
    const [final] = finals();
    expect(finals()).toHaveLength(1);
    expect(final).toMatchObject({ status: "Active", contents: "the work of a year" });
    expect(final?.name).toMatch(FINAL);
    expect(rig.said.join("\n")).toMatch(
      new RegExp(`Final snapshot ${id}/${final?.id} .*kept, in no state, and costs ₹\\d+ a month`),
    );
  });

  it("is not destroyed where Utho refuses the snapshot", async () => {
    another({ snapshotLimit: 1 });
    await expect(rig.provider.delete(id, outs)).rejects.toThrow("UTHO_CLONE_FINAL_SNAPSHOT");
    expect(exists()).toBe(true);
    expect(finals()).toEqual([]);
  });

  it("is not destroyed where the snapshot fails, and the next run takes another", async () => {
    another({ snapshotOutcome: "failed" });
    const refused = rig.provider.delete(id, outs);
    await expect(refused).rejects.toThrow(
      new RegExp(`UTHO_CLONE_FINAL_SNAPSHOT.*Snapshot ${id}/\\d+ .*exists`, "s"),
    );
    expect(exists()).toBe(true);
    another({ snapshotOutcome: "active" });
    await rig.provider.delete(id, outs);
    expect(exists()).toBe(false);
    expect(
      finals()
        .map(({ status }) => status)
        .sort(),
    ).toEqual(["Active", "Error"]);
  });

  it("goes on with the snapshot of an interrupted deletion", async () => {
    another({ snapshotDurationMs: 700 });
    await expect(rig.provider.delete(id, { ...outs, timeouts: { delete: "200ms" } })).rejects.toThrow(
      "UTHO_CLONE_FINAL_SNAPSHOT",
    );
    expect(exists()).toBe(true);
    another();
    await rig.provider.delete(id, outs);
    expect(exists()).toBe(false);
    expect(taken()).toBe(1);
    expect(finals()).toHaveLength(1);
  });

  it("says so where the snapshot does not outlive its server", async () => {
    another({ snapshotsSurviveServer: false });
    await rig.provider.delete(id, outs);
    expect(rig.said.join("\n")).toContain("does not list final snapshot");
  });

  it("takes none of a server that is gone, and none where the program has taken the option back", async () => {
    const checked = { ...inputs, finalSnapshot: false };
    expect(await rig.provider.diff(id, outs, checked)).toEqual({ changes: true, replaces: [] });
    const { outs: noted } = await rig.provider.update(id, outs, checked);
    await rig.provider.delete(id, noted);
    expect(exists()).toBe(false);
    another();
    await rig.provider.delete(id, outs);
    expect(taken()).toBe(0);
  });
});
