import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import type { ProviderRuntime } from "../../../provider/utho/runtime";
import { type Simulator, type SimulatorSettings, startSimulator } from "../../../simulator";
import { orderedClockOf } from "../../support/ordered-clock";
import { type Rig, rigFor } from "./lifecycle-rig";

const home = mkdtempSync(join(tmpdir(), "utho-rate-limit-"));
const lifecycle = (runtime: ProviderRuntime): SnapshotLifecycle => new SnapshotLifecycle(runtime);
const urnOf = (cloudId: string): string =>
  `urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:Snapshot::of-${cloudId}`;

describe("an Utho that allows so many requests a second", () => {
  let simulator: Simulator;
  afterEach(async () => {
    await simulator.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** All of them in one plugin process and in simulated time, as the engine would with `--parallel` at its highest. */
  async function begin(servers: number, rateLimit: SimulatorSettings["rateLimit"]): Promise<Rig> {
    simulator = await startSimulator({
      servers: Array.from({ length: servers }, (_, index) => ({
        cloudId: String(1001 + index),
        hostname: `server-${index}`,
      })),
      settings: { snapshotDurationMs: 5 * 60_000, rateLimit },
    });
    const config = { "utho:pollInterval": "5s", "utho:listingLag": "45s", "utho:maxRetries": "4" };
    return rigFor(simulator, lifecycle, config, { clock: orderedClockOf(simulator), home });
  }

  function snapshotsOfAll(rig: Rig) {
    return Promise.all(
      simulator.cloud.servers().map(async ({ cloudId }) => {
        const { inputs } = await rig.provider.check({}, { cloudId, resourceUrn: urnOf(cloudId) });
        return rig.provider.create(inputs);
      }),
    );
  }

  const refused = (): number => simulator.requests.all().filter(({ status }) => status === 429).length;

  it.each([
    ["30 snapshots, 8 a second, with Retry-After", 30, { requests: 8, windowMs: 1_000, retryAfter: true }],
    ["500 snapshots, 5 a second, without it", 500, { requests: 5, windowMs: 1_000, retryAfter: false }],
  ])("has each made once: %s", async (_what, servers, rateLimit) => {
    const rig = await begin(servers, rateLimit);
    const made = await snapshotsOfAll(rig);
    const present = simulator.cloud.snapshots();
    expect(present).toHaveLength(servers);
    expect(present.every(({ status }) => status === "Active")).toBe(true);
    expect(new Set(made.map(({ id }) => id)).size).toBe(servers);
    // All that are sent before the first refusal are refused; then the limit is found and kept.
    expect(refused()).toBeGreaterThan(0);
    expect(refused()).toBeLessThanOrEqual(3 * servers);

    simulator.requests.clear();
    const read = await Promise.all(made.map(({ id, outs }) => rig.provider.read(id, outs)));
    expect(read.map(({ id }) => id)).toEqual(made.map(({ id }) => id));
    expect(simulator.requests.count("snapshot.listByDeploy")).toBeLessThanOrEqual(1 + refused());
  });
});
