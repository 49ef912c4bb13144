import { afterEach, describe, expect, it } from "vitest";
import { UthoClient } from "../../../client";
import { PartialFailure } from "../../../provider/failure";
import { RestoreLifecycle } from "../../../provider/restore/lifecycle";
import type { ProviderRuntime } from "../../../provider/utho/runtime";
import { type FaultKind, type Simulator, type SimulatorSettings, startSimulator } from "../../../simulator";
import { type Rig, rigFor } from "./lifecycle-rig";

const resourceUrn = "urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:SnapshotRestore::undo";
const lifecycle = (runtime: ProviderRuntime): RestoreLifecycle => new RestoreLifecycle(runtime);

const LOST: readonly [string, FaultKind][] = [
  ["a cut connection", { cut: true }],
  ["HTTP 500", { status: 500 }],
  ["HTTP 504", { status: 504 }],
  ["a gateway's page", { html: true }],
  ["half a body", { halfBody: true }],
];

describe("a restore", () => {
  let simulator: Simulator;
  let rig: Rig;
  let inputs: Record<string, unknown>;

  afterEach(() => simulator.close());

  async function begin(settings: Partial<SimulatorSettings> = {}): Promise<void> {
    simulator = await startSimulator({
      settings: { snapshotDurationMs: 20, restoreDurationMs: 60, ...settings },
    });
    simulator.cloud.setContents("1001", "version 1");
    const { id } = simulator.cloud.addSnapshot({ cloudId: "1001", name: "golden" });
    simulator.cloud.setContents("1001", "version 2");
    inputs = { resourceUrn, snapshot: `1001/${id}`, timeouts: { create: "3s", update: "3s" } };
    rig = rigFor(simulator, lifecycle);
  }

  const restores = () => simulator.cloud.operations("1001").filter(({ kind }) => kind === "restore");
  const server = () => simulator.cloud.server("1001");

  async function failureOf(work: Promise<unknown>): Promise<PartialFailure> {
    const error: unknown = await work.catch((reason: unknown) => reason);
    if (!(error instanceof PartialFailure)) throw new Error(`No partial failure: ${String(error)}`);
    return error;
  }

  /** `pulumi up` after a failure, by a process of its own. */
  const nextRun = ({ id, properties }: PartialFailure) =>
    rigFor(simulator, lifecycle).provider.update(id, properties, inputs);

  it.each(LOST)("whose answer is lost after its effect by %s is not asked for twice", async (_what, kind) => {
    await begin();
    simulator.faults.add({ operation: "snapshot.restore", phase: "after", kind });
    const { outs } = await rig.provider.create(inputs);
    expect(restores()).toHaveLength(1);
    expect(outs).toMatchObject({ phase: "restored" });
    expect(server()).toMatchObject({ contents: "version 1", powerState: "Running" });
    simulator.faults.assertAllFired();
  });

  it.each(LOST)(
    "whose request is lost before its effect by %s is asked for by the next run alone",
    async (_what, kind) => {
      await begin();
      simulator.faults.add({ operation: "snapshot.restore", phase: "before", kind });
      const failure = await failureOf(rig.provider.create({ ...inputs, timeouts: { create: "600ms" } }));
      expect(failure.code).toBe("UTHO_RESTORE_UNSURE");
      expect(simulator.requests.count("snapshot.restore")).toBe(1);
      expect(server().contents).toBe("version 2");
      await nextRun(failure);
      expect(simulator.requests.count("snapshot.restore")).toBe(2);
      expect(restores()).toHaveLength(1);
      expect(simulator.cloud.snapshots()).toHaveLength(2);
      expect(server()).toMatchObject({ contents: "version 1", powerState: "Running" });
    },
  );

  it.each<[string, FaultKind]>([
    ["429", { status: 429 }],
    ["a refusal", { errorIn200: "The request could not be handled" }],
    ["busy", { status: 423 }],
  ])("that a gateway answers with %s and that began is not asked for twice", async (_what, kind) => {
    await begin();
    simulator.faults.add({ operation: "snapshot.restore", phase: "after", kind });
    const failure = await failureOf(rig.provider.create(inputs));
    expect(failure.code).toBe("UTHO_RESTORE_UNSURE");
    expect(failure.message).toContain("another person or program");
    const { outs } = await nextRun(failure);
    expect(outs).toMatchObject({ phase: "restored" });
    expect(restores()).toHaveLength(1);
    expect(server()).toMatchObject({ contents: "version 1", powerState: "Running" });
  });

  it("of another run that began at that moment does not count as this one", async () => {
    await begin({ restoreDurationMs: 300 });
    const client = new UthoClient({ token: simulator.token, endpoint: simulator.url });
    const theirs = simulator.cloud.addSnapshot({ cloudId: "1001", name: "theirs" });
    simulator.faults.add({ operation: "snapshot.restore", phase: "before", kind: { hold: true } });
    const ours = failureOf(rig.provider.create(inputs));
    await expect.poll(() => simulator.faults.held).toBe(1);
    await client.snapshots.restore("1001", theirs.id);
    simulator.faults.release();
    const failure = await ours;
    expect(failure.code).toBe("UTHO_RESTORE_UNSURE");
    expect(failure.properties).not.toHaveProperty("restoredSnapshotId");
    expect(restores()).toHaveLength(1);
    expect(server().contents).toBe("version 2");
  });

  it("that did not end keeps its safety snapshot when its replacement is forced, which does not carry it over", async () => {
    await begin();
    simulator.faults.add({ operation: "snapshot.restore", phase: "before", kind: { cut: true } });
    const failure = await failureOf(rig.provider.create({ ...inputs, timeouts: { create: "600ms" } }));
    const safety = String(failure.properties.safetySnapshotId);
    const forced = rigFor(simulator, lifecycle);
    await forced.provider.check(inputs, inputs);
    const fresh = await forced.provider.create((await forced.provider.check({}, inputs)).inputs);
    expect(fresh.outs.safetySnapshotId).not.toBe(safety);
    await forced.provider.delete(failure.id, failure.properties);
    expect(simulator.cloud.snapshots().map(({ id }) => `1001/${id}`)).toContain(safety);
    expect(forced.said.join()).toContain(`Safety snapshot ${safety} was kept`);
  });

  it.each(["empty", "null"] as const)("takes an %s answer for accepted", async (restoreAnswer) => {
    await begin({ restoreAnswer });
    await rig.provider.create(inputs);
    expect(restores()).toHaveLength(1);
    expect(server().contents).toBe("version 1");
  });

  it("does without Utho's record of actions", async () => {
    await begin();
    simulator.faults.add({
      operation: "action.list",
      phase: "before",
      kind: { status: 404 },
      times: "always",
    });
    await rig.provider.create(inputs);
    expect(server()).toMatchObject({ contents: "version 1", powerState: "Running" });
  });

  it("ends with the server running, also one that was off before", async () => {
    await begin({ restoreLeaves: "asBefore", powerDurationMs: 20 });
    simulator.cloud.changeServer("1001", { powerState: "Stopped" });
    await rig.provider.create(inputs);
    expect(server()).toMatchObject({ contents: "version 1", powerState: "Running" });
    expect(rig.said.join()).toContain("switched on");
  });

  it("that ended before it was asked for keeps the state of the server as it is by then", async () => {
    await begin({ snapshotDurationMs: 3_600_000 });
    const first = await failureOf(rig.provider.create({ ...inputs, timeouts: { create: "300ms" } }));
    expect(first.properties).toMatchObject({ phase: "safe", unasked: true });
    expect(restores()).toEqual([]);
    simulator.cloud.setSettings({ snapshotDurationMs: 20 });
    simulator.cloud.endOperations("1001");
    simulator.cloud.setContents("1001", "work since");
    // Within the window it is the same interrupted run that goes on; after it, another day.
    const later = rigFor(simulator, lifecycle, { "utho:takeoverWindow": "0" });
    const { outs } = await later.provider.update(first.id, first.properties, inputs);
    expect(server().contents).toBe("version 1");
    const safety = simulator.cloud.snapshots().find(({ id }) => `1001/${id}` === outs.safetySnapshotId);
    expect(safety?.contents).toBe("work since");
    expect(later.said.join()).toContain(`${first.properties.safetySnapshotId} remains`);
    expect(outs).not.toHaveProperty("unasked");
  });

  it("that ended before it was asked for hands no safety snapshot to the restore of another snapshot", async () => {
    await begin({ snapshotDurationMs: 3_600_000 });
    const first = await failureOf(rig.provider.create({ ...inputs, timeouts: { create: "300ms" } }));
    simulator.cloud.setSettings({ snapshotDurationMs: 20 });
    simulator.cloud.endOperations("1001");
    simulator.cloud.setContents("1001", "work since");
    const { id } = simulator.cloud.addSnapshot({ cloudId: "1001", name: "older" });
    simulator.cloud.setContents("1001", "work of today");
    const { provider } = rigFor(simulator, lifecycle);
    const news = { ...inputs, snapshot: `1001/${id}` };
    const { inputs: checked } = await provider.check(inputs, news);
    await provider.diff(first.id, first.properties, checked);
    const { outs } = await provider.create({ ...(await provider.check({}, news)).inputs });
    const safety = simulator.cloud.snapshots().find((one) => `1001/${one.id}` === outs.safetySnapshotId);
    expect(safety?.contents).toBe("work of today");
  });

  it("that fails keeps its safety snapshot in state, and the next run asks once more", async () => {
    await begin();
    simulator.cloud.nextOutcome({ of: "restore", outcome: "fails" });
    const failure = await failureOf(rig.provider.create(inputs));
    expect(failure.code).toBe("UTHO_RESTORE_FAILED");
    const { id, properties } = failure;
    const next = rigFor(simulator, lifecycle).provider;
    expect(await next.diff(id, properties, inputs)).toEqual({ changes: true, replaces: [] });
    const { outs } = await next.update(id, properties, inputs);
    expect(outs).toMatchObject({ phase: "restored", safetySnapshotId: properties.safetySnapshotId });
    expect(server().contents).toBe("version 1");
    expect(simulator.cloud.snapshots()).toHaveLength(2);
  });

  it("that is not seen to end is waited for by the next run, not asked for again", async () => {
    await begin();
    simulator.cloud.nextOutcome({ of: "restore", outcome: "never" });
    const failure = await failureOf(rig.provider.create({ ...inputs, timeouts: { create: "600ms" } }));
    expect(failure.code).toBe("UTHO_RESTORE_NOT_RUNNING");
    simulator.cloud.endOperations("1001");
    const { outs } = await nextRun(failure);
    expect(outs).toMatchObject({ phase: "restored" });
    expect(restores()).toHaveLength(1);
  });

  it("whose safety snapshot fails overwrites nothing", async () => {
    await begin({ snapshotOutcome: "failed" });
    const failure = await failureOf(rig.provider.create(inputs));
    expect(failure.code).toBe("UTHO_SNAPSHOT_FAILED");
    expect(restores()).toHaveLength(0);
    expect(server().contents).toBe("version 2");
  });

  it("hands the last good state on to the restore that replaces an unfinished one", async () => {
    await begin();
    simulator.cloud.nextOutcome({ of: "restore", outcome: "fails" });
    const { id, properties } = await failureOf(rig.provider.create(inputs));
    simulator.cloud.setContents("1001", "half written");
    const other = simulator.cloud.addSnapshot({ cloudId: "1001", name: "other", contents: "version 0" });
    const news = { ...inputs, snapshot: `1001/${other.id}` };
    const next = rigFor(simulator, lifecycle).provider;
    await next.check(inputs, news);
    expect(await next.diff(id, properties, news)).toEqual({ changes: true, replaces: ["snapshot"] });
    const { outs } = await next.create(news);
    await next.delete(id, properties);
    expect(server().contents).toBe("version 0");
    const safety = simulator.cloud.snapshots().find((one) => `1001/${one.id}` === outs.safetySnapshotId);
    expect(safety?.contents).toBe("version 2");
  });

  it("refuses to delete a safety snapshot that is about to be restored", async () => {
    await begin();
    const { id, outs } = await rig.provider.create(inputs);
    const next = rigFor(simulator, lifecycle).provider;
    const news = { ...inputs, snapshot: outs.safetySnapshotId };
    await next.check(inputs, news);
    await next.diff(id, outs, news);
    await expect(next.delete(id, outs)).rejects.toThrow("UTHO_RESTORE_SAFETY_NEEDED");
    expect(simulator.cloud.snapshots()).toHaveLength(2);
  });

  it("removes its safety snapshot with the resource, also after a refresh in the same run", async () => {
    await begin();
    const { id, outs } = await rig.provider.create(inputs);
    const next = rigFor(simulator, lifecycle).provider;
    const { props } = await next.read(id, outs);
    expect(await next.diff(id, props, inputs)).toEqual({ changes: false, replaces: [] });
    await next.delete(id, props);
    expect(simulator.cloud.snapshots().map(({ name }) => name)).toEqual(["golden"]);
    expect(restores()).toHaveLength(1);
  });

  it("stays as it is when Utho does not answer a refresh", async () => {
    await begin();
    const { id, outs } = await rig.provider.create(inputs);
    simulator.faults.add({ operation: "*", phase: "before", kind: { status: 503 }, times: "always" });
    const next = rigFor(simulator, lifecycle);
    expect(await next.provider.read(id, outs)).toEqual({ id, props: outs });
    expect(next.said).toEqual([]);
  });

  it("without a safety snapshot keeps nothing, as acknowledged", async () => {
    await begin();
    const without = { ...inputs, safetySnapshot: false, acknowledgeDataLoss: true };
    const { outs } = await rig.provider.create(without);
    expect(outs).not.toHaveProperty("safetySnapshotId");
    expect(simulator.cloud.snapshots()).toHaveLength(1);
    expect(server().contents).toBe("version 1");
  });
});
