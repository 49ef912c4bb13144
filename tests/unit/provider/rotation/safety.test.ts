import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { DAY, HOUR, RotationRig, URN } from "./rotation-rig";

const DAILY = { cloudId: "1001", every: "24h", keep: { last: 2 }, timeouts: { create: "2s", update: "2s" } };

describe("a rotation in trouble", () => {
  let rig: RotationRig;

  afterEach(() => rig.simulator.close());

  const creates = (): number => rig.simulator.requests.count("snapshot.create");

  async function ranFor(days: number, program: Record<string, unknown> = DAILY): Promise<void> {
    rig = await RotationRig.start();
    for (let day = 0; day < days; day += 1) {
      if (day > 0) rig.advance(DAY);
      expect((await rig.up(program)).error).toBeUndefined();
    }
  }

  it("whose snapshot fails deletes nothing, and the next run makes up for it", async () => {
    await ranFor(2);
    rig.advance(DAY);
    const before = rig.names();
    rig.simulator.cloud.nextOutcome({ of: "snapshot", outcome: "failed" });
    expect(String((await rig.up(DAILY)).error)).toContain("UTHO_ROTATION_INCOMPLETE");
    expect(rig.names().slice(0, 2)).toEqual(before);
    expect(rig.simulator.requests.count("snapshot.delete")).toBe(0);
    const { writes } = await rig.up(DAILY);
    expect(writes).toEqual(["snapshot.create", "snapshot.delete", "snapshot.delete"]);
    expect(rig.simulator.cloud.snapshots().map(({ status }) => status)).toEqual(["Active", "Active"]);
    expect(await rig.up(DAILY)).toMatchObject({ changed: false });
  });

  it("leaves what a Snapshot of the same program has adopted, whenever the rotation would delete it", async () => {
    await ranFor(2);
    const [oldest] = rig.simulator.cloud.snapshots();
    const pinned = { resourceUrn: URN.replace("Rotation::nightly", "::pinned"), cloudId: "1001" };
    rig.declaredBeside = { ...pinned, adoptId: oldest?.id };
    for (let day = 0; day < 2; day += 1) {
      rig.advance(DAY);
      const preview = (await rig.preview(DAILY)).said.join("\n");
      expect(preview).toMatch(new RegExp(`so it stays: 1001/${oldest?.id} \\(urn:.*::pinned\\)`));
      expect(preview).toMatch(day === 0 ? /deletes nothing\.$/ : /deletes 1 \(/);
      expect(preview).not.toMatch(new RegExp(`deletes.*1001/${oldest?.id}`));
      const { error, said } = await rig.up(DAILY);
      expect(error).toBeUndefined();
      expect(said.join()).toContain(`Snapshot 1001/${oldest?.id} was not deleted`);
      expect(await rig.up(DAILY)).toMatchObject({ changed: false });
      await rig.refresh();
      expect(await rig.up(DAILY)).toMatchObject({ changed: false });
    }
    // From then on it is the adopter's, met before the rotation or not, and when it leaves the program, too.
    rig.declaredBeside = undefined;
    rig.advance(DAY);
    expect((await rig.preview(DAILY)).said.join()).toContain(
      `${oldest?.id} (another resource had adopted it)`,
    );
    const { said } = await rig.up(DAILY);
    expect(said.join()).toContain(`1001/${oldest?.id} was not deleted: another resource had adopted it`);
    expect(rig.simulator.cloud.snapshots().map(({ id }) => id)).toHaveLength(3);
    expect(rig.simulator.cloud.snapshots()[0]?.id).toBe(oldest?.id);
    // What its adopter deletes is neither drift nor a loss, and is forgotten.
    rig.simulator.cloud.deleteSnapshot(oldest?.id ?? "");
    expect(await rig.refresh()).toBe(false);
    rig.advance(DAY);
    expect((await rig.up(DAILY)).said.join()).not.toContain(oldest?.id);
    expect(rig.outs).toMatchObject({ losses: {} });
    expect(rig.outs).not.toHaveProperty("spared");
  });

  it("announces a server that leaves without what stays for another resource", async () => {
    rig = await RotationRig.start();
    const both = { ...DAILY, cloudId: undefined, cloudIds: ["1001", "1002"], onRemove: "delete" };
    await rig.up(both);
    const [one] = rig.simulator.cloud.snapshots().filter(({ cloudId }) => cloudId === "1002");
    const resourceUrn = URN.replace("Rotation::nightly", "::pinned");
    rig.declaredBeside = { resourceUrn, cloudId: "1002", adoptId: one?.id };
    const { said } = await rig.preview({ ...both, cloudIds: ["1001"] });
    expect(said.join("\n")).toMatch(
      /leaves the rotation: no snapshot is affected\.[\s\S]*so it stays: 1002\//,
    );
  });

  it.each(["SnapshotRestore", "ServerClone"])("leaves what a %s is still to be made of", async (type) => {
    await ranFor(2);
    const [oldest] = rig.simulator.cloud.snapshots();
    const resourceUrn = URN.replace("SnapshotRotation::nightly", `${type}::undo`);
    rig.declaredBeside = { resourceUrn, snapshot: `1001/${oldest?.id}` };
    rig.advance(DAY);
    const { error, said } = await rig.up(DAILY);
    expect(error).toBeUndefined();
    expect(said.join()).toContain(`Snapshot 1001/${oldest?.id} was not deleted`);
    // Once state holds it, the policy alone decides.
    rig.stateBeside = rig.declaredBeside;
    rig.advance(DAY);
    expect((await rig.up(DAILY)).error).toBeUndefined();
    expect(rig.simulator.cloud.snapshots().map(({ id }) => id)).not.toContain(oldest?.id);
    expect(rig.names()).toHaveLength(2);
  });

  it("waits for a snapshot that is not Active in time, in the next run too, and takes no second one", async () => {
    await ranFor(2);
    rig.advance(DAY);
    rig.simulator.cloud.nextOutcome({ of: "snapshot", outcome: "never" });
    const late = await rig.up({ ...DAILY, timeouts: { update: "200ms" } });
    expect(late.error?.message).toMatch(/UTHO_SNAPSHOT_NOT_READY/);
    expect(rig.state.snapshots.map(({ status }) => status)).toEqual(["Pending", "Active", "Active"]);
    expect(rig.simulator.requests.count("snapshot.delete")).toBe(0);
    const next = rig.up(DAILY);
    while (rig.simulator.requests.all().at(-1)?.operation !== "snapshot.listByDeploy") await delay(5);
    rig.simulator.cloud.endOperations("1001");
    expect(await next).toMatchObject({ error: undefined, writes: ["snapshot.delete"] });
    expect(creates()).toBe(3);
  });

  it("leaves a snapshot alone whose name differs between the listings, as just after a rename", async () => {
    await ranFor(2);
    const [oldest] = rig.simulator.cloud.snapshots();
    rig.simulator.cloud.setSettings({ listingsDisagreeForMs: 2 * DAY });
    rig.simulator.cloud.renameSnapshot(oldest?.id ?? "", "to be kept");
    rig.simulator.cloud.setSettings({ listingsDisagreeForMs: 0 });
    for (let day = 0; day < 3; day += 1) {
      rig.advance(DAY);
      expect((await rig.up(DAILY)).error).toBeUndefined();
    }
    expect(rig.names()).toHaveLength(3);
    expect(rig.names()).toContain("to be kept");
  });

  it("that was killed after it asked: the next run waits for what it left, and prunes", async () => {
    await ranFor(2);
    rig.advance(DAY);
    const killed = rig.copy();
    rig.simulator.cloud.nextOutcome({ of: "snapshot", outcome: "never" });
    await killed.up({ ...DAILY, timeouts: { update: "100ms" } });
    const next = rig.up({ ...DAILY, timeouts: { update: "1h" } });
    await rig.looked(3);
    rig.simulator.cloud.endOperations("1001");
    expect(await next).toMatchObject({ error: undefined, writes: ["snapshot.delete"] });
    expect(creates()).toBe(3);
    expect(await rig.up(DAILY)).toMatchObject({ changed: false });
  });

  it("that was killed before anything was recorded finds its first snapshot again", async () => {
    rig = await RotationRig.start();
    await rig.copy().up(DAILY);
    expect(rig.inputs).toBeUndefined();
    expect((await rig.preview(DAILY)).said.at(-1)).toMatch(/takes nothing .*, deletes nothing\.$/);
    expect(await rig.up(DAILY)).toMatchObject({ error: undefined, writes: [] });
    expect(rig.state.snapshots).toHaveLength(1);
  });

  it("whose answer is lost looks before it asks again", async () => {
    await ranFor(1);
    rig.advance(DAY);
    rig.simulator.faults.add({ operation: "snapshot.create", phase: "after", kind: { cut: true } });
    expect((await rig.up(DAILY)).error).toBeUndefined();
    expect(creates()).toBe(2);
    expect(rig.names()).toHaveLength(2);
  });

  it("two jobs at the same moment take one snapshot, or two and then settle", async () => {
    // Both wait in one simulated time, which passes faster than they look: one may end before the other's snapshot is
    // Active or even listed, and then neither state knows of a surplus before the next refresh.
    const program = { ...DAILY, timeouts: { update: "1h" } };
    await ranFor(3);
    const active = (): number =>
      rig.simulator.cloud.snapshots().filter(({ status }) => status === "Active").length;
    const made = (): number =>
      rig.simulator.requests.all("snapshot.create").filter(({ status }) => status === 200).length;
    for (let round = 0; round < 5; round += 1) {
      rig.advance(DAY);
      const before = made();
      const other = rig.copy();
      const [one, two] = await Promise.all([rig.up(program), other.up(program)]);
      expect([one.error, two.error]).toEqual([undefined, undefined]);
      expect([1, 2]).toContain(made() - before);
      expect([2, 3]).toContain(active());
      // From its own state, which may not know what the other job did, neither deletes what the policy keeps.
      for (const job of [rig, other]) {
        expect((await job.up(program)).error).toBeUndefined();
        expect([2, 3]).toContain(active());
      }
      // A run that has looked deletes the surplus, and there is nothing left to do for either.
      await rig.refresh();
      expect((await rig.up(program)).writes).not.toContain("snapshot.create");
      for (const job of [rig, other]) {
        await job.refresh();
        expect(await job.up(program)).toMatchObject({ error: undefined, writes: [] });
      }
      expect(rig.names()).toHaveLength(2);
      expect(active()).toBe(2);
    }
  });

  it.each([
    ["a month ahead", 30 * DAY],
    ["a month behind", -30 * DAY],
    ["two hours ahead", 2 * HOUR],
  ])("whose machine's clock is %s deletes nothing, and says so", async (_what, skew) => {
    await ranFor(6, { ...DAILY, keep: { within: "5d" } });
    const before = rig.names();
    rig.advance(DAY);
    rig.skew = skew;
    const wrong = await rig.up({ ...DAILY, keep: { last: 1 } });
    expect(wrong.error).toBeUndefined();
    expect(rig.names().slice(0, before.length)).toEqual(before);
    if (wrong.writes.includes("snapshot.create"))
      expect(wrong.said.join("\n")).toContain("Nothing was deleted on web-1 (1001)");
    rig.skew = 0;
    rig.advance(DAY);
    const right = await rig.up({ ...DAILY, keep: { last: 1 } });
    expect(right.error).toBeUndefined();
    // What was taken by a wrong clock is neither deleted nor counted.
    const newest = rig.state.newest["1001"];
    expect(rig.state.snapshots.find(({ id }) => id === newest)?.reasons).toEqual(["last"]);
    expect(rig.names()).toHaveLength(wrong.writes.includes("snapshot.create") ? 2 : 1);
    expect(await rig.up({ ...DAILY, keep: { last: 1 } })).toMatchObject({ changed: false });
  });

  it("counts nothing that only a stale listing still shows", async () => {
    await ranFor(4, { ...DAILY, keep: { last: 4 } });
    const { simulator } = rig;
    const [, , third, fourth] = simulator.cloud.snapshots();
    // Gone between the account's listing and the look at the server.
    const stop = simulator.requests.onArrival(({ operation }) => {
      if (operation !== "server.read") return;
      stop();
      for (const one of [third, fourth]) simulator.cloud.deleteSnapshot(one?.id ?? "");
    });
    const { error } = await rig.up({ ...DAILY, keep: { last: 2 } });
    expect(error).toBeUndefined();
    expect(simulator.cloud.snapshots()).toHaveLength(2);
  });

  it("switches the server off for the snapshot, and it runs again before anything is deleted", async () => {
    const program = { ...DAILY, keep: { last: 1 }, powerOff: true };
    await ranFor(2, program);
    const writes = rig.simulator.requests
      .all()
      .flatMap(({ method, operation }) => (method === "GET" ? [] : [operation]));
    const once = ["server.poweroff", "snapshot.create", "server.poweron"];
    expect(writes).toEqual([...once, ...once, "snapshot.delete"]);
    expect(rig.simulator.cloud.server("1001").powerState).toBe("Running");
  });

  it("takes no second snapshot and deletes nothing when no listing shows a status", async () => {
    rig = await RotationRig.start({
      settings: { accountListing: "absent404", snapshotListing: "absent" },
    });
    const program = { ...DAILY, keep: { last: 1 } };
    const first = await rig.up(program);
    expect(first.said.join("\n")).toContain("shows no status");
    expect(await rig.up(program)).toMatchObject({ changed: false });
    rig.advance(DAY);
    expect(await rig.up(program)).toMatchObject({ error: undefined, writes: ["snapshot.create"] });
    expect(rig.names()).toHaveLength(2);
  });

  it("is refused when another rotation of the program has its names", async () => {
    rig = await RotationRig.start();
    const { provider } = rig.plugin();
    const mine = { ...DAILY, namePrefix: "web", resourceUrn: URN };
    const first = await provider.check({}, mine);
    expect(first.failures).toEqual([]);
    const other = await provider.check({}, { ...mine, resourceUrn: `${URN}-2` });
    expect(other.failures.join()).not.toBe("");
    expect(other.failures[0]?.reason).toMatch(
      /^UTHO_ROTATION_PREFIX_TAKEN: .*"web-…" like those of urn:pulumi/,
    );
    // Renamed by an alias, and a new resource of the old name beside it.
    const next = rig.plugin().provider;
    await next.check(first.inputs, { ...mine, resourceUrn: `${URN}-renamed` });
    const heir = await next.check({}, { ...mine, namePrefix: "db" });
    expect(heir.failures[0]?.reason).toMatch(/^UTHO_ROTATION_PREFIX_TAKEN: .*which had this name before/);
    expect((await next.check({}, { ...mine, namePrefix: "db", resourceUrn: `${URN}-2` })).failures).toEqual(
      [],
    );
  });

  it("warns of an `every` that is shorter than a snapshot takes", async () => {
    rig = await RotationRig.start();
    expect((await rig.preview({ ...DAILY, every: "5m" })).said.join()).toContain(
      "every is 5m, but a snapshot takes 2 to 10 minutes",
    );
    expect((await rig.preview({ ...DAILY, every: "10m" })).said.join()).not.toContain("every is");
  });
});
