import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { CloneLifecycle } from "../../../provider/clone/lifecycle";
import type { Lifecycle } from "../../../provider/guard";
import { RestoreLifecycle } from "../../../provider/restore/lifecycle";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import type { ProviderRuntime } from "../../../provider/utho/runtime";
import { type Simulator, type SimulatorSettings, startSimulator } from "../../../simulator";
import { type Rig, rigFor } from "./lifecycle-rig";

const urnOf = (type: string): string => `urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:${type}::gone`;
const timeouts = { create: "20s", update: "20s", delete: "20s" };

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** A Utho of these settings, with a snapshot that the programs of these tests restore. */
async function cloud(settings: Partial<SimulatorSettings> = {}): Promise<Simulator> {
  const simulator = await startSimulator({
    settings: { snapshotDurationMs: 20, powerDurationMs: 20, restoreDurationMs: 20, ...settings },
  });
  cleanUps.push(() => simulator.close());
  simulator.cloud.addSnapshot({ id: "9001", cloudId: "1001", name: "golden", contents: "gold" });
  return simulator;
}

function rig(simulator: Simulator, lifecycle: (runtime: ProviderRuntime) => Lifecycle): Rig {
  const home = mkdtempSync(join(tmpdir(), "utho-gone-"));
  cleanUps.push(() => rmSync(home, { recursive: true, force: true }));
  return rigFor(simulator, lifecycle, {}, { home });
}

const KINDS = [
  {
    what: "of a snapshot",
    lifecycle: (runtime: ProviderRuntime) => new SnapshotLifecycle(runtime),
    program: { cloudId: "1001", resourceUrn: urnOf("Snapshot"), timeouts },
  },
  {
    what: "of a restore's safety snapshot",
    lifecycle: (runtime: ProviderRuntime) => new RestoreLifecycle(runtime),
    program: { snapshotId: "1001/9001", resourceUrn: urnOf("SnapshotRestore"), timeouts },
  },
];
type Kind = (typeof KINDS)[number];

/** Makes the resource, and gives what a later run does to delete it; it ends with the message of its error. */
async function standing(simulator: Simulator, { lifecycle, program }: Kind): Promise<() => Promise<string>> {
  const { provider } = rig(simulator, lifecycle);
  const { inputs } = await provider.check({}, program);
  const { id, outs } = await provider.create(inputs);
  return () =>
    rig(simulator, lifecycle)
      .provider.delete(id, outs)
      .then(
        () => "deleted",
        (error: Error) => error.message,
      );
}

const deletions = (simulator: Simulator): number => simulator.requests.count("snapshot.delete");

describe("a deletion", () => {
  it.each(KINDS)("$what that has no effect is an error, soon", async (kind) => {
    const simulator = await cloud({ stayingSnapshots: "all" });
    const remove = await standing(simulator, kind);
    expect(await remove()).toMatch(/UTHO_DELETE_UNCONFIRMED[\s\S]*answered 2 times that it is deleted/);
    expect(deletions(simulator)).toBe(2);
    simulator.cloud.setSettings({ stayingSnapshots: [] });
    expect(await remove()).toBe("deleted");
    expect(simulator.cloud.snapshots()).toMatchObject([{ id: "9001" }]);
  });

  it.each(KINDS)("$what that Utho says not to know is an error with its words", async (kind) => {
    const simulator = await cloud();
    const remove = await standing(simulator, kind);
    const words = "No record found for this cloud";
    const fault = { operation: "snapshot.delete", phase: "before", kind: { errorIn200: words } } as const;
    simulator.faults.add({ ...fault, times: 100 });
    expect(await remove()).toMatch(new RegExp(`UTHO_DELETE_UNCONFIRMED[\\s\\S]*Utho said: ${words}`));
  });

  it.each(KINDS)("$what that shows as under way and then stays is no deletion", async (kind) => {
    const simulator = await cloud({ stayingSnapshots: "all", deleteDurationMs: 400 });
    const remove = await standing(simulator, kind);
    expect(await remove()).toContain("UTHO_DELETE_UNCONFIRMED");
  });

  it.each(KINDS)("$what that takes longer than listings lag is waited for", async (kind) => {
    const simulator = await cloud({ deleteDurationMs: 1_000 });
    const remove = await standing(simulator, kind);
    expect(await remove()).toBe("deleted");
    expect(simulator.cloud.snapshots()).toMatchObject([{ id: "9001" }]);
  });

  it.each(KINDS)("$what is not believed by a listing that ends before it", async (kind) => {
    const simulator = await cloud({ stayingSnapshots: "all" });
    const remove = await standing(simulator, kind);
    simulator.cloud.setSettings({ snapshotListingCap: 1 });
    expect(await remove()).toContain("UTHO_DELETE_UNCONFIRMED");
  });

  it.each(KINDS)("$what is not believed while nothing can be read", async (kind) => {
    const simulator = await cloud({ stayingSnapshots: "all" });
    const remove = await standing(simulator, kind);
    for (const operation of ["snapshot.listByDeploy", "snapshot.list", "server.list"] as const)
      simulator.faults.add({ operation, times: 2, phase: "before", kind: { status: 500 } });
    expect(await remove()).toContain("UTHO_DELETE_UNCONFIRMED");
  });

  it.each(
    KINDS.flatMap((kind) => [
      { ...kind, wording: "in use by cloud server web-07" },
      { ...kind, wording: "This snapshot is locked and cannot be deleted" },
      { ...kind, wording: "Snapshot is used by an Auto Scaling group. Please detach it and try again." },
    ]),
  )("$what that is refused ends at once: $wording", async ({ wording, ...kind }) => {
    const simulator = await cloud({ lockedSnapshots: "all", lockedWording: wording });
    const remove = await standing(simulator, kind);
    const message = await remove();
    expect(message).toContain(wording);
    expect(message).not.toMatch(/UTHO_SERVER_BUSY|does not answer/);
    expect(deletions(simulator)).toBe(1);
  });

  it.each(KINDS)("$what on a busy server waits", async (kind) => {
    const wording = "A task is already in process, Please wait";
    const simulator = await cloud({ lockedSnapshots: "all", lockedWording: wording });
    const remove = await standing(simulator, kind);
    const gone = remove();
    await simulator.requests.waitFor(() => deletions(simulator) > 3, 20_000);
    simulator.cloud.setSettings({ lockedSnapshots: [] });
    expect(await gone).toBe("deleted");
  });

  it("of a clone's server that has no effect is an error", async () => {
    const simulator = await cloud({ ignoredCalls: ["server.destroy"], deployDurationMs: 20 });
    const { provider } = rig(simulator, (runtime) => new CloneLifecycle(runtime));
    const program = {
      snapshotId: "1001/9001",
      hostname: "copy",
      planId: "10045",
      rootPassword: "Correct-horse-7",
      resourceUrn: urnOf("ServerClone"),
      timeouts: { ...timeouts, delete: "1s" },
    };
    const { inputs } = await provider.check({}, program);
    const { id, outs } = await provider.create(inputs);
    const words = "No record found for this cloud";
    const fault = { operation: "server.destroy", phase: "before", kind: { errorIn200: words } } as const;
    simulator.faults.add({ ...fault, times: 100 });
    await expect(provider.delete(id, outs)).rejects.toThrow(
      new RegExp(`UTHO_CLONE_NOT_GONE[\\s\\S]*Utho said: ${words}`),
    );
    simulator.faults.clear();
    await expect(provider.delete(id, outs)).rejects.toThrow("UTHO_CLONE_NOT_GONE");
    expect(simulator.cloud.servers().map(({ cloudId }) => cloudId)).toContain(id);
  });
});
