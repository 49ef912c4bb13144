import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findSnapshot, findSnapshots, lookupRuntime } from "../../../provider/lookup";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import { type Simulator, type SimulatorSettings, startSimulator } from "../../../simulator";
import { rigFor } from "./lifecycle-rig";
import { DAY, RotationRig } from "./rotation/rotation-rig";

const resourceUrn = "urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:Snapshot::web";
const WAYS: [string, Partial<SimulatorSettings>][] = [
  ["and says nothing", {}],
  ["and says that there are more", { snapshotListingTotal: "all" }],
];

/** An account of 51 snapshots whose listings show the first 50. */
describe("a listing of the account that ends early", () => {
  let simulator: Simulator;
  let newest: string;

  beforeEach(async () => {
    simulator = await startSimulator({
      settings: { snapshotDurationMs: 60, snapshotListingCap: 50, timeZone: "UTC" },
    });
    for (let day = 51; day >= 1; day -= 1) {
      const createdAt = new Date(simulator.cloud.now() - day * DAY).toISOString();
      newest = simulator.cloud.addSnapshot({ cloudId: "1001", name: `day ${day}`, createdAt }).id;
    }
  });
  afterEach(() => simulator.close());

  const run = () => rigFor(simulator, (runtime) => new SnapshotLifecycle(runtime));

  function look() {
    const config: Record<string, string> = { "utho:token": simulator.token, "utho:endpoint": simulator.url };
    return lookupRuntime((key) => config[key], new Map());
  }

  it.each(WAYS)(
    "does not hold up a creation, which is not done before the snapshot is: %s",
    async (_how, settings) => {
      simulator.cloud.setSettings(settings);
      const { provider, said } = run();
      const { inputs } = await provider.check({}, { cloudId: "1001", resourceUrn, powerOff: true });
      const { id, outs } = await provider.create(inputs);
      expect(simulator.cloud.snapshots().map((one) => `1001/${one.id}`)).toContain(id);
      expect(simulator.cloud.operations("1001").map(({ kind, state }) => [kind, state])).toEqual([
        ["poweroff", "success"],
        ["snapshot", "success"],
        ["poweron", "success"],
      ]);
      expect(said.filter((text) => text.includes("the listing ends early"))).toHaveLength(1);
      const again = run();
      expect(await again.provider.diff(id, outs, inputs)).toMatchObject({ changes: false });
      const read = await again.provider.read(id, outs);
      expect(await again.provider.diff(id, read.props ?? {}, inputs)).toMatchObject({ changes: false });
      expect(again.said.filter((text) => text.includes("the listing ends early"))).toHaveLength(1);
    },
  );

  it.each(WAYS)(
    "does not hold up a creation that is slower than listings lag: %s",
    async (_how, settings) => {
      simulator.cloud.setSettings({ ...settings, snapshotDurationMs: 600 });
      const { provider } = run();
      const { inputs } = await provider.check({}, { cloudId: "1001", resourceUrn });
      await provider.create(inputs);
      expect(simulator.cloud.operations("1001").at(-1)).toMatchObject({ kind: "snapshot", state: "success" });
    },
  );

  it.each(WAYS)(
    "is not used for the newest of a server, nor for that of the account: %s",
    async (_how, settings) => {
      simulator.cloud.setSettings(settings);
      expect(await findSnapshot(look(), { cloudId: "1001", mostRecent: true })).toMatchObject({
        snapshotId: newest,
      });
      expect(await findSnapshot(look(), { mostRecent: true })).toMatchObject({ snapshotId: newest });
      expect(await findSnapshots(look(), {})).toHaveLength(51);
    },
  );

  it("costs a look-up of a server one call more, and one of the account none where the listing is whole", async () => {
    simulator.cloud.setSettings({ snapshotListingCap: null });
    simulator.requests.clear();
    await findSnapshots(look(), {});
    expect(simulator.requests.count()).toBe(1);
    simulator.requests.clear();
    const runtime = look();
    for (const mostRecent of [true, true]) await findSnapshot(runtime, { cloudId: "1001", mostRecent });
    expect(simulator.requests.count()).toBe(2);
  });
});

it.each(WAYS)(
  "a rotation goes on, loses nothing and doubles nothing, in an account whose listing ends early: %s",
  async (_how, settings) => {
    const rig = await RotationRig.start({ settings: { ...settings, snapshotListingCap: 2 } });
    const program = { cloudId: "1001", every: "24h", keep: { last: 9 } };
    const said: string[] = [];
    for (let night = 0; night < 4; night += 1) {
      const ended = await rig.up(program);
      expect(ended.error).toBeUndefined();
      said.push(...ended.said);
      expect((await rig.up(program)).writes).toEqual([]);
      rig.advance(DAY);
    }
    expect(rig.simulator.cloud.snapshots()).toHaveLength(4);
    expect(rig.state.snapshots).toHaveLength(4);
    expect(await rig.refresh()).toBe(false);
    expect(said.join()).toContain("the listing ends early");
    await rig.simulator.close();
  },
);

it.each(WAYS)(
  "a rotation announces no deletion that a listing which ends early prevents: %s",
  async (_how, settings) => {
    const rig = await RotationRig.start({ settings: { ...settings, snapshotListingCap: 1 } });
    const program = { cloudId: "1001", every: "24h", keep: { last: 1 } };
    for (let night = 0; night < 2; night += 1) {
      await rig.up(program);
      rig.advance(DAY);
    }
    const stayed = rig.simulator.cloud.snapshots().length;
    const { said } = await rig.preview(program);
    const ended = await rig.up(program);
    expect([...said, ...ended.said].filter((line) => /deletes [1-9]/.test(line))).toEqual([]);
    expect(rig.simulator.cloud.snapshots()).toHaveLength(stayed + 1);
    await rig.simulator.close();
  },
);
