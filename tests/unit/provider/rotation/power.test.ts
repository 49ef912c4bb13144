import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RotationLifecycle } from "../../../../provider/rotation/lifecycle";
import { PowerLedger } from "../../../../provider/utho/notes";
import { rigFor } from "../lifecycle-rig";
import { DAY, RotationRig } from "./rotation-rig";

const SERVERS = ["1001", "1002", "1003"].map((cloudId) => ({
  cloudId,
  hostname: `h-${cloudId}`,
  diskGb: 50,
}));
const FLEET = { cloudIds: ["1001", "1002", "1003"], every: "24h", keep: { last: 2 }, powerOff: true };

describe("a rotation and the power of its servers", () => {
  let home: string;
  let rig: RotationRig;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "utho-power-"));
    vi.stubEnv("PULUMI_HOME", home);
    rig = await RotationRig.start({ servers: SERVERS });
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
    await rig.simulator.close();
  });

  const powers = (): string[] => SERVERS.map(({ cloudId }) => rig.simulator.cloud.server(cloudId).powerState);
  const switched = (): Record<string, string[]> => {
    const seen: Record<string, string[]> = {};
    for (const { operation, cloudId = "" } of rig.simulator.requests.all()) {
      if (operation.startsWith("server.power")) seen[cloudId] = [...(seen[cloudId] ?? []), operation];
    }
    return seen;
  };

  /** What a run leaves that was killed while this server was off. */
  async function leftOff(cloudId: string): Promise<void> {
    const ledger = new PowerLedger({ PULUMI_HOME: home }, rig.simulator.url);
    await ledger.note({ cloudId, since: new Date(rig.now()).toISOString() });
    rig.simulator.cloud.changeServer(cloudId, { powerState: "Stopped" });
    rig.simulator.requests.clear();
  }

  it("takes of all, also of those that are off, and leaves each as it was", async () => {
    rig.simulator.cloud.changeServer("1002", { powerState: "Stopped" });
    expect(await rig.up(FLEET)).toMatchObject({ error: undefined });
    expect(rig.state.snapshots.map(({ cloudId, status }) => [cloudId, status])).toEqual([
      ["1001", "Active"],
      ["1002", "Active"],
      ["1003", "Active"],
    ]);
    expect(powers()).toEqual(["Running", "Stopped", "Running"]);
    const once = ["server.poweroff", "server.poweron"];
    expect(switched()).toEqual({ "1001": once, "1003": once });

    rig.advance(DAY);
    rig.simulator.requests.clear();
    expect(await rig.up({ ...FLEET, powerOff: false })).toMatchObject({
      error: undefined,
      writes: Array(3).fill("snapshot.create"),
    });
    expect(powers()).toEqual(["Running", "Stopped", "Running"]);
    expect(await rig.up({ ...FLEET, powerOff: false })).toMatchObject({ changed: false });
  });

  it.each([
    ["that is due", {}, DAY],
    ["that is not due any more", { minKeep: 2 }, 0],
    ["that takes live snapshots from now on", { powerOff: false }, DAY],
    ["that is paused", { paused: true }, 0],
    ["that the server leaves", { cloudIds: ["1001", "1003"] }, 0],
    ["that the server leaves with its snapshots", { cloudIds: ["1001", "1003"], onRemove: "delete" }, 0],
  ])("brings back a server that a killed run left off, by a run %s", async (_what, change, later) => {
    await rig.up(FLEET);
    rig.advance(later);
    await leftOff("1002");
    const { error, said } = await rig.up({ ...FLEET, ...change });
    expect(error).toBeUndefined();
    expect(said.join("\n")).toContain("An interrupted run switched server 1002 off at");
    expect(powers()).toEqual(["Running", "Running", "Running"]);
    expect(switched()["1002"]?.at(-1)).toBe("server.poweron");
    expect(await rig.up({ ...FLEET, ...change })).toMatchObject({ changed: false });
  });

  it.each(["keep", "delete"])("brings it back when the rotation is removed: %s", async (onRemove) => {
    await rig.up({ ...FLEET, onRemove });
    await leftOff("1002");
    await rig.destroy();
    expect(powers()).toEqual(["Running", "Running", "Running"]);
    expect(switched()).toEqual({ "1002": ["server.poweron"] });
    expect(rig.simulator.cloud.snapshots()).toHaveLength(onRemove === "keep" ? 3 : 0);
  });

  it("stays in state when such a server does not come back, and the next removal goes on", async () => {
    await rig.up(FLEET);
    await leftOff("1002");
    rig.simulator.faults.add({ operation: "server.poweron", phase: "before", kind: { status: 401 } });
    await expect(rig.destroy()).rejects.toThrow(/UTHO_ROTATION_INCOMPLETE.*h-1002 \(1002\)/s);
    await rig.destroy();
    expect(powers()).toEqual(["Running", "Running", "Running"]);
  });

  it("is removed without a token when there is nothing to do", async () => {
    await rig.up(FLEET);
    rig.simulator.requests.clear();
    const clock = { now: () => rig.now(), sleep: async () => {} };
    const closed = { "utho:token": "" };
    const tokenless = rigFor(rig.simulator, (runtime) => new RotationLifecycle(runtime), closed, { clock });
    await tokenless.provider.delete(rig.id, rig.outs);
    expect(tokenless.said.join()).toContain("3 of its snapshots remain");
    expect(rig.simulator.requests.count()).toBe(0);
  });
});
