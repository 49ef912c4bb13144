import { afterEach, describe, expect, it } from "vitest";
import { DAY, RotationRig } from "./rotation-rig";

const NIGHTLY = { cloudId: "1001", every: "24h", keep: { last: 4 } };

describe("snapshots of a rotation that are deleted outside", () => {
  let rig: RotationRig;
  afterEach(() => rig.simulator.close());

  const lost = (): string[] => Object.keys(rig.state.losses ?? {});
  const ids = (): string[] => rig.simulator.cloud.snapshots().map(({ id }) => `1001/${id}`);

  async function nights(count: number, program: Record<string, unknown> = NIGHTLY): Promise<string[]> {
    const said: string[] = [];
    for (let night = 0; night < count; night += 1) {
      const ended = await rig.up(program);
      expect(ended.error).toBeUndefined();
      said.push(ended.said.join("\n"));
      rig.advance(DAY);
    }
    return said;
  }

  async function begun(): Promise<string> {
    rig = await RotationRig.start();
    await nights(4);
    const [, , third = ""] = ids();
    rig.simulator.cloud.deleteSnapshot(third.split("/")[1] ?? "");
    return third;
  }

  it("stay an output and a warning of each run until the policy would no longer keep them", async () => {
    const third = await begun();
    const said = await nights(1);
    expect(lost()).toEqual([third]);
    expect(said[0]).toMatch(/web-1 1001\/\d+ of 2026-03-03 is no longer in the rotation/);
    expect(await rig.refresh()).toBe(false);
    expect(lost()).toEqual([third]);
    const later = await nights(3);
    expect(later[0]).toContain("acknowledgeLosses");
    expect(later.at(-1)).not.toContain("no longer in the rotation");
    expect(lost()).toEqual([]);
  });

  it("are known after a refresh too, which drops them from the list", async () => {
    const third = await begun();
    expect(await rig.refresh()).toBe(true);
    expect(lost()).toEqual([third]);
    expect(rig.state.snapshots.map(({ id }) => id)).not.toContain(third);
    await nights(1);
    expect(lost()).toEqual([third]);
  });

  it("are reported no more once they are acknowledged", async () => {
    const third = await begun();
    await nights(1);
    const program = { ...NIGHTLY, acknowledgeLosses: [third] };
    expect((await rig.up(program)).said.join("\n")).not.toContain("no longer in the rotation");
    expect(lost()).toEqual([]);
    expect(await rig.up(program)).toMatchObject({ changed: false });
  });

  it("are no losses where the rotation itself, or a killed run of it, deleted them", async () => {
    rig = await RotationRig.start();
    await nights(6);
    expect(lost()).toEqual([]);
    const [oldest = ""] = ids();
    // As a run that was killed after its deletion leaves it.
    rig.simulator.cloud.deleteSnapshot(oldest.split("/")[1] ?? "");
    await nights(1);
    expect(lost()).toEqual([]);
  });

  it("shift nothing in the outputs, which hold the snapshots by id", async () => {
    const third = await begun();
    const before = rig.outs.snapshots;
    await rig.refresh();
    const { [third]: gone, ...others } = Object(before);
    expect(gone).toBeDefined();
    expect(rig.outs.snapshots).toEqual(others);
  });
});

describe("a server that is gone", () => {
  let rig: RotationRig;
  afterEach(() => rig.simulator.close());

  it.each([true, false])(
    "goes by the name that state knows; its snapshots survive it: %s",
    async (survive) => {
      rig = await RotationRig.start({ settings: { snapshotsSurviveServer: survive } });
      const program = { ...NIGHTLY, cloudId: undefined, cloudIds: ["1001", "1002"] };
      await rig.up(program);
      rig.simulator.cloud.removeServer("1002");
      for (let night = 0; night < 2; night += 1) {
        rig.advance(DAY);
        const { error } = await rig.up(program);
        expect(error?.message).toMatch(
          /UTHO_ROTATION_INCOMPLETE[\s\S]*failed: db-1 \(1002\): UTHO_SERVER_NOT_FOUND/,
        );
        expect(rig.state.failures[0]?.reason).toContain("take a snapshot of db-1 (1002)");
      }
    },
  );
});

describe("a refresh between two runs", () => {
  it("leaves the reasons why each snapshot is kept, though the next one is due", async () => {
    const rig = await RotationRig.start();
    for (const every of ["24h", "12h"]) {
      await rig.up({ ...NIGHTLY, every, keep: { last: 1, weekly: 1 } });
      const { snapshots } = rig.outs;
      rig.advance(2 * DAY);
      expect(await rig.refresh()).toBe(false);
      expect(rig.outs.snapshots).toEqual(snapshots);
    }
    await rig.simulator.close();
  });
});

