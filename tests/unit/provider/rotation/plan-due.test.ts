import { describe, expect, it } from "vitest";
import { planRotation, planServer, toleranceOf } from "../../../../provider/rotation/plan";
import { DAY, HOUR, policyOf, snapshotAt } from "./plan-cases";

const NOW = Date.parse("2026-11-24T02:00:00Z");
const MINUTE = 60_000;

function dueWith(every: number, snapshots: Parameters<typeof planServer>[1]) {
  const { take, dueAt } = planServer("1001", snapshots, policyOf({ last: 3 }, { everyMs: every }), NOW);
  return { take, inMinutes: (dueAt - NOW) / MINUTE };
}

describe("a snapshot is due", () => {
  it("when there is no snapshot yet", () => {
    expect(dueWith(DAY, [])).toEqual({ take: true, inMinutes: 0 });
  });

  it.each([
    ["a day ago", DAY, true, -60],
    ["23 hours ago, which is an hour early and still the next night", 23 * HOUR, true, 0],
    ["23 hours less a second ago", 23 * HOUR - 1_000, false, 1 / 60],
    ["just now", 0, false, 23 * 60],
    ["14 minutes ahead of our clock", -14 * MINUTE, false, 23 * 60 + 14],
  ])("every day or not, when the newest was taken %s", (_, age, take, inMinutes) => {
    expect(dueWith(DAY, [snapshotAt(NOW - age)])).toEqual({ take, inMinutes });
  });

  it("by the newest, whatever the order", () => {
    const snapshots = [snapshotAt(NOW - 2 * DAY), snapshotAt(NOW - HOUR), snapshotAt(NOW - 3 * DAY)];
    expect(dueWith(DAY, snapshots)).toEqual({ take: false, inMinutes: 22 * 60 });
  });

  it.each(["Pending", "Creating", "in-queue"])("not while one is still coming (%s)", (status) => {
    expect(dueWith(DAY, [snapshotAt(NOW - HOUR, { status })]).take).toBe(false);
  });

  it.each(["Error", "FAILED", "snapshot_failed"])("when the newest failed (%s)", (status) => {
    expect(dueWith(DAY, [snapshotAt(NOW - HOUR, { status })]).take).toBe(true);
  });

  it("although a snapshot has a time in the future, which must not delay it", () => {
    expect(dueWith(DAY, [snapshotAt(NOW + 16 * MINUTE)]).take).toBe(true);
    expect(dueWith(DAY, [snapshotAt("2036-01-01T00:00:00Z"), snapshotAt(NOW - HOUR)])).toEqual({
      take: false,
      inMinutes: 22 * 60,
    });
  });

  it.each([
    ["an hour", HOUR, 2.5],
    ["a day", DAY, 60],
    ["a week", 7 * DAY, 60],
  ])("earlier than every %s by a 24th of it, at most an hour", (_, every, minutes) => {
    expect(toleranceOf(every) / MINUTE).toBe(minutes);
  });

  it("on each server of a fleet by itself, in the order of the servers", () => {
    const snapshots = [snapshotAt(NOW - HOUR), snapshotAt(NOW - 2 * DAY, { cloudId: "1002" })];
    const plans = planRotation(
      ["1003", "1002", "1001", "1002"],
      snapshots,
      policyOf({ last: 1 }, { everyMs: DAY }),
      NOW,
    );
    expect(plans.map(({ cloudId, take }) => [cloudId, take])).toEqual([
      ["1003", true],
      ["1002", true],
      ["1001", false],
    ]);
  });
});

describe("a job that runs every night", () => {
  it("takes one every night, although it never starts at the same second", () => {
    const policy = policyOf({ daily: -1 }, { everyMs: DAY });
    const snapshots = [];
    for (let night = 0; night < 60; night += 1) {
      // Up to 20 minutes late, as busy schedulers are.
      const now = NOW + night * DAY + ((night * 7_919) % 1_200) * 1_000;
      const { take } = planServer("1001", snapshots, policy, now);
      if (take) snapshots.push(snapshotAt(now));
    }
    expect(snapshots).toHaveLength(60);
  });

  it("takes no second one when it is started again within the day", () => {
    const policy = policyOf({ daily: 7 }, { everyMs: DAY });
    for (let minutes = 0; minutes < 23 * 60; minutes += 30) {
      expect(planServer("1001", [snapshotAt(NOW)], policy, NOW + minutes * MINUTE).take).toBe(false);
    }
  });
});
