import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseGeneratedName } from "../../../provider/utho/names";
import { type Simulator, startSimulator } from "../../../simulator";
import { ShiftedClock } from "../../support/shifted-clock";
import { Stack, type StateResource } from "../../support/stack";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Every declared output, so that one that stays empty fails a test. */
const program = (args: string, options = "{}", name = "nightly"): string => `
  const r = new utho.SnapshotRotation("${name}", ${args}, ${options});
  exports.all = pulumi.all({ snapshots: r.snapshots, newest: r.newest, nextDue: r.nextDue, monthlyCost: r.monthlyCost,
    failures: r.failures, mark: r.mark, prefixes: r.prefixes });
`;

interface Outputs {
  snapshots: Record<string, unknown>;
  newest: Record<string, string>;
}

describe("a SnapshotRotation in the real engine", () => {
  let clock: ShiftedClock;
  let simulator: Simulator;
  let stack: Stack;

  beforeEach(async () => {
    clock = new ShiftedClock("2026-03-01T02:00:00Z");
    simulator = await startSimulator({ clock: clock.clock });
    stack = await Stack.create({ program: "", simulator, env: clock.env });
  });

  afterEach(async () => {
    stack.dispose();
    await simulator.close();
    clock.dispose();
  });

  const days = (cloudId = "1001"): string[] =>
    simulator.cloud.snapshots(cloudId).map(({ name }) => /-\d{6}(\d\d)t/i.exec(name)?.[1] ?? name);
  const outputs = async (): Promise<Outputs> => (await stack.outputs()).all as Outputs;

  it("takes what is due, is unchanged in between, prunes, shows only drift, and leaves its snapshots", async () => {
    const args = '{ cloudIds: ["1002", "1001"], every: "24h", keep: { last: 2 } }';
    stack.setProgram(program(args));
    const first = await stack.run(["up", "--yes"]);
    expect(first.code, first.output).toBe(0);
    expect(first.output).toContain("The rotation takes 2 (on web-1 (1001), db-1 (1002)), deletes nothing.");
    const [first1 = "", first2 = ""] = Object.keys((await outputs()).snapshots);
    const entry = (cloudId: string, serverName: string, sizeGb: number) => ({
      id: expect.stringMatching(new RegExp(`^${cloudId}/\\d+$`)),
      cloudId,
      serverName,
      name: expect.stringMatching(/^dev-nightly-[0-9a-f]{6}-20260301t0\d{5}z$/),
      takenAt: expect.stringMatching(/^2026-03-01T0\d:\d\d:\d\dZ$/),
      status: "Active",
      sizeGb,
      monthlyCost: 4 * sizeGb,
      reasons: ["last"],
    });
    expect(await outputs()).toEqual({
      snapshots: { [first1]: entry("1001", "web-1", 50), [first2]: entry("1002", "db-1", 80) },
      newest: { "1001": first1, "1002": first2 },
      nextDue: expect.stringMatching(/^2026-03-02T0\d:\d\d:\d\dZ$/),
      monthlyCost: 520,
      failures: [],
      mark: expect.stringMatching(/^[0-9a-f]{6}$/),
      prefixes: ["dev-nightly"],
    });

    simulator.requests.clear();
    clock.advance(simulator, 20 * HOUR);
    const early = await stack.preview("--expect-no-changes");
    expect(early.code, early.output).toBe(0);
    expect(simulator.requests.count()).toBe(0);

    clock.advance(simulator, DAY);
    const second = await stack.up();
    expect(second.code, second.output).toBe(0);
    clock.advance(simulator, DAY);
    // Due is a change of the program's, and no drift.
    expect((await stack.drift()).code).toBe(0);
    const due = await stack.preview("--expect-no-changes");
    expect(due.code, due.output).not.toBe(0);
    expect(due.output).toMatch(
      /takes 2 \(on web-1 \(1001\), db-1 \(1002\)\), deletes 2 \(\S+ \S+ of 2 days ago, \S+ \S+ of 2 days ago\)/,
    );
    expect(simulator.requests.count("snapshot.delete")).toBe(0);
    expect((await stack.up()).code).toBe(0);
    expect([days("1001"), days("1002")]).toEqual([
      ["02", "03"],
      ["02", "03"],
    ]);

    const [oldest, , , newest] = [...simulator.cloud.snapshots("1001"), ...simulator.cloud.snapshots("1002")];
    simulator.cloud.deleteSnapshot(oldest?.id ?? "");
    simulator.cloud.failSnapshot(newest?.id ?? "");
    expect((await stack.drift()).code).toBe(7);
    const accepted = await stack.up("--refresh");
    expect(accepted.code, accepted.output).toBe(0);
    expect(accepted.output).toContain(
      `Snapshot web-1 1001/${oldest?.id} of 2026-03-02 is no longer in the rotation`,
    );
    expect(accepted.output).toContain(`Snapshot 1002/${newest?.id} (${newest?.name}) has the status "Error"`);
    // A new one stands in for the newest, which is no backup any more.
    expect(simulator.cloud.snapshots("1002")).toHaveLength(3);
    // Neither drift nor anything to do.
    const settled = await stack.preview("--refresh", "--expect-no-changes");
    expect(settled.code, settled.output).toBe(0);

    const before = simulator.cloud.snapshots().length;
    const destroy = await stack.destroy();
    expect(destroy.code, destroy.output).toBe(0);
    expect(destroy.output).toContain("The rotation ended. 4 of its snapshots remain and cost");
    expect(simulator.cloud.snapshots()).toHaveLength(before);
  });

  it("is paused, renamed by an alias, given another prefix and removed with its snapshots", async () => {
    const args = (more: string): string =>
      `{ cloudId: "1001", every: "24h", keep: { last: 3 }, onRemove: "delete"${more} }`;
    const foreign = "dev-nightly-20250101T000000Z-000000";
    simulator.cloud.addSnapshot({ cloudId: "1001", name: foreign });
    stack.setProgram(program(args("")));
    expect((await stack.up()).code).toBe(0);
    clock.advance(simulator, 2 * DAY);
    const renamed = (more: string): string =>
      program(args(`, namePrefix: "web"${more}`), '{ aliases: [{ name: "nightly" }] }', "backups");
    stack.setProgram(renamed(", paused: true"));
    const paused = await stack.up();
    expect(paused.code, paused.output).toBe(0);
    expect(paused.output).toContain("The rotation is paused");
    expect(days()).toHaveLength(2);
    stack.setProgram(renamed(""));
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const own = simulator.cloud.snapshots("1001").slice(1);
    expect(own.map(({ name }) => parseGeneratedName(name)?.label)).toEqual(["dev-nightly", "web"]);
    expect(new Set(own.map(({ name }) => parseGeneratedName(name)?.mark)).size).toBe(1);

    const { deployment } = await stack.export();
    const isRotation = ({ type }: StateResource): boolean => /utho:(index:)?SnapshotRotation$/.test(type);
    const urn = deployment.resources?.find(isRotation)?.urn ?? "";
    const replaced = await stack.up("--replace", urn);
    expect(replaced.code, replaced.output).toBe(0);
    expect(simulator.requests.count("snapshot.delete")).toBe(0);
    // To the engine the replacement is new, and it knows only names that it would give itself.
    expect(replaced.output).toContain("The replacement names its snapshots");
    expect(replaced.output).toContain("2 of its snapshots remain and cost");

    simulator.cloud.nextOutcome({ of: "snapshot", outcome: "failed" });
    clock.advance(simulator, DAY);
    const failed = await stack.up();
    expect(failed.code).not.toBe(0);
    expect(failed.output).toMatch(/UTHO_ROTATION_INCOMPLETE.*\n[\s\S]*\(1001\): UTHO_SNAPSHOT_FAILED/);
    const destroy = await stack.destroy();
    expect(destroy.code, destroy.output).toBe(0);
    expect(simulator.cloud.snapshots().map(({ name }) => name)).toEqual([
      foreign,
      ...own.map(({ name }) => name),
    ]);
  });

  it("refuses bad input before anything is touched", async () => {
    stack.setProgram(`
      new utho.SnapshotRotation("a", { cloudIds: [], every: "daily", at: "2am", keep: {}, minKeep: 0, timeZone: "Mars/Olympus" });
    `);
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    for (const text of [
      "this keep would keep nothing; say what is kept",
      "minKeep is 0; wanted a whole number of 1 or more",
      '"Mars/Olympus" is no time zone; give an IANA name',
      'every is "daily"; wanted a duration above 0',
      'at is "2am"; write "02:00"',
      "cloudIds is empty; a look-up that found no server",
    ]) {
      expect(preview.output).toContain(text);
    }
    expect(simulator.requests.count()).toBe(0);
    stack.setProgram(`
      const keep = { last: 1 };
      const first = new utho.SnapshotRotation("c", { cloudId: "1001", every: "5m", keep, namePrefix: "same" });
      new utho.SnapshotRotation("d", { cloudId: "1002", every: "1h", keep, namePrefix: "same" }, { dependsOn: first });
    `);
    const taken = await stack.preview();
    expect(taken.code).not.toBe(0);
    expect(taken.output).toContain("every is 5m, but a snapshot takes 2 to 10 minutes");
    expect(taken.output).toContain('UTHO_ROTATION_PREFIX_TAKEN: its snapshots would be named "same-');
    expect(simulator.cloud.snapshots()).toEqual([]);
  });
});