describe("what Utho was asked to delete and still exists", () => {
  let rig: RotationRig;
  afterEach(() => rig.simulator.close());

  it("is a warning of the next run, counts in the cost, and is asked for again", async () => {
    rig = await RotationRig.start();
    const program = { ...NIGHTLY, keep: { last: 1 }, timeouts: { delete: "1s" } };
    expect((await rig.up(program)).error).toBeUndefined();
    rig.advance(DAY);
    rig.simulator.cloud.setSettings({ stayingSnapshots: "all" });
    expect((await rig.up(program)).error?.message).toContain("UTHO_DELETE_UNCONFIRMED");
    expect(Object.keys(Object(rig.outs.snapshots))).toHaveLength(2);
    expect(rig.state.monthlyCost).toBe(400);
    expect(rig.state.owed).toHaveLength(1);
    rig.simulator.cloud.setSettings({ stayingSnapshots: [] });
    const { error, said } = await rig.up(program);
    expect(error).toBeUndefined();
    expect(said.join("\n")).toMatch(
      /An earlier run asked Utho to delete 1001\/5001, and it still exists and costs on/,
    );
    expect(rig.simulator.cloud.snapshots()).toHaveLength(1);
    expect(rig.state.monthlyCost).toBe(200);
    expect(await rig.up(program)).toMatchObject({ changed: false });
  });

  it("is no loss once it goes after all, though the policy would keep it by then", async () => {
    rig = await RotationRig.start();
    const program = { ...NIGHTLY, keep: { last: 1 }, timeouts: { delete: "1s" } };
    await rig.up(program);
    rig.advance(DAY);
    rig.simulator.cloud.setSettings({ stayingSnapshots: "all" });
    await rig.up(program);
    expect(rig.state.owed).toEqual(["1001/5001"]);
    rig.simulator.cloud.setSettings({ stayingSnapshots: [] });
    rig.simulator.cloud.deleteSnapshot("5001");
    expect((await rig.up(NIGHTLY)).said.join()).not.toContain("no longer in the rotation");
    expect(Object.keys(rig.state.losses ?? {})).toEqual([]);
  });
});

describe("what Utho refused to delete", () => {
  let rig: RotationRig;
  afterEach(() => rig.simulator.close());

  it("is a warning of the next run with Utho's words", async () => {
    rig = await RotationRig.start();
    const program = { ...NIGHTLY, keep: { last: 1 } };
    expect((await rig.up(program)).error).toBeUndefined();
    rig.advance(DAY);
    rig.simulator.cloud.setSettings({ lockedSnapshots: "all", lockedWording: "This snapshot is locked" });
    expect((await rig.up(program)).error?.message).toContain("This snapshot is locked");
    rig.simulator.cloud.setSettings({ lockedSnapshots: [] });
    const { said } = await rig.up(program);
    expect(said.join("\n")).toMatch(
      /An earlier run asked Utho to delete 1001\/5001, .* The last run could not delete snapshot 1001\/5001: .*This snapshot is locked/,
    );
  });
});

describe("a rotation whose next snapshot is due as soon as one is ready", () => {
  let rig: RotationRig;
  afterEach(() => rig.simulator.close());

  it("warns that it deletes nothing", async () => {
    rig = await RotationRig.start();
    const { error, said } = await rig.up({ ...NIGHTLY, every: "5s", keep: { last: 1 } });
    expect(error).toBeUndefined();
    expect(said.join("\n")).toMatch(/every is 5s, .* nothing is deleted, whatever is announced/);
  });
});

describe("a rotation that goes on after a long pause", () => {
  let rig: RotationRig;
  afterEach(() => rig.simulator.close());

  it("warns where only snapshots younger than a day remain", async () => {
    rig = await RotationRig.start();
    const program = { ...NIGHTLY, keep: { within: "3d" } };
    for (let night = 0; night < 5; night += 1) {
      const { said } = await rig.up(program);
      expect(said.join("\n")).not.toContain("younger than a day");
      rig.advance(DAY);
    }
    await rig.up({ ...program, paused: true });
    rig.advance(30 * DAY);
    const { said } = await rig.preview(program);
    expect(said.join("\n")).toMatch(/Only snapshots younger than a day remain on web-1 \(1001\)/);
    expect((await rig.preview({ ...program, minKeep: 3 })).said.join("\n")).not.toContain(
      "younger than a day",
    );
    expect((await rig.up(program)).said.join("\n")).toContain("younger than a day");
  });
});
