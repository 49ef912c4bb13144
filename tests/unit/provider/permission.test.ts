import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CloneLifecycle } from "../../../provider/clone/lifecycle";
import type { Lifecycle } from "../../../provider/guard";
import { RestoreLifecycle } from "../../../provider/restore/lifecycle";
import { RotationLifecycle } from "../../../provider/rotation/lifecycle";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import type { ProviderRuntime } from "../../../provider/utho/runtime";
import { type Simulator, startSimulator, writeOperationNames } from "../../../simulator";
import { rigFor } from "./lifecycle-rig";

const urnOf = (type: string): string => `urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:${type}::right`;

const KINDS = [
  {
    type: "Snapshot",
    lifecycle: (runtime: ProviderRuntime) => new SnapshotLifecycle(runtime),
    program: { cloudId: "1001" },
  },
  {
    type: "SnapshotRotation",
    lifecycle: (runtime: ProviderRuntime) => new RotationLifecycle(runtime),
    program: { cloudIds: ["1001"], keep: { daily: 2 }, minKeep: 1 },
  },
  {
    type: "SnapshotRestore",
    lifecycle: (runtime: ProviderRuntime) => new RestoreLifecycle(runtime),
    program: { snapshotId: "1001/9001" },
  },
  {
    type: "ServerClone",
    lifecycle: (runtime: ProviderRuntime) => new CloneLifecycle(runtime),
    program: { snapshotId: "1001/9001", hostname: "copy", planId: "10045", rootPassword: "Correct-horse-7" },
  },
];

describe("a token that may look and not change", () => {
  let simulator: Simulator;
  let home: string;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "utho-right-"));
    simulator = await startSimulator({
      readOnlyToken: "looking",
      settings: { snapshotDurationMs: 20, powerDurationMs: 20 },
    });
    simulator.cloud.addSnapshot({ id: "9001", cloudId: "1001", name: "golden" });
  });
  afterEach(async () => {
    await simulator.close();
    rmSync(home, { recursive: true, force: true });
  });

  const rig = (lifecycle: (runtime: ProviderRuntime) => Lifecycle, token: string) =>
    rigFor(simulator, lifecycle, { "utho:token": token }, { home });

  async function attempt(kind: (typeof KINDS)[number], token: string, more: object = {}): Promise<string> {
    const { provider } = rig(kind.lifecycle, token);
    const program = { ...kind.program, resourceUrn: urnOf(kind.type), ...more };
    const { inputs } = await provider.check({}, program);
    return provider.create(inputs).then(
      () => "made",
      (error: Error) => error.message,
    );
  }

  it.each(
    KINDS.flatMap((kind) =>
      (["errorStyle", "http401", "http403"] as const).map((readOnlyStyle) => ({ ...kind, readOnlyStyle })),
    ),
  )(
    "is UTHO_AUTH with the right advice for $type as $readOnlyStyle, once",
    async ({ readOnlyStyle, ...kind }) => {
      simulator.cloud.setSettings({ readOnlyStyle });
      const message = await attempt(kind, "looking");
      expect(message).toContain("UTHO_AUTH");
      expect(message).toContain("read and write access");
      expect(simulator.requests.all().filter(({ method }) => method !== "GET")).toHaveLength(1);
    },
  );

  it.each(["Your role does not allow this", "Write access is required", "This API key is read only"])(
    "is known by its words: %s",
    async (readOnlyWording) => {
      simulator.cloud.setSettings({ readOnlyWording });
      for (const kind of KINDS) expect(await attempt(kind, "looking")).toContain("UTHO_AUTH");
      expect(simulator.requests.all().filter(({ method }) => method !== "GET")).toHaveLength(KINDS.length);
    },
  );

  it.each(KINDS.slice(0, 2))("brings the server back that $type switched off", async (kind) => {
    simulator.cloud.setSettings({ forbiddenCalls: ["snapshot.create"] });
    const message = await attempt(kind, simulator.token, { powerOff: true });
    expect(message).toContain("UTHO_AUTH");
    expect(simulator.requests.count("server.poweroff")).toBe(1);
    expect(simulator.requests.count("snapshot.create")).toBe(1);
    expect(simulator.cloud.server("1001").powerState).toBe("Running");
  });

  it.each([
    ["in words with HTTP 200", { errorIn200: "You do not have permission to access this resource" }],
    ["with HTTP 403", { status: 403, body: { status: "error", message: "Forbidden" } }],
  ])("asks the next listing where one is refused, %s", async (_how, kind) => {
    simulator.faults.add({ operation: "snapshot.listByDeploy", times: 100, phase: "before", kind });
    const [snapshot] = KINDS;
    if (snapshot === undefined) throw new Error("There is no kind.");
    expect(await attempt(snapshot, simulator.token)).toBe("made");
    expect(simulator.cloud.snapshots()).toHaveLength(2);
  });

  it("leaves a snapshot that it may not delete in state", async () => {
    const [kind] = KINDS;
    if (kind === undefined) throw new Error("There is no kind.");
    const { provider } = rig(kind.lifecycle, simulator.token);
    const { inputs } = await provider.check({}, { ...kind.program, resourceUrn: urnOf(kind.type) });
    const { id, outs } = await provider.create(inputs);
    simulator.cloud.setSettings({ forbiddenCalls: [...writeOperationNames] });
    await expect(provider.delete(id, outs)).rejects.toThrow(/UTHO_AUTH[\s\S]*read and write access/);
    expect(simulator.requests.count("snapshot.delete")).toBe(1);
  });
});
