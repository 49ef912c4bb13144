import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CloneLifecycle } from "../../../provider/clone/lifecycle";
import { ProviderFailure } from "../../../provider/failure";
import { RestoreLifecycle } from "../../../provider/restore/lifecycle";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import { PowerLedger } from "../../../provider/utho/notes";
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
    const ledger = new PowerLedger({ PULUMI_HOME: home }, simulator.url);
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

  it("is brought back by a restore that is refused before it touches anything", async () => {
    await standing();
    simulator.cloud.setSettings({ forbiddenCalls: ["snapshot.create"] });
    const { provider } = rigFor(simulator, (runtime) => new RestoreLifecycle(runtime));
    const snapshot = `1001/${simulator.cloud.snapshots()[0]?.id}`;
    const { inputs } = await provider.check(
      {},
      { snapshot, resourceUrn: resourceUrn.replace("Snapshot", "SnapshotRestore") },
    );
    await expect(provider.create(inputs)).rejects.toThrow(/UTHO_AUTH[\s\S]*Server 1001 is on again/);
    expect(simulator.cloud.server("1001").powerState).toBe("Running");
  });

  it("needs nothing any more where it was a clone and is destroyed", async () => {
    const { id } = await standing();
    const { provider } = rigFor(simulator, (runtime) => new CloneLifecycle(runtime));
    const { inputs } = await provider.check(
      {},
      {
        snapshot: id,
        hostname: "copy",
        planId: "10045",
        rootPassword: "Correct-horse-7",
        resourceUrn: resourceUrn.replace("Snapshot", "ServerClone"),
      },
    );
    const clone = await provider.create(inputs);
    const ledger = new PowerLedger({ PULUMI_HOME: home }, simulator.url);
    await ledger.note({ cloudId: clone.id, since: "2026-11-24T10:00:00.000Z" });
    simulator.cloud.changeServer(clone.id, { powerState: "Stopped" });
    await provider.delete(clone.id, clone.outs);
    expect(simulator.cloud.servers().map(({ cloudId }) => cloudId)).not.toContain(clone.id);
    expect(ledger.find(clone.id)).toBeUndefined();
  });
});

function messageOf(error: unknown): string {
  return error instanceof ProviderFailure ? `${error.code}: ${JSON.stringify(error.story)}` : String(error);
}

describe("a machine that cannot keep the note of a server to be switched off", () => {
  let simulator: Simulator;
  let place: string;

  beforeEach(async () => {
    place = mkdtempSync(join(tmpdir(), "utho-power-"));
    simulator = await startSimulator({ settings: { snapshotDurationMs: 20, powerDurationMs: 20 } });
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    rmSync(place, { recursive: true, force: true });
    await simulator.close();
  });

  /** A file in the folder's place refuses to everybody, root included. */
  function noHome(): string {
    const file = join(place, "file");
    writeFileSync(file, "");
    return file;
  }

  async function create(home: string, powerOff: boolean) {
    const rig = rigFor(simulator, (runtime) => new SnapshotLifecycle(runtime), {}, { home });
    const { inputs } = await rig.provider.check({}, { cloudId: "1001", powerOff, resourceUrn });
    return { rig, made: await rig.provider.create(inputs).catch(messageOf) };
  }

  it("switches nothing off, takes nothing, and says what to set", async () => {
    const { rig, made } = await create(noHome(), true);
    expect(made).toMatch(/UTHO_POWER_NOTE[\s\S]*set PULUMI_HOME to a folder/);
    expect(rig.writes()).toEqual([]);
    expect(simulator.cloud.server("1001").powerState).toBe("Running");
  });

  it("takes live snapshots as any other", async () => {
    const { made } = await create(noHome(), false);
    expect(made).toMatchObject({ id: expect.stringMatching(/^1001\//) });
  });

  it("includes one whose user has no home", async () => {
    vi.stubEnv("HOME", "");
    vi.stubEnv("PULUMI_HOME", "");
    expect((await create("", true)).made).toMatch(/UTHO_POWER_NOTE[\s\S]*has no home folder/);
    expect((await create("", false)).made).toMatchObject({ id: expect.stringMatching(/^1001\//) });
    expect(simulator.requests.count("server.poweroff")).toBe(0);
  });
});
