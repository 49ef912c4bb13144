import { afterEach, describe, expect, it } from "vitest";
import { RestoreLifecycle } from "../../../provider/restore/lifecycle";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import { type Simulator, startSimulator } from "../../../simulator";
import { rigFor } from "./lifecycle-rig";
import { DAY, RotationRig } from "./rotation/rotation-rig";

const urnOf = (type: string) => `urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:${type}::web`;
const COSTS = /has the status "Error" and costs ₹200 a month/;

/** It costs as much as a good one, and no run saw it fail. */
describe("a snapshot that failed after the run that took it", () => {
  let simulator: Simulator;

  afterEach(() => simulator.close());

  it.each([
    [{}, "It was Active once and is kept: ask Utho's support about it, change `triggers`"],
    [{ waitForReady: false }, "the next `pulumi up` takes a new one and deletes this one"],
  ])("is one warning with its cost in each refresh: %j", async (inputs, advice) => {
    const snapshotDurationMs = "waitForReady" in inputs ? 3_600_000 : 20;
    simulator = await startSimulator({ settings: { snapshotDurationMs } });
    const run = () => rigFor(simulator, (runtime) => new SnapshotLifecycle(runtime));
    const first = run();
    const news = { cloudId: "1001", resourceUrn: urnOf("Snapshot"), ...inputs };
    const checked = await first.provider.check({}, news);
    const { id, outs } = await first.provider.create(checked.inputs);
    simulator.cloud.failSnapshot(id.slice(5));
    for (let refresh = 0; refresh < 2; refresh += 1) {
      const { provider, said } = run();
      await provider.read(id, outs);
      expect(said).toEqual([expect.stringMatching(COSTS)]);
      expect(said[0]).toContain(`Snapshot ${id}`);
      expect(said[0]).toContain(advice);
    }
  });

  it("is one that a restore no longer leads back to", async () => {
    simulator = await startSimulator({ settings: { snapshotDurationMs: 20, restoreDurationMs: 20 } });
    const { id } = simulator.cloud.addSnapshot({ cloudId: "1001", name: "golden" });
    const { provider, said } = rigFor(simulator, (runtime) => new RestoreLifecycle(runtime));
    const news = { snapshot: `1001/${id}`, resourceUrn: urnOf("SnapshotRestore") };
    const { inputs } = await provider.check({}, news);
    const created = await provider.create(inputs);
    simulator.cloud.failSnapshot(String(created.outs.safetySnapshotId).slice(5));
    said.length = 0;
    await provider.read(created.id, created.outs);
    expect(said).toEqual([expect.stringMatching(COSTS)]);
    expect(said[0]).toContain("is deleted with the SnapshotRestore");
  });
});

it("a rotation says at each run and refresh what its failed snapshots cost, and what becomes of them", async () => {
  const rig = await RotationRig.start({ servers: [{ cloudId: "1001", hostname: "web-1", diskGb: 50 }] });
  const program = { cloudId: "1001", every: "24h", keep: { last: 9 } };
  for (let night = 0; night < 3; night += 1) {
    const { said } = await rig.up(program);
    const warned = said.filter((text) => COSTS.test(text));
    expect(warned).toHaveLength(night === 0 ? 0 : 1);
    if (night > 0) expect(warned[0]).toContain("is not deleted, since it may have held data");
    if (night === 0) rig.simulator.cloud.failSnapshot(rig.simulator.cloud.snapshots()[0]?.id ?? "");
    rig.advance(DAY);
  }
  expect(rig.simulator.cloud.snapshots()).toHaveLength(3);
  await rig.simulator.close();
});
