import { afterEach, describe, expect, it } from "vitest";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import { generateName } from "../../../provider/utho/names";
import { type Simulator, type SimulatorSettings, startSimulator } from "../../../simulator";
import { rigFor } from "./lifecycle-rig";

const resourceUrn = "urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:Snapshot::web";

/** A deleted snapshot that a listing still shows is no backup, and no resource may rely on it. */
describe("a snapshot that was deleted and is still listed", () => {
  let simulator: Simulator;

  afterEach(() => simulator.close());

  async function begin(settings: Partial<SimulatorSettings>): Promise<void> {
    simulator = await startSimulator({ settings: { snapshotDurationMs: 20, ...settings } });
  }

  /** One run of the engine: a process of its own. */
  function run() {
    return rigFor(simulator, (runtime) => new SnapshotLifecycle(runtime), { "utho:listingLag": "10s" });
  }

  async function create(more: Record<string, unknown> = {}) {
    const { provider, said } = run();
    const { inputs } = await provider.check({}, { cloudId: "1001", resourceUrn, ...more });
    return { ...(await provider.create(inputs)), said };
  }

  const ids = () => simulator.cloud.snapshots().map(({ cloudId, id }) => `${cloudId}/${id}`);

  it.each([
    ["by a listing that lags", { listingsDisagreeForMs: 1_000 }, {}],
    ["as one that is being deleted", { deleteDurationMs: 3_600_000 }, {}],
    ["under the very name, by a listing that lags", { listingsDisagreeForMs: 1_000 }, { name: "nightly" }],
  ] as const)("is not taken over: %s", async (_how, settings, inputs) => {
    await begin({});
    const first = await create(inputs);
    // By then the account's listing shows it.
    simulator.advance(2_000);
    simulator.cloud.setSettings(settings);
    const outs = { ...first.outs, timeouts: { delete: "300ms" } };
    const end = await run()
      .provider.delete(first.id, outs)
      .catch((error: Error) => error.message);
    if (end !== undefined) expect(end).toMatch(/Last seen: status (Deleting|Active)|UTHO_DELETE_UNCONFIRMED/);
    // A new snapshot must be found in spite of the lag, so its status comes from the server's own answer.
    simulator.cloud.setSettings({ statusInServerList: true });
    const second = await create(inputs);
    expect(second.id).not.toBe(first.id);
    expect(second.said.join()).not.toContain("Took over");
    expect(ids()).toContain(second.id);
    expect(simulator.requests.count("snapshot.create")).toBe(2);
  });

  it("is not taken over from an interrupted run where a person deleted it a moment ago", async () => {
    await begin({});
    const first = await create();
    // By then the account's listing shows it.
    simulator.advance(2_000);
    simulator.cloud.setSettings({ listingsDisagreeForMs: 1_000, statusInServerList: true });
    simulator.cloud.deleteSnapshot(first.id.split("/")[1] ?? "");
    const second = await create();
    expect(second.said.join()).not.toContain("Took over");
    expect(ids()).toEqual([second.id]);
  });

  it("is not believed gone where its server is, and nothing else could list it", async () => {
    await begin({ accountListing: "absent404", snapshotListing: "absent" });
    const { id, outs } = await create();
    simulator.cloud.removeServer("1001");
    await expect(run().provider.read(id, outs)).rejects.toThrow("UTHO_CANNOT_TELL");
  });

  it("is not adopted", async () => {
    await begin({});
    const { id } = simulator.cloud.addSnapshot({ cloudId: "1001", name: "by hand" });
    simulator.advance(2_000);
    simulator.cloud.setSettings({ listingsDisagreeForMs: 1_000 });
    simulator.cloud.deleteSnapshot(id);
    await expect(create({ adoptId: id })).rejects.toThrow("UTHO_SNAPSHOT_NOT_FOUND");
    expect(simulator.requests.count("snapshot.create")).toBe(0);
  });

  it("is taken over when its server merely lists it late", async () => {
    await begin({ serverListingLagMs: 3_600_000, accountListingLagMs: 3_600_000 });
    simulator.faults.add({ operation: "snapshot.create", phase: "after", kind: { cut: true } });
    const { provider } = rigFor(simulator, (runtime) => new SnapshotLifecycle(runtime), {
      "utho:listingLag": "1ms",
      "utho:maxRetries": "0",
    });
    const { inputs } = await provider.check({}, { cloudId: "1001", resourceUrn });
    await expect(provider.create(inputs)).rejects.toThrow("UTHO_ANSWER_LOST");
    simulator.cloud.setSettings({ accountListingLagMs: 0 });
    const stop = simulator.requests.onSettled(({ operation }) => {
      if (operation !== "server.read") return;
      stop();
      simulator.cloud.setSettings({ serverListingLagMs: 0 });
    });
    const { id, said } = await create();
    expect(said.join()).toContain("Took over");
    expect(ids()).toEqual([id]);
  });
});

/** Two rows of a listing that was torn on its way may read like one: the id of the one, the name of the other. */
describe("another resource's snapshot that a torn listing shows under our name", () => {
  let simulator: Simulator;

  afterEach(() => simulator.close());

  it.each([
    ["once", 1, "10s"],
    ["for longer than listings lag", 3, "1ms"],
  ])("is not taken over: %s", async (_how, times, listingLag) => {
    simulator = await startSimulator({ settings: { snapshotDurationMs: 20 } });
    const theirs = simulator.cloud.addSnapshot({ cloudId: "1001", name: "theirs" });
    const row = {
      id: theirs.id,
      cloudid: "1001",
      name: generateName(resourceUrn, Date.now()),
      status: "Active",
    };
    const garbled = JSON.stringify({ status: "success", snapshots: [row] });
    simulator.faults.add({ operation: "snapshot.listByDeploy", phase: "answer", kind: { garbled }, times });
    const { provider, said } = rigFor(simulator, (runtime) => new SnapshotLifecycle(runtime), {
      "utho:listingLag": listingLag,
    });
    const { inputs } = await provider.check({}, { cloudId: "1001", resourceUrn });
    const { id } = await provider.create(inputs);
    expect(simulator.faults.pending().length).toBe(0);
    expect(said.join()).not.toContain("Took over");
    expect(id).not.toBe(`1001/${theirs.id}`);
    expect(simulator.cloud.snapshots().map((one) => `1001/${one.id}`)).toEqual([`1001/${theirs.id}`, id]);
  });
});
