import { afterEach, beforeEach, expect, it } from "vitest";
import { RestoreLifecycle } from "../../../provider/restore/lifecycle";
import { type Simulator, startSimulator } from "../../../simulator";
import { rigFor } from "./lifecycle-rig";

const URN = "urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:SnapshotRestore::undo";

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.close());

it.each([
  ["restored", "is deleted by this replacement (snapshot)"],
  ["sent", "is kept, in no state, when it is replaced"],
  ["unsure", "is kept, in no state, when it is replaced"],
])("a preview says what happens to the safety snapshot of a restore that is %s", async (phase, text) => {
  const { provider, said } = rigFor(simulator, (runtime) => new RestoreLifecycle(runtime));
  const former = { resourceUrn: URN, snapshot: "1002/7" };
  const golden = simulator.cloud.addSnapshot({ cloudId: "1001", name: "golden" });
  const { inputs } = await provider.check(former, { ...former, snapshot: `1001/${golden.id}` });
  const outs = { ...former, cloudId: "1002", safetySnapshotId: "1002/8", safetySnapshotName: "safe", phase };
  await provider.diff("1002/7", outs, inputs);
  expect(said.join("\n")).toContain(`Safety snapshot 1002/8 of the restore before ${text}`);
});
