import { afterEach, describe, expect, it } from "vitest";
import { RestoreLifecycle } from "../../../provider/restore/lifecycle";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import { generateName } from "../../../provider/utho/names";
import { type Simulator, type SimulatorSettings, startSimulator } from "../../../simulator";
import { rigFor } from "./lifecycle-rig";
import { DAY, RotationRig } from "./rotation/rotation-rig";

const URN = "urn:pulumi:Production::shop::pulumi-nodejs:dynamic/utho:Snapshot::Web_Server.before the upgrade";
const EXACT = "Web server: before the upgrade to version 2.4 (2026)";

const FORMS: [string, Partial<SimulatorSettings>][] = [
  ["cut at 40 characters", { nameMaxLength: 40, longNames: "cut" }],
  ["in small letters", { storedNames: "lowerCase" }],
  ["with hyphens for all else", { storedNames: "hyphens" }],
  ["cut, small and with hyphens", { nameMaxLength: 40, longNames: "cut", storedNames: "slug" }],
  ["cut at 36 characters, in the time", { nameMaxLength: 36, longNames: "cut", storedNames: "slug" }],
];

describe("a name that comes back changed", () => {
  let simulator: Simulator;

  afterEach(() => simulator.close());

  async function begin(settings: Partial<SimulatorSettings>): Promise<void> {
    simulator = await startSimulator({
      settings: { snapshotDurationMs: 20, restoreDurationMs: 20, ...settings },
    });
  }

  const run = (config: Record<string, string> = {}) =>
    rigFor(simulator, (runtime) => new SnapshotLifecycle(runtime), config);

  async function create(more: Record<string, unknown> = {}, config: Record<string, string> = {}) {
    const rig = run(config);
    const { inputs } = await rig.provider.check({}, { cloudId: "1001", resourceUrn: URN, ...more });
    return { ...(await rig.provider.create(inputs)), inputs, said: rig.said };
  }

  const snapshots = () => simulator.cloud.snapshots();

  it.each(FORMS)("is that of the new snapshot, and no difference afterwards: %s", async (_how, settings) => {
    await begin(settings);
    for (const name of [undefined, EXACT]) {
      const { id, outs, inputs, said } = await create({ name });
      const stored = snapshots().find((one) => id === `1001/${one.id}`)?.name;
      expect(outs.name).toBe(stored);
      const isChanged = name === EXACT || !stored?.endsWith("z");
      expect(said.filter((text) => text.startsWith("Utho stores snapshot"))).toHaveLength(isChanged ? 1 : 0);
      const { provider } = run();
      const read = await provider.read(id, outs);
      expect(read.props?.name).toBe(stored);
      expect(await provider.diff(id, read.props ?? {}, inputs)).toMatchObject({ changes: false });
      expect(await provider.diff(id, outs, inputs)).toMatchObject({ changes: false });
    }
    expect(simulator.requests.count("snapshot.create")).toBe(2);
  });

  it.each(FORMS)("is recognised by the run after an interrupted one: %s", async (_how, settings) => {
    await begin(settings);
    simulator.faults.add({ operation: "snapshot.create", phase: "after", kind: { cut: true } });
    simulator.cloud.setSettings({ accountListingLagMs: 3_600_000, serverListingLagMs: 3_600_000 });
    await expect(create({}, { "utho:maxRetries": "0" })).rejects.toThrow("UTHO_ANSWER_LOST");
    simulator.cloud.setSettings({ accountListingLagMs: 0, serverListingLagMs: 0 });
    const { id, said } = await create();
    expect(snapshots().map((one) => `1001/${one.id}`)).toEqual([id]);
    expect(said.join()).toContain("Took over");
  });

  it.each(FORMS)(
    "is found after a lost answer, before anything is asked again: %s",
    async (_how, settings) => {
      await begin(settings);
      simulator.faults.add({ operation: "snapshot.create", phase: "after", kind: { cut: true } });
      const { id } = await create({ name: EXACT });
      expect(snapshots().map((one) => `1001/${one.id}`)).toEqual([id]);
      expect(simulator.requests.count("snapshot.create")).toBe(1);
    },
  );

  it("is one that Utho chose by itself, where one snapshot alone appeared after a call that it accepted", async () => {
    await begin({ nameMaxLength: 3, longNames: "cut" });
    const { outs, said } = await create({ name: EXACT });
    expect(outs.name).toBe("Web");
    expect(said.join()).toContain(`as "Web" and not as "${EXACT}"`);
    expect(simulator.requests.count("snapshot.create")).toBe(1);
  });

  it("is not that of a snapshot made by hand shortly before, as late in the listings", async () => {
    await begin({ accountListingLagMs: 400, serverListingLagMs: 400, snapshotDurationMs: 500 });
    const byHand = simulator.cloud.addSnapshot({ cloudId: "1001", name: "by hand" });
    await new Promise((resolve) => setTimeout(resolve, 80));
    const { id, outs } = await create({}, { "utho:listingLag": "1h" });
    expect(id).not.toBe(`1001/${byHand.id}`);
    expect(snapshots().find((one) => id === `1001/${one.id}`)?.name).toBe(outs.name);
  });

  it("is not guessed where the time ends shortly after another appeared", async () => {
    await begin({ ignoredCalls: ["snapshot.create"] });
    const stop = simulator.requests.onSettled(({ operation }) => {
      if (operation !== "snapshot.create") return;
      stop();
      simulator.cloud.addSnapshot({ cloudId: "1001", name: "by hand" });
    });
    const failed = create({ timeouts: { create: "1s" } }, { "utho:listingLag": "800ms" });
    await expect(failed).rejects.toThrow(/UTHO_SNAPSHOT_AMBIGUOUS[\s\S]*"by hand"/);
  });

  it("is an error that names both where two appeared and neither is surely the new one", async () => {
    await begin({ nameMaxLength: 3, longNames: "cut", busyRule: "accept" });
    const stop = simulator.requests.onSettled(({ operation }) => {
      if (operation !== "snapshot.create") return;
      stop();
      simulator.cloud.addSnapshot({ cloudId: "1001", name: "by hand" });
    });
    const failed = create({ name: EXACT, timeouts: { create: "1h" } });
    await expect(failed).rejects.toThrow("UTHO_SNAPSHOT_AMBIGUOUS");
    const ids = snapshots().map(({ id }) => id);
    expect(ids).toHaveLength(2);
    for (const id of ids) await expect(failed).rejects.toThrow(`adoptId: "${id}"`);
    expect(simulator.requests.count("snapshot.create")).toBe(1);
  });

  it.each([
    ["at once", { cut: true }],
    ["after a line that was held for longer than listings lag", { hang: true }],
  ] as const)(
    "is never guessed after an answer that was lost %s, and nothing is asked for again",
    async (_when, kind) => {
      await begin({ nameMaxLength: 3, longNames: "cut" });
      simulator.faults.add({ operation: "snapshot.create", phase: "after", kind });
      const ended = create({ name: EXACT }, { "utho:writeTimeout": "400ms" });
      await expect(ended).rejects.toThrow(/UTHO_SNAPSHOT_AMBIGUOUS[\s\S]*adoptId: "5001"/);
      expect(simulator.requests.count("snapshot.create")).toBe(1);
    },
  );

  it("is not an older snapshot, or another resource's, that is listed late", async () => {
    await begin({ ignoredCalls: ["snapshot.create"] });
    const stop = simulator.requests.onSettled(({ operation }) => {
      if (operation !== "snapshot.create") return;
      stop();
      const old = new Date(simulator.cloud.now() - DAY).toISOString();
      simulator.cloud.addSnapshot({ cloudId: "1001", name: "old", createdAt: old });
      simulator.cloud.addSnapshot({ cloudId: "1001", name: generateName(`${URN}2`, Date.now()) });
    });
    await expect(create({ timeouts: { create: "800ms" } })).rejects.toThrow("UTHO_SNAPSHOT_NOT_LISTED");
  });

  it.each([
    [{ name: EXACT }, "choose another, shorter `name`"],
    [{}, "set `name`, or give the resource or the stack a shorter name"],
  ])("is refused with the input that changes it: %j", async (inputs, advice) => {
    await begin({ nameMaxLength: 20, nameRefusalWording: "Invalid name." });
    await expect(create(inputs)).rejects.toThrow(
      new RegExp(`UTHO_INPUT_NAME[\\s\\S]*Invalid name[\\s\\S]*${advice}`),
    );
    expect(snapshots()).toEqual([]);
  });

  it.each(FORMS)("is one safety snapshot for a restore: %s", async (_how, settings) => {
    await begin(settings);
    const source = simulator.cloud.addSnapshot({ cloudId: "1001", name: "golden" });
    const rig = rigFor(simulator, (runtime) => new RestoreLifecycle(runtime));
    const resourceUrn = URN.replace(":Snapshot:", ":SnapshotRestore:");
    const { inputs } = await rig.provider.check({}, { snapshot: `1001/${source.id}`, resourceUrn });
    const { outs } = await rig.provider.create(inputs);
    expect(snapshots().filter(({ id }) => outs.safetySnapshotId === `1001/${id}`)).toMatchObject([
      { name: outs.safetySnapshotName },
    ]);
    expect(snapshots()).toHaveLength(2);
  });

  it("is not made twice by the run after an interrupted one where it is exact", async () => {
    await begin({ nameMaxLength: 40, longNames: "cut", storedNames: "slug" });
    const stored = "web-server--before-the-upgrade-to-versio";
    const old = new Date(simulator.cloud.now() - DAY).toISOString();
    simulator.cloud.addSnapshot({ cloudId: "1001", name: stored, createdAt: old });
    await create({ name: EXACT });
    await expect(create({ name: EXACT })).rejects.toThrow(/UTHO_SNAPSHOT_NAME_TAKEN[\s\S]*adoptId: "5002"/);
    expect(simulator.requests.count("snapshot.create")).toBe(1);
  });
});

describe("a rotation whose names come back changed", () => {
  it.each([...FORMS, ["cut at 12 characters", { nameMaxLength: 12, longNames: "cut" }]] as const)(
    "keeps what its policy keeps, and leaves nothing behind: %s",
    async (_how, settings) => {
      const rig = await RotationRig.start({ settings });
      const program = {
        cloudId: "1001",
        every: "24h",
        keep: { last: 2 },
        namePrefix: "Production_Night.Backups",
      };
      for (let night = 0; night < 5; night += 1) {
        expect((await rig.up(program)).error).toBeUndefined();
        rig.advance(DAY);
      }
      expect(rig.simulator.requests.count("snapshot.create")).toBe(5);
      expect(rig.simulator.cloud.snapshots()).toHaveLength(2);
      expect(rig.state.snapshots).toHaveLength(2);
      expect(await rig.refresh()).toBe(false);
      await rig.simulator.close();
    },
  );
});
