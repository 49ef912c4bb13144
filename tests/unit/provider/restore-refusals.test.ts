import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digestTriggers, UNKNOWN } from "../../../provider/engine/values";
import { ProviderFailure } from "../../../provider/failure";
import { type GuardedProvider, guard } from "../../../provider/guard";
import { RestoreLifecycle } from "../../../provider/restore/lifecycle";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
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
    ["a snapshot's number alone", { snapshot: "9001" }, "UTHO_ID_FORMAT"],
    ["a number", { snapshot: 9001 }, "UTHO_ID_FORMAT"],
    [
      "no safety snapshot without a word",
      { snapshot: "1001/1", safetySnapshot: false },
      "UTHO_RESTORE_DATA_LOSS",
    ],
    ["an invalid flag", { snapshot: "1001/1", safetySnapshot: "no" }, "UTHO_INPUT_TYPE"],
    ["a wrong timeout", { snapshot: "1001/1", timeouts: { create: "5 min" } }, "UTHO_INPUT_TIMEOUT"],
    ["a snapshot that does not exist", { snapshot: "1001/424242" }, "UTHO_SNAPSHOT_NOT_FOUND"],
    ["a server that does not exist", { snapshot: "4242/424242" }, "UTHO_SNAPSHOT_NOT_FOUND"],
  ])("%s", async (_what, inputs, code) => {
    expect(await refusal(inputs)).toContain(code);
    expect(touched()).toEqual([]);
  });

  it("a snapshot of another server, and the error names that server", async () => {
    const text = await refusal({ snapshot: `1002/${golden}` });
    expect(text).toContain("UTHO_SNAPSHOT_FOREIGN");
    expect(text).toContain(`snapshot: "1001/${golden}"`);
    expect(touched()).toEqual([]);
  });

  it.each(["Pending", "Deleting", "Error"])("a snapshot of status %s", async (status) => {
    simulator.cloud.setStatus(golden, status);
    const text = await refusal({ snapshot: `1001/${golden}` });
    expect(text).toContain("UTHO_SNAPSHOT_NOT_ACTIVE");
    expect(text).toContain(`"${status}"`);
    expect(touched()).toEqual([]);
  });

  it("a snapshot that was deleted between the preview and the update", async () => {
    const checked = await restore.check({}, { resourceUrn: URN, snapshot: `1001/${golden}` });
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
    const text = await refusal({ snapshot: `1001/${golden}`, timeouts: { create: "300ms" } });
    expect(text).toContain("UTHO_SERVER_BUSY");
    expect(simulator.cloud.snapshots()).toHaveLength(2);
    expect(simulator.requests.count("snapshot.restore")).toBe(0);
  });

  it("an account that is to ask less for the whole timeout, and says nothing of its server", async () => {
    const kind = { status: 429, retryAfter: 1 };
    simulator.faults.add({ operation: "snapshot.create", phase: "before", kind, times: "always" });
    const text = await refusal({ snapshot: `1001/${golden}`, timeouts: { create: "300ms" } });
    expect(text).toContain("UTHO_RATE_LIMITED");
    expect(text).not.toContain("what runs on the server");
  });

  it("lets pass what preview does not know yet, and says so", async () => {
    const checked = await restore.check({}, { resourceUrn: URN, snapshot: UNKNOWN });
    expect(checked.failures).toEqual([]);
    expect(said.join()).toContain("not known before the update");
    expect(simulator.requests.count()).toBe(0);
  });

  it("announces what the program alone shows when Utho does not answer a preview", async () => {
    simulator.faults.add({ operation: "*", phase: "before", kind: { status: 503 }, times: "always" });
    const checked = await restore.check(
      {},
      { resourceUrn: URN, snapshot: `1001/${golden}`, safetySnapshot: true },
    );
    expect(checked.failures).toEqual([]);
    expect(said.join()).toContain(`Server 1001 will be overwritten with snapshot 1001/${golden}`);
  });

  describe("a snapshot that is larger than the disk", () => {
    const inputs = () => ({ resourceUrn: URN, snapshot: `1001/${golden}` });

    it("in the preview", async () => {
      simulator.cloud.setSize(golden, 80);
      const { failures } = await restore.check({}, inputs());
      expect(failures[0]?.reason).toMatch(/UTHO_RESTORE_DISK: .*holds 80 GB, .*has 50 GB/s);
    });

    it("right before the safety snapshot is taken", async () => {
      const checked = await restore.check({}, inputs());
      simulator.cloud.changeServer("1001", { diskGb: 20 });
      await expect(restore.create(checked.inputs)).rejects.toThrow("UTHO_RESTORE_DISK");
      expect(touched()).toEqual([]);
      expect(simulator.cloud.snapshots()).toHaveLength(1);
    });
  });

  it("but not one that is larger only because a size is in another unit", async () => {
    simulator.cloud.setSize(golden, 53);
    expect(await refusal({ snapshot: `1001/${golden}` })).toBe("");
    expect(touched()).toContain("snapshot.restore");
  });

  describe("again, with a snapshot that changed by itself", () => {
    const state = { snapshot: "1001/1", cloudId: "1001", phase: "restored", done: ["1001/1#"] };
    const program = (news: Record<string, unknown>) => ({
      resourceUrn: URN,
      snapshot: `1001/${golden}`,
      ...news,
    });
    const differs = (news: Record<string, unknown>) => restore.diff("id", state, program(news));

    it.each([
      ["computed", { origin: "computed" }],
      ["not known yet", { snapshot: UNKNOWN }],
      ["with triggers that are not known either", { snapshot: UNKNOWN, triggers: [UNKNOWN] }],
    ])("%s", async (_what, news) => {
      await expect(differs(news)).rejects.toThrow("UTHO_RESTORE_MOVING");
      expect(touched()).toEqual([]);
    });

    it.each([
      ["its id is the program's text", {}, ["snapshot"]],
      ["triggers change with it", { origin: "computed", triggers: ["again"] }, ["snapshot", "triggers"]],
      ["it is acknowledged", { origin: "computed", acknowledgeMoving: true }, ["snapshot"]],
      ["it is the same one", { origin: "computed", snapshot: "1001/1" }, []],
    ])("but not where %s", async (_what, news, replaces) => {
      expect(await differs(news)).toEqual({ changes: replaces.length > 0, replaces });
    });

    it("and a rotation's newest at once, unless that is acknowledged", async () => {
      expect(await refusal({ snapshot: UNKNOWN, origin: "rotation" })).toContain("UTHO_RESTORE_MOVING");
      const news = program({ origin: "rotation", acknowledgeMoving: true });
      expect((await restore.check({}, news)).failures).toEqual([]);
    });
  });

  describe("a snapshot that this run takes in place of another", () => {
    const before = "urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:Snapshot::before";
    const state = { snapshotId: "1", cloudId: "1001", name: "before", status: "Active" };
    let snapshots: GuardedProvider;
    let sayings: string[];

    beforeEach(() => {
      const shared = rigFor(simulator, (runtime) => {
        snapshots = guard(runtime, (one) => new SnapshotLifecycle(one));
        return new RestoreLifecycle(runtime);
      });
      ({ provider: restore, writes: touched, said: sayings } = shared);
    });

    /** The upgrade went wrong: the version is set back, and in the same run a restore is declared. */
    async function setBack(more: Record<string, unknown>, olds: Record<string, unknown> = state) {
      await restore.check({}, { resourceUrn: URN, snapshot: UNKNOWN });
      const held = { resourceUrn: before, cloudId: "1001", triggers: ["2"] };
      const { inputs } = await snapshots.check(held, { ...held, triggers: ["1"] });
      const sealed = { ...olds, triggersDigest: digestTriggers(["2"]) };
      expect(await snapshots.diff("1001/1", sealed, inputs)).toMatchObject({ changes: true });
      return { inputs, news: { resourceUrn: URN, snapshot: UNKNOWN, origin: "computed", ...more } };
    }
    const recorded = { name: "before" };

    it.each([
      ["in the preview, by the Snapshot that it comes from", { sources: [before] }],
      ["with triggers that changed too", { sources: [before], triggers: ["1"] }],
    ])("%s", async (_what, more) => {
      const { news } = await setBack(more, { ...state, recorded });
      const { failures } = await restore.check({}, news);
      expect(failures[0]?.reason).toMatch(/UTHO_RESTORE_MOVING.*snapshot: "1001\/1"/s);
      const olds = { resourceUrn: URN, snapshot: "1001/0", phase: "restored" };
      await expect(restore.diff("id", olds, news)).rejects.toThrow("UTHO_RESTORE_MOVING");
      expect(touched()).toEqual([]);
    });

    it("after a run without a preview, by its id, as the plugin sees it", async () => {
      const { inputs } = await setBack({}, { ...state, recorded });
      const { id: snapshot } = await snapshots.create(inputs);
      const { failures } = await restore.check({}, { resourceUrn: URN, snapshot, origin: "unseen" });
      expect(failures[0]?.reason).toContain("UTHO_RESTORE_MOVING");
      expect(touched()).not.toContain("snapshot.restore");
    });

    it.each([
      ["stays where the next run restores the one in its place after all", true, {}, "newer"],
      ["goes where that was restored before", false, { phase: "restored" }, "newer"],
      ["goes where another one is restored", false, {}, "golden"],
    ])("%s", async (_what, stays, held, restored) => {
      const add = (name: string) => simulator.cloud.addSnapshot({ cloudId: "1001", name }).id;
      const ids: Record<string, string> = { golden, meant: add("meant"), newer: add("newer") };
      const wanted = { resourceUrn: URN, snapshot: `1001/${ids[restored]}` };
      await restore.check("phase" in held ? { ...wanted, ...held } : held, wanted);
      const program = { resourceUrn: before, cloudId: "1001", triggers: ["1"] };
      const sealed = { triggersDigest: digestTriggers(["1"]), recorded };
      const olds = { ...program, ...state, ...sealed, snapshotId: ids.newer };
      const { inputs } = await snapshots.check(olds, program);
      expect(await snapshots.diff(`1001/${ids.newer}`, olds, inputs)).toMatchObject({ changes: false });
      await snapshots.delete(`1001/${ids.meant}`, { ...olds, snapshotId: ids.meant });
      expect(simulator.cloud.snapshots().some(({ id }) => id === ids.meant)).toBe(stays);
      expect(sayings.some((text) => text.startsWith(`Kept snapshot 1001/${ids.meant}`))).toBe(stays);
    });

    it.each([
      ["it is acknowledged", { sources: [before], acknowledgeMoving: true }, { ...state, recorded }],
      ["another one is meant", { sources: [`${before}-daily`] }, { ...state, recorded }],
      ["what is replaced failed before it was data", { sources: [before] }, { ...state, status: "Error" }],
    ])("but not where %s", async (_what, more, olds) => {
      const { news } = await setBack(more, olds);
      expect((await restore.check({}, news)).failures).toEqual([]);
    });
  });

  describe("under the input's former name", () => {
    it("is understood, and the new name is said once", async () => {
      const former = { resourceUrn: URN, snapshotId: `1001/${golden}` };
      const { inputs, failures } = await restore.check({}, former);
      await restore.check(inputs, former);
      expect(failures).toEqual([]);
      expect(inputs).toMatchObject({ snapshot: `1001/${golden}` });
      expect(inputs).not.toHaveProperty("snapshotId");
      expect(said.filter((text) => text.includes("called `snapshot` now"))).toHaveLength(1);
      expect(await restore.diff("id", { ...former, phase: "restored" }, inputs)).toEqual({
        changes: false,
        replaces: [],
      });
    });

    it("is refused where both names say different things", async () => {
      const text = await refusal({ snapshot: `1001/${golden}`, snapshotId: "1001/1" });
      expect(text).toContain("UTHO_INPUT_TWICE");
      expect(await refusal({ snapshotId: golden })).toContain("UTHO_ID_FORMAT");
    });
  });
});
