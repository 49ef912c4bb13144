import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../provider/engine/values";
import { ProviderFailure } from "../../../provider/failure";
import type { GuardedProvider } from "../../../provider/guard";
import { RestoreLifecycle } from "../../../provider/restore/lifecycle";
import { type Simulator, startSimulator } from "../../../simulator";
import { rigFor } from "./lifecycle-rig";

const URN = "urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:SnapshotRestore::undo";

describe("a SnapshotRestore that must not begin", () => {
  let simulator: Simulator;
  let restore: GuardedProvider;
  let golden: string;
  let said: string[];
  let touched: () => string[];

  beforeEach(async () => {
    simulator = await startSimulator();
    golden = simulator.cloud.addSnapshot({ cloudId: "1001", name: "golden" }).id;
    ({
      provider: restore,
      said,
      writes: touched,
    } = rigFor(simulator, (runtime) => new RestoreLifecycle(runtime)));
  });

  afterEach(() => simulator.close());

  async function refusal(inputs: Record<string, unknown>): Promise<string> {
    const checked = await restore.check({}, { resourceUrn: URN, ...inputs });
    const [failure] = checked.failures;
    if (failure !== undefined) return failure.reason;
    const error: unknown = await restore.create(checked.inputs).catch((reason: unknown) => reason);
    return error instanceof ProviderFailure ? error.message : "";
  }

  it.each([
    ["no id", {}, "UTHO_ID_FORMAT"],
    ["a snapshot's number alone", { snapshotId: "9001" }, "UTHO_ID_FORMAT"],
    ["a number", { snapshotId: 9001 }, "UTHO_ID_FORMAT"],
    [
      "no safety snapshot without a word",
      { snapshotId: "1001/1", safetySnapshot: false },
      "UTHO_RESTORE_DATA_LOSS",
    ],
    ["an invalid flag", { snapshotId: "1001/1", safetySnapshot: "no" }, "UTHO_INPUT_TYPE"],
    ["a wrong timeout", { snapshotId: "1001/1", timeouts: { create: "5 min" } }, "UTHO_INPUT_TIMEOUT"],
    ["a snapshot that does not exist", { snapshotId: "1001/424242" }, "UTHO_SNAPSHOT_NOT_FOUND"],
    ["a server that does not exist", { snapshotId: "4242/424242" }, "UTHO_SNAPSHOT_NOT_FOUND"],
  ])("%s", async (_what, inputs, code) => {
    expect(await refusal(inputs)).toContain(code);
    expect(touched()).toEqual([]);
  });

  it("a snapshot of another server, and the error names that server", async () => {
    const text = await refusal({ snapshotId: `1002/${golden}` });
    expect(text).toContain("UTHO_SNAPSHOT_FOREIGN");
    expect(text).toContain(`snapshotId: "1001/${golden}"`);
    expect(touched()).toEqual([]);
  });

  it.each(["Pending", "Deleting", "Error"])("a snapshot of status %s", async (status) => {
    simulator.cloud.setStatus(golden, status);
    const text = await refusal({ snapshotId: `1001/${golden}` });
    expect(text).toContain("UTHO_SNAPSHOT_NOT_ACTIVE");
    expect(text).toContain(`"${status}"`);
    expect(touched()).toEqual([]);
  });

  it("a snapshot that was deleted between the preview and the update", async () => {
    const checked = await restore.check({}, { resourceUrn: URN, snapshotId: `1001/${golden}` });
    expect(checked.failures).toEqual([]);
    simulator.cloud.deleteSnapshot(golden);
    await expect(restore.create(checked.inputs)).rejects.toThrow("UTHO_SNAPSHOT_NOT_FOUND");
    expect(touched()).toEqual([]);
  });

  it("a server that is busy for the whole timeout", async () => {
    simulator.cloud.setSettings({ snapshotOutcome: "never" });
    const { url, token } = simulator;
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    await fetch(`${url}/cloud/1001/snapshot/create`, { method: "POST", headers, body: '{"name":"other"}' });
    const text = await refusal({ snapshotId: `1001/${golden}`, timeouts: { create: "300ms" } });
    expect(text).toContain("UTHO_SERVER_BUSY");
    expect(simulator.cloud.snapshots()).toHaveLength(2);
    expect(simulator.requests.count("snapshot.restore")).toBe(0);
  });

  it("lets pass what preview does not know yet, and says so", async () => {
    const checked = await restore.check({}, { resourceUrn: URN, snapshotId: UNKNOWN });
    expect(checked.failures).toEqual([]);
    expect(said.join()).toContain("not known before the update");
    expect(simulator.requests.count()).toBe(0);
  });

  it("announces what the program alone shows when Utho does not answer a preview", async () => {
    simulator.faults.add({ operation: "*", phase: "before", kind: { status: 503 }, times: "always" });
    const checked = await restore.check(
      {},
      { resourceUrn: URN, snapshotId: `1001/${golden}`, safetySnapshot: true },
    );
    expect(checked.failures).toEqual([]);
    expect(said.join()).toContain(`Server 1001 will be overwritten with snapshot 1001/${golden}`);
  });
});
