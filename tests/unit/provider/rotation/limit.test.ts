import { afterEach, describe, expect, it } from "vitest";
import { DAY, RotationRig } from "./rotation-rig";

const FULL = "You have reached the maximum number of snapshots.";
const KEPT = { cloudId: "1001", every: "24h", keep: { last: 3 }, timeouts: { create: "2s", update: "2s" } };

describe("a rotation in an account with a limit on snapshots", () => {
  let rig: RotationRig;
  afterEach(() => rig.simulator.close());

  const ids = (): string[] => rig.simulator.cloud.snapshots().map(({ id }) => id);

  async function full(days = 3): Promise<void> {
    rig = await RotationRig.start({ settings: { snapshotLimit: days, snapshotLimitWording: FULL } });
    for (let day = 0; day < days; day += 1) {
      if (day > 0) rig.advance(DAY);
      expect((await rig.up(KEPT)).error).toBeUndefined();
    }
    rig.advance(DAY);
  }

  it("that keeps as many deletes nothing, and the error says how to go on", async () => {
    await full();
    const before = ids();
    const { error, writes } = await rig.up(KEPT);
    expect(writes).toEqual(["snapshot.create"]);
    expect(ids()).toEqual(before);
    expect(error?.message).toMatch(/UTHO_SNAPSHOT_LIMIT/);
    expect(error?.message).toContain(FULL);
    expect(error?.message).toMatch(/Next: .*`keep` hold one fewer than the limit allows, set makeRoom: true/);
  });

  it("gives way to a smaller `keep`: what it does not keep goes, and the take is tried again", async () => {
    await full();
    const [oldest, ...others] = ids();
    const smaller = { ...KEPT, keep: { last: 2 } };
    const { error, writes } = await rig.up(smaller);
    expect(error).toBeUndefined();
    expect(writes).toEqual(["snapshot.create", "snapshot.delete", "snapshot.create", "snapshot.delete"]);
    expect(ids()).not.toContain(oldest);
    expect(ids()).toHaveLength(2);
    expect(ids()[0]).toBe(others[1]);
    expect(await rig.up(smaller)).toMatchObject({ changed: false });
  });

  it("with makeRoom deletes the oldest unneeded one before it takes the new one, each night", async () => {
    await full();
    const program = { ...KEPT, makeRoom: true };
    for (let day = 0; day < 3; day += 1) {
      const [oldest, ...others] = ids();
      const { said } = await rig.preview(program);
      expect(said.join("\n")).toContain(`Makes room first (makeRoom): deletes 1001/${oldest}`);
      const { error, writes } = await rig.up(program);
      expect(error).toBeUndefined();
      expect(writes).toEqual(["snapshot.delete", "snapshot.create"]);
      expect(ids().slice(0, 2)).toEqual(others);
      expect(ids()).toHaveLength(3);
      rig.advance(DAY);
    }
  });

  it("never goes below minKeep to make room", async () => {
    await full(1);
    const before = ids();
    const { error, writes } = await rig.up({ ...KEPT, keep: { last: 1 }, makeRoom: true });
    expect(error?.message).toMatch(/UTHO_SNAPSHOT_LIMIT/);
    expect(writes).toEqual(["snapshot.create"]);
    expect(ids()).toEqual(before);
  });

  it("gives up a snapshot that failed, which holds no data, for the new one", async () => {
    rig = await RotationRig.start({ settings: { snapshotLimit: 3, snapshotLimitWording: FULL } });
    for (let day = 0; day < 2; day += 1) {
      expect((await rig.up(KEPT)).error).toBeUndefined();
      rig.advance(DAY);
    }
    rig.simulator.cloud.nextOutcome({ of: "snapshot", outcome: "failed" });
    expect((await rig.up(KEPT)).error).toBeDefined();
    const failed = ids().at(-1);
    expect((await rig.up(KEPT)).error).toBeUndefined();
    expect(ids()).not.toContain(failed);
    expect(rig.simulator.cloud.snapshots().map(({ status }) => status)).toEqual([
      "Active",
      "Active",
      "Active",
    ]);
  });

  it("is off only while a snapshot is asked for, not while room is made", async () => {
    await full();
    const smaller = { ...KEPT, keep: { last: 2 }, powerOff: true };
    expect((await rig.up(smaller)).error).toBeUndefined();
    const calls = rig.simulator.requests
      .all()
      .flatMap(({ method, operation }) => (method === "GET" ? [] : operation));
    expect(calls.slice(calls.indexOf("server.poweroff"))).toEqual([
      ...["server.poweroff", "snapshot.create", "server.poweron", "snapshot.delete"],
      ...["server.poweroff", "snapshot.create", "server.poweron", "snapshot.delete"],
    ]);
    expect(rig.simulator.cloud.servers()[0]?.powerState).toBe("Running");
  });

  it("is not promised savings by a preview while nothing can be taken", async () => {
    await full();
    await rig.up(KEPT);
    const { said } = await rig.preview({ ...KEPT, keep: { last: 2 } });
    expect(said.join("\n")).toMatch(
      /Utho allowed no more .* deletes first what `keep` does not keep: 1001\/5001\./,
    );
    expect(said.at(-1)).toMatch(/^Where Utho allows one more snapshot, the rotation takes 1, deletes 2/);
    const kept = (await rig.preview(KEPT)).said.join("\n");
    expect(kept).toContain("takes and deletes nothing there");
    expect([...said, kept].join("\n")).not.toContain("Costs");
  });
});
