import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PartialFailure } from "../../../provider/failure";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import { generateName } from "../../../provider/utho/names";
import { type Simulator, startSimulator } from "../../../simulator";
import { rigFor } from "./lifecycle-rig";

const urnOf = (name: string, type = "Snapshot") =>
  `urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:${type}::${name}`;
const resourceUrn = urnOf("web");
const HOUR = 3_600_000;

describe("a snapshot's creation", () => {
  let simulator: Simulator;
  let home: string;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "utho-create-"));
    simulator = await startSimulator({ settings: { snapshotDurationMs: 20, powerDurationMs: 20 } });
  });
  afterEach(async () => {
    rmSync(home, { recursive: true, force: true });
    await simulator.close();
  });

  const run = (config: Record<string, string> = {}) =>
    rigFor(simulator, (runtime) => new SnapshotLifecycle(runtime), config, { home });

  async function create(more: Record<string, unknown> = {}, config: Record<string, string> = {}) {
    const { provider } = run(config);
    const { inputs } = await provider.check({}, { cloudId: "1001", resourceUrn, ...more });
    return provider.create(inputs);
  }

  const ids = () => simulator.cloud.snapshots().map(({ cloudId, id }) => `${cloudId}/${id}`);
  const leave = (name: string) => `1001/${simulator.cloud.addSnapshot({ cloudId: "1001", name }).id}`;

  it.each([
    ["fails", "failed", true, "UTHO_SNAPSHOT_FAILED"],
    ["is never ready", "never", false, "UTHO_SNAPSHOT_NOT_READY"],
  ] as const)("that %s tells its id, and the server runs", async (_what, outcome, powerOff, code) => {
    simulator.cloud.nextOutcome({ of: "snapshot", outcome });
    const error: unknown = await create({ powerOff, timeouts: { create: "500ms" } }).catch(
      (reason: unknown) => reason,
    );
    if (!(error instanceof PartialFailure)) throw new Error(`No partial failure: ${String(error)}`);
    expect(error.code).toBe(code);
    expect([error.id]).toEqual(ids());
    expect(simulator.requests.count("server.poweroff")).toBe(powerOff ? 1 : 0);
    expect(simulator.cloud.server("1001").powerState).toBe("Running");
  });

  it.each([
    ["within the window", HOUR / 2, {}, true],
    ["but not of before it", 2 * HOUR, {}, false],
    ["but not where the window is closed", HOUR / 2, { "utho:takeoverWindow": "0" }, false],
  ] as const)("takes over what an interrupted run of it left, %s", async (_when, age, config, taken) => {
    const left = leave(generateName(resourceUrn, Date.now() - age));
    const { id } = await create({}, config);
    expect(id === left).toBe(taken);
    expect(ids()).toContain(left);
    expect(simulator.requests.count("snapshot.create")).toBe(taken ? 0 : 1);
  });

  it("does not take over what another resource of the same stack and name left", async () => {
    const left = leave(generateName(urnOf("web", "Other"), Date.now()));
    const { id } = await create();
    expect(id).not.toBe(left);
    expect(ids()).toEqual([left, id]);
  });
});
