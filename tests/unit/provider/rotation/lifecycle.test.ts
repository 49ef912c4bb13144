import { afterEach, describe, expect, it } from "vitest";
import { deletionTimeout } from "../../../../provider/rotation/turn";
import { parseGeneratedName } from "../../../../provider/utho/names";
import { DAY, HOUR, RotationRig, timesIn, URN } from "./rotation-rig";

const DAILY = { cloudId: "1001", every: "24h", keep: { last: 2 } };

it("a rotation gives each deletion its own time, or that of an update which a person made longer", () => {
  expect(deletionTimeout()).toBe("10m");
  expect(deletionTimeout({ update: "2s" })).toBe("10m");
  expect(deletionTimeout({ update: "1h" })).toBe("1h");
  expect(deletionTimeout({ update: "1h", delete: "5m" })).toBe("5m");
});

describe("a rotation", () => {
  let rig: RotationRig;

  afterEach(() => rig.simulator.close());

  /** A rotation that has run on so many days, one after the other. */
  async function ranFor(days: number, program: Record<string, unknown> = DAILY): Promise<void> {
    rig = await RotationRig.start();
    for (let day = 0; day < days; day += 1) {
      if (day > 0) rig.advance(DAY);
      const { error } = await rig.up(program);
      expect(error).toBeUndefined();
    }
  }

  it("that is read by an id is refused with what works instead", async () => {
    rig = await RotationRig.start();
    const { provider } = rig.plugin();
    await expect(provider.read("prod-nightly-a1b2c3", {})).rejects.toThrow(
      /UTHO_ROTATION_INPUT[\s\S]*StackReference.*getSnapshots/,
    );
  });

  it("takes the first one, then nothing until it is due, and then prunes in order after it is Active", async () => {
    await ranFor(1);
    expect(rig.id).toMatch(/^prod-nightly-[0-9a-f]{6}$/);
    expect(rig.names()).toEqual([expect.stringMatching(/^prod-nightly-[0-9a-f]{6}-20260301t0200\d\dz$/)]);
    expect(rig.state).toMatchObject({
      snapshots: [
        {
          cloudId: "1001",
          serverName: "web-1",
          status: "Active",
          sizeGb: 50,
          monthlyCost: 200,
          reasons: ["last"],
        },
      ],
      newest: { "1001": rig.state.snapshots[0]?.id },
      nextDue: "2026-03-02T00:00:00Z",
      monthlyCost: 200,
      failures: [],
      prefixes: ["prod-nightly"],
    });

    expect(await rig.up(DAILY)).toMatchObject({ changed: false, writes: [], said: [] });
    rig.advance(21 * HOUR);
    expect(await rig.preview(DAILY)).toEqual({ changed: false, said: [] });
    rig.advance(3 * HOUR);
    expect(await rig.preview(DAILY)).toEqual({
      changed: true,
      said: [
        "Costs ₹200 a month now, about ₹400 after this, and about ₹400 once the policy is full (2 kept).",
        "The rotation takes 1, deletes nothing.",
      ],
    });
    expect(await rig.up(DAILY)).toMatchObject({ writes: ["snapshot.create"] });
    rig.advance(DAY);
    const preview = await rig.preview(DAILY);
    const [, oldest] = rig.state.snapshots;
    expect(preview.said.at(-1)).toBe(`The rotation takes 1, deletes 1 (${oldest?.id} of 2 days ago).`);
    const third = await rig.up(DAILY);
    expect(third.writes).toEqual(["snapshot.create", "snapshot.delete"]);
    expect(third.said.at(-1)).toMatch(/^The rotation took 1 \(1001\/\d+\) and deleted 1 \(1001\/\d+\)\.$/);
    expect(timesIn(rig.names())).toEqual(["20260302T02", "20260303T02"]);
    // The new one was seen Active before anything was deleted.
    const operations = rig.simulator.cloud.operations("1001").slice(-2);
    expect(operations).toMatchObject([
      { kind: "snapshot", state: "success" },
      { kind: "deleteSnapshot", state: "success" },
    ]);
  });

  it("prunes the oldest first, one by one, when the policy is made smaller, and takes nothing", async () => {
    await ranFor(5, { ...DAILY, keep: { last: 5 } });
    const smaller = { ...DAILY, keep: { last: 2 } };
    const preview = await rig.preview(smaller);
    expect(preview.said.join()).toMatch(
      /takes nothing \(next due in 22h\), deletes 3 \(\S+ of 2 days ago, \S+ of 3 days ago, \S+ of 4 days ago\)/,
    );
    const before = rig.state.snapshots.map(({ id }) => id).reverse();
    expect((await rig.up(smaller)).writes).toEqual(Array(3).fill("snapshot.delete"));
    const deleted = rig.simulator.requests
      .all()
      .filter(({ operation }) => operation === "snapshot.delete")
      .map(({ path }) => /snapshot\/(\d+)/.exec(path)?.[1]);
    expect(deleted.map((id) => `1001/${id}`)).toEqual(before.slice(0, 3));
    expect(await rig.up(smaller)).toMatchObject({ changed: false });
  });

  it("touches nothing that is not its own, however like its name", async () => {
    await ranFor(1);
    const [own = ""] = rig.names();
    const mark = parseGeneratedName(own)?.mark;
    const foreign = [
      "prod-nightly-20200101T000000Z-000000",
      `prod-nightly2-20200101T000000Z-${mark}`,
      `prod-nightly2-${mark}-20200101t000000z`,
      `prod-nightly-${mark}-20200101t000000z-copy`,
      `nightly-20200101T000000Z-${mark}`,
      `prod-nightly-20200101T000000Z-${mark}-copy`,
      "prod-nightly",
      "before the upgrade",
      "prod-nightly-before-restore-20200101T000000Z-0a0a0a",
    ];
    for (const name of foreign) rig.simulator.cloud.addSnapshot({ cloudId: "1001", name });
    for (let day = 0; day < 3; day += 1) {
      rig.advance(DAY);
      await rig.up({ ...DAILY, keep: { last: 1 }, onRemove: "delete" });
    }
    expect(rig.names().filter((name) => foreign.includes(name))).toEqual(foreign);
    expect(rig.names()).toHaveLength(foreign.length + 1);
    await rig.destroy();
    expect(rig.names()).toEqual(foreign);
  });

  it("goes on pruning what it made under an earlier prefix, and keeps its mark when it is renamed", async () => {
    await ranFor(2);
    const renamed = { ...DAILY, namePrefix: "web", resourceUrn: "urn:pulumi:prod::shop::t::backups" };
    const { changed, writes } = await rig.up(renamed);
    expect({ changed, writes }).toEqual({ changed: true, writes: [] });
    expect(rig.state.prefixes).toEqual(["prod-nightly", "web"]);
    rig.advance(DAY);
    await rig.up(renamed);
    expect(rig.names().map((name) => parseGeneratedName(name)?.label)).toEqual(["prod-nightly", "web"]);
    expect(new Set(rig.names().map((name) => parseGeneratedName(name)?.mark)).size).toBe(1);
  });

  it("shows on refresh what was deleted, renamed or failed, and not that something is due", async () => {
    await ranFor(3, { ...DAILY, keep: { last: 9 } });
    const program = { ...DAILY, keep: { last: 9 } };
    expect(await rig.refresh()).toBe(false);
    rig.advance(2 * DAY);
    expect(await rig.refresh()).toBe(false);
    expect((await rig.preview(program)).changed).toBe(true);
    const [first, second] = rig.simulator.cloud.snapshots();
    rig.simulator.cloud.deleteSnapshot(first?.id ?? "");
    expect(await rig.refresh()).toBe(true);
    const up = await rig.up(program);
    expect(up.said.join("\n")).toContain(
      `Snapshot web-1 1001/${first?.id} of 2026-03-01 is no longer in the rotation`,
    );
    expect(await rig.refresh()).toBe(false);

    rig.simulator.cloud.failSnapshot(second?.id ?? "");
    expect(await rig.refresh()).toBe(true);
    const accepted = await rig.up(program);
    expect(accepted).toMatchObject({ error: undefined, writes: [] });
    expect(accepted.said.join("\n")).toContain("is not deleted");
    expect(await rig.refresh()).toBe(false);
    expect(await rig.up(program)).toMatchObject({ changed: false });
    // It is never deleted, and counts for nothing.
    rig.advance(DAY);
    await rig.up({ ...program, keep: { last: 1 } });
    expect(rig.state.snapshots.map(({ status }) => status)).toEqual(["Active", "Error"]);
    expect(rig.simulator.cloud.snapshots().map(({ id }) => id)).toContain(second?.id);
  });

  it("makes no drift of a listing that fails, and believes nothing gone", async () => {
    await ranFor(2);
    rig.simulator.faults.add({ operation: "*", phase: "before", kind: { status: 503 }, times: "always" });
    await expect(rig.refresh()).rejects.toThrow("UTHO_SERVER_ERROR");
    const { error } = await rig.up({ ...DAILY, minKeep: 2 });
    expect(String(error)).toContain("UTHO_SERVER_ERROR");
    rig.simulator.faults.clear();
    expect(await rig.refresh()).toBe(false);
    expect(rig.state.snapshots).toHaveLength(2);
  });

  it("paused takes and deletes nothing, and still shows drift", async () => {
    await ranFor(3);
    const paused = { ...DAILY, keep: { last: 1 }, paused: true };
    expect((await rig.preview(paused)).said).toEqual([
      "The rotation is paused: it takes nothing and deletes nothing.",
    ]);
    rig.advance(5 * DAY);
    expect(await rig.up(paused)).toMatchObject({ changed: true, writes: [] });
    expect(rig.state.nextDue).toBeUndefined();
    expect(await rig.up(paused)).toMatchObject({ changed: false });
    rig.simulator.cloud.deleteSnapshot(rig.simulator.cloud.snapshots()[0]?.id ?? "");
    expect(await rig.refresh()).toBe(true);
    expect(await rig.up({ ...paused, paused: false })).toMatchObject({
      writes: ["snapshot.create", "snapshot.delete"],
    });
  });

  it("keeps its snapshots when it is removed, and says what they cost", async () => {
    await ranFor(2);
    rig.simulator.requests.clear();
    const said = await rig.destroy();
    expect(said).toEqual([
      expect.stringMatching(/^The rotation ended\. 2 of its snapshots remain and cost ₹400 a month/),
    ]);
    expect(rig.simulator.requests.count()).toBe(0);
    expect(rig.names()).toHaveLength(2);

    // Declared again it knows them, takes nothing that is not due, and deletes nothing in the same run.
    const less = { ...DAILY, keep: { last: 1 } };
    expect((await rig.preview(less)).said.join()).toMatch(
      /takes nothing .*deletes nothing yet; the next run prunes 1/,
    );
    expect(await rig.up(less)).toMatchObject({ writes: [], error: undefined });
    expect(await rig.up(less)).toMatchObject({ writes: ["snapshot.delete"] });
  });

  it("deletes them with it on request, goes on after a failure, and never deletes on a replacement", async () => {
    const timeouts = { delete: "100ms" };
    const program = { ...DAILY, keep: { last: 3 }, onRemove: "delete", timeouts };
    await ranFor(3, program);
    const replacing = rig.plugin();
    const { inputs } = await replacing.provider.check({}, { ...program, resourceUrn: URN });
    const made = await replacing.provider.create(inputs);
    await replacing.provider.delete(rig.id, rig.outs);
    expect(replacing.writes().filter((operation) => operation === "snapshot.delete")).toEqual([]);
    expect(replacing.said.join()).toContain("is still in this program");
    expect(Object.keys(Object(made.outs.snapshots))).toHaveLength(3);

    // The same after `stack rename`: the state holds the former URN until the rotation is next written.
    const renamed = rig.plugin();
    const resourceUrn = URN.replace(/^urn:pulumi:[^:]+/, "urn:pulumi:renamed");
    await renamed.provider.check({}, { ...program, resourceUrn });
    await renamed.provider.delete(rig.id, rig.outs);
    expect(renamed.said.join()).toContain("is still in this program");
    expect(rig.names()).toHaveLength(3);

    rig.simulator.faults.add({
      operation: "snapshot.delete",
      phase: "before",
      kind: { status: 422, body: { status: "error", message: "No" } },
      times: "always",
    });
    await expect(rig.destroy()).rejects.toThrow("UTHO_ROTATION_INCOMPLETE");
    expect(rig.names()).toHaveLength(3);
    rig.simulator.faults.clear();
    await rig.destroy();
    expect(rig.names()).toEqual([]);
  });
});
