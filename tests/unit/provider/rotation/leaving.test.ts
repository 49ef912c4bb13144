import { afterEach, describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../../provider/engine/values";
import { DAY, RotationRig } from "./rotation-rig";

const SERVERS = ["1001", "1002", "1003"].map((cloudId, index) => ({ cloudId, hostname: `web-${index + 1}` }));
const ALL = { cloudIds: ["1001", "1002", "1003"], every: "24h", keep: { last: 7 } };
const SHORTER = { ...ALL, cloudIds: ["1001", "1002"], onRemove: "delete" };

describe("a server that leaves a rotation with onRemove: delete", () => {
  let rig: RotationRig;
  afterEach(() => rig.simulator.close());

  async function begun(): Promise<void> {
    rig = await RotationRig.start({ servers: SERVERS });
    await rig.up(ALL);
  }

  it("is announced by the preview, with what goes", async () => {
    await begun();
    const { said } = await rig.preview(SHORTER);
    expect(said.join("\n")).toMatch(
      /web-3 \(1003\) leaves the rotation: its only snapshot \(₹\d+ a month: 1003\/\d+\) is deleted \(onRemove: "delete"\)\./,
    );
    expect((await rig.up(SHORTER)).writes).toEqual(["snapshot.delete"]);
    expect(await rig.preview(SHORTER)).toEqual({ changed: false, said: [] });
  });

  it("is announced as possible while one or all servers are unknown", async () => {
    await begun();
    const some = await rig.preview({ ...SHORTER, cloudIds: ["1001", UNKNOWN] });
    expect(some.said.join("\n")).toMatch(
      /Not known before the update: whether .*1002.*1003.* stays in the rotation\..* If not, all 2 snapshots .* are deleted/,
    );
    const none = await rig.preview({ ...SHORTER, cloudIds: UNKNOWN });
    expect(none.said.join("\n")).toMatch(
      /whether .*1001.*1002.*1003.* stays in the rotation\..* If not, all 3 snapshots .* are deleted/,
    );
    expect((await rig.preview({ ...ALL, cloudIds: UNKNOWN })).said.join("\n")).not.toContain("are deleted");
  });

  it("loses nothing while the rotation is paused, and is cleared when it goes on", async () => {
    await begun();
    const paused = { ...SHORTER, paused: true };
    expect((await rig.preview(paused)).said.join("\n")).toContain(
      "is kept while the rotation is paused, and deleted when it goes on",
    );
    expect((await rig.up(paused)).writes).toEqual([]);
    expect(rig.state.leaving).toEqual(["1003"]);
    expect(await rig.up(paused)).toMatchObject({ changed: false });
    expect((await rig.preview(SHORTER)).said.join("\n")).toContain("1003) leaves the rotation");
    expect((await rig.up(SHORTER)).writes).toEqual(["snapshot.delete"]);
    expect(rig.names("1003")).toEqual([]);
    expect(await rig.up(SHORTER)).toMatchObject({ changed: false });
  });
});

describe("a server that is gone, and whose snapshots Utho does not delete", () => {
  let rig: RotationRig;
  afterEach(() => rig.simulator.close());

  it.each(["delete", "expire"])(
    "costs a few calls under onRemove: %s, and the error says the way out",
    async (onRemove) => {
      const config = { "utho:listingLag": "200ms" };
      rig = await RotationRig.start({ servers: SERVERS.slice(0, 2) }, { config });
      const program = { cloudIds: ["1001", "1002"], every: "24h", keep: { last: 4 }, onRemove };
      for (let night = 0; night < 4; night += 1) {
        await rig.up(program);
        rig.advance(DAY);
      }
      rig.simulator.cloud.setSettings({ orphanSnapshotDelete: "notFound" });
      rig.simulator.cloud.removeServer("1002");
      rig.advance(3 * DAY);
      const short = { ...program, cloudIds: ["1001"] };
      const { error, writes } = await rig.up(short);
      expect(writes.filter((one) => one === "snapshot.delete").length).toBeLessThanOrEqual(3);
      expect(error?.message).toMatch(/UTHO_DELETE_UNCONFIRMED/);
      expect(error?.message).toContain("Utho knows web-2 (1002) no more");
      expect(error?.message).toMatch(
        /Next: .*delete them in Utho's console.*With onRemove: "keep" the rotation lets go/,
      );
      expect(rig.names("1002")).toHaveLength(4);
      expect(rig.state.snapshots.filter(({ cloudId }) => cloudId === "1002")).toHaveLength(4);
      expect((await rig.up({ ...short, onRemove: "keep" })).error).toBeUndefined();
      expect(await rig.up({ ...short, onRemove: "keep" })).toMatchObject({ changed: false });
    },
  );
});

describe("a server that leaves a rotation with onRemove: expire", () => {
  const PROGRAM = {
    cloudIds: ["1001", "1002"],
    every: "24h",
    keep: { daily: 3, weekly: 2 },
    onRemove: "expire",
  };
  const SHORT = { ...PROGRAM, cloudIds: ["1001"] };
  let rig: RotationRig;
  afterEach(() => rig.simulator.close());

  async function begun(nights: number): Promise<void> {
    rig = await RotationRig.start({ servers: SERVERS.slice(0, 2) });
    for (let night = 0; night < nights; night += 1) {
      expect((await rig.up(PROGRAM)).error).toBeUndefined();
      rig.advance(DAY);
    }
  }

  const left = (): number => rig.names("1002").length;
  const listed = (): number => rig.state.snapshots.filter(({ cloudId }) => cloudId === "1002").length;

  it("loses its snapshots one by one as the policy would, the last one too, and nothing is taken there", async () => {
    await begun(12);
    rig.simulator.cloud.removeServer("1002");
    const before = left();
    expect(before).toBe(4);
    const { said } = await rig.preview(SHORT);
    expect(said.join("\n")).toContain("kept until the policy would no longer keep them");
    const counts: number[] = [];
    for (let night = 0; night < 20; night += 1) {
      const announced = (await rig.preview(SHORT)).said.join("\n");
      const was = left();
      const ended = await rig.up(SHORT);
      expect(ended.error).toBeUndefined();
      expect(left() < was).toBe(/Of web-2 \(1002\).* deletes \d+/.test(announced));
      expect(listed()).toBe(left());
      expect(await rig.up(SHORT)).toMatchObject({ changed: false });
      counts.push(left());
      rig.advance(DAY);
    }
    expect(counts[0]).toBeGreaterThanOrEqual(before - 1);
    expect([...counts].sort((a, b) => b - a)).toEqual(counts);
    expect(counts.at(-1)).toBe(0);
    expect(rig.state.leaving).toBeUndefined();
    expect(rig.state.losses).toEqual({});
  });

  it("loses nothing on the word of a wrong clock, nor while the rotation is paused", async () => {
    await begun(6);
    const before = left();
    expect((await rig.up({ ...SHORT, paused: true })).error).toBeUndefined();
    rig.skew = 60 * DAY;
    await rig.up(SHORT);
    await rig.up(SHORT);
    expect(left()).toBe(before);
    expect(listed()).toBe(before);
    rig.skew = 0;
    expect((await rig.up({ ...SHORT, paused: true })).writes).toEqual([]);
    expect(left()).toBe(before);
  });

  it("keeps them for good under onRemove: keep, and counts them until then", async () => {
    await begun(2);
    await rig.up(SHORT);
    expect(rig.state.monthlyCost).toBeGreaterThan(
      rig.state.snapshots.filter((one) => one.cloudId === "1001").length * 100,
    );
    expect(Object.keys(rig.state.newest)).toEqual(["1001", "1002"]);
    expect(await rig.refresh()).toBe(false);
    expect(listed()).toBe(2);
    await rig.up({ ...SHORT, onRemove: "keep" });
    expect(listed()).toBe(0);
    expect(left()).toBe(2);
  });
});
