import { afterEach, expect, it } from "vitest";
import { DAY, RotationRig } from "./rotation-rig";

const NIGHTLY = { cloudId: "1001", every: "24h", keep: { last: 4 } };

let rig: RotationRig;
afterEach(() => rig.simulator.close());

async function nights(count: number): Promise<void> {
  rig = await RotationRig.start();
  for (let night = 0; night < count; night += 1) {
    expect((await rig.up(NIGHTLY)).error).toBeUndefined();
    rig.advance(DAY);
  }
}

const linesOf = ({ outs }: RotationRig): [string, unknown][] => Object.entries(Object(outs.snapshots));

it("a state holds each snapshot as one text under its id, and nothing twice", async () => {
  await nights(3);
  const lines = linesOf(rig);
  expect(lines.map(([id]) => id).sort()).toEqual(rig.state.snapshots.map(({ id }) => id).sort());
  const [, line] = lines.find(([id]) => id === rig.state.newest["1001"]) ?? [];
  expect(JSON.parse(String(line))).toEqual({
    name: rig.names().at(-1),
    takenAt: expect.stringMatching(/^2026-03-03T02:\d\d:\d\dZ$/),
    status: "Active",
    serverName: "web-1",
    sizeGb: 50,
    monthlyCost: 200,
    reasons: ["last"],
  });
  expect(rig.outs.recorded).toEqual([]);
  expect(rig.state.recorded).toHaveLength(3);
});

it("a refresh that finds nothing new changes no letter of a state, however it holds the snapshots", async () => {
  await nights(3);
  const { snapshots, recorded } = rig.state;
  for (const form of [{}, { snapshots, recorded }]) {
    const outs = { ...rig.outs, ...form };
    rig.outs = structuredClone(outs);
    expect(await rig.refresh()).toBe(false);
    expect(rig.outs).toEqual(outs);
  }
});

it("a snapshot that vanished is in the baseline by name, until an update has seen what is left", async () => {
  await nights(3);
  const [, second = ""] = linesOf(rig).map(([id]) => id);
  rig.simulator.cloud.deleteSnapshot(second.split("/")[1] ?? "");
  expect(await rig.refresh()).toBe(true);
  expect(rig.outs.recorded).toEqual([second]);
  expect(await rig.refresh()).toBe(true);
  expect((await rig.up(NIGHTLY)).error).toBeUndefined();
  expect(rig.outs.recorded).toEqual([]);
});

it("a line that is no JSON is left out, and takes no other with it", async () => {
  await nights(2);
  const [[id = ""] = []] = linesOf(rig);
  rig.outs = { ...rig.outs, snapshots: { ...Object(rig.outs.snapshots), [id]: '{"name":' } };
  expect(rig.state.snapshots).toHaveLength(1);
  await rig.refresh();
  expect(rig.state.snapshots).toHaveLength(2);
});
