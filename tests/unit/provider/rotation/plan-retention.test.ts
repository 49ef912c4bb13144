import { describe, expect, it } from "vitest";
import { planServer } from "../../../../provider/rotation/plan/server";
import type { KeepPolicy, RotationSnapshot } from "../../../../provider/rotation/plan/types";
import { DAY, deletedLines, HOUR, keptLines, nightly, policyOf, snapshotAt } from "./plan-cases";

const NOW = Date.parse("2026-11-24T03:00:00Z");

function kept(snapshots: RotationSnapshot[], keep: KeepPolicy, timeZone = "UTC", now = NOW): string[] {
  return keptLines(planServer("1001", snapshots, policyOf(keep, { timeZone }), now));
}

function at(...times: string[]): RotationSnapshot[] {
  return times.map((time) => snapshotAt(`${time.replace(" ", "T")}:00Z`));
}

describe("of twelve Sundays, the example in restic's manual,", () => {
  const sundays = Array.from({ length: 12 }, (_, week) =>
    snapshotAt(Date.parse("2019-11-17T11:00:00Z") - week * 7 * DAY),
  );

  it("four dailies are the last four Sundays", () => {
    expect(kept(sundays, { daily: 4 })).toEqual([
      "2019-11-17 11:00: daily",
      "2019-11-10 11:00: daily",
      "2019-11-03 11:00: daily",
      "2019-10-27 11:00: daily",
    ]);
  });

  it("months are counted by the calendar, and the count that is left keeps the oldest", () => {
    expect(kept(sundays, { monthly: 4 })).toEqual([
      "2019-11-17 11:00: monthly",
      "2019-10-27 11:00: monthly",
      "2019-09-29 11:00: monthly",
      "2019-09-01 11:00: oldest monthly",
    ]);
    expect(kept(sundays, { monthly: 3 })).toHaveLength(3);
  });

  it("one may use up several counts", () => {
    expect(kept(sundays, { last: 1, weekly: 2, yearly: 1 })).toEqual([
      "2019-11-17 11:00: last, weekly, yearly",
      "2019-11-10 11:00: weekly",
    ]);
  });
});

describe("a rule", () => {
  it.each([
    ["last", { last: 2 }, ["2026-11-24 02:00: last", "2026-11-24 01:40: last"]],
    ["hourly", { hourly: 2 }, ["2026-11-24 02:00: hourly", "2026-11-24 01:40: hourly"]],
    ["daily", { daily: 2 }, ["2026-11-24 02:00: daily", "2026-11-23 22:00: daily"]],
    ["weekly", { weekly: 2 }, ["2026-11-24 02:00: weekly", "2026-11-22 02:00: weekly"]],
    ["monthly", { monthly: 2 }, ["2026-11-24 02:00: monthly", "2026-10-31 02:00: monthly"]],
    ["yearly", { yearly: 2 }, ["2026-11-24 02:00: yearly", "2025-12-31 02:00: yearly"]],
  ] as const)("%s keeps the newest of each period", (_, keep, lines) => {
    const snapshots = at(
      ...["2026-11-24 02:00", "2026-11-24 01:40", "2026-11-24 01:20", "2026-11-23 22:00", "2026-11-23 02:00"],
      ...["2026-11-22 02:00", "2026-10-31 02:00", "2026-10-30 02:00", "2025-12-31 02:00", "2024-06-01 02:00"],
    );
    expect(kept(snapshots, keep)).toEqual(lines);
  });

  it("counts only periods that have a snapshot", () => {
    expect(
      kept(at("2026-11-24 02:00", "2026-07-01 02:00", "2020-01-01 02:00", "2019-01-01 02:00"), { daily: 3 }),
    ).toEqual(["2026-11-24 02:00: daily", "2026-07-01 02:00: daily", "2020-01-01 02:00: daily"]);
  });

  it("with -1 keeps one of each period, however many", () => {
    expect(kept(nightly("2026-11-24T02:00:00Z", 400), { daily: -1 })).toHaveLength(400);
    expect(kept(nightly("2026-11-24T02:00:00Z", 400), { last: -1 })).toHaveLength(400);
  });

  it("with 0 keeps nothing", () => {
    expect(kept(nightly("2026-11-24T02:00:00Z", 3), { daily: 0, last: 1 })).toEqual([
      "2026-11-24 02:00: last",
    ]);
  });

  it("counts ISO weeks, whose year is not the calendar's", () => {
    // Monday the 29th of December 2025 and Sunday the 4th of January 2026 are days of one week.
    const snapshots = at(
      "2026-01-05 02:00",
      "2026-01-04 02:00",
      "2026-01-01 02:00",
      "2025-12-29 02:00",
      "2025-12-28 02:00",
      "2025-12-22 02:00",
    );
    expect(kept(snapshots, { weekly: 3 })).toEqual([
      "2026-01-05 02:00: weekly",
      "2026-01-04 02:00: weekly",
      "2025-12-28 02:00: weekly",
    ]);
  });

  it("counts the 29th of February as a day, of a month and of a year", () => {
    const snapshots = at("2028-03-01 02:00", "2028-02-29 02:00", "2028-02-28 02:00");
    const now = Date.parse("2028-03-01T03:00:00Z");
    expect(kept(snapshots, { daily: 2 }, "UTC", now)).toEqual([
      "2028-03-01 02:00: daily",
      "2028-02-29 02:00: daily",
    ]);
    expect(kept(snapshots, { monthly: 1, within: "1d1h" }, "UTC", now)).toEqual([
      "2028-03-01 02:00: within 1d1h, monthly",
      "2028-02-29 02:00: within 1d1h",
    ]);
  });
});

describe("within", () => {
  it("counts back from the newest and not from now, and the end itself lies outside", () => {
    const snapshots = nightly("2026-01-10T02:00:00Z", 5);
    expect(kept(snapshots, { within: "2d" })).toEqual([
      "2026-01-10 02:00: within 2d",
      "2026-01-09 02:00: within 2d",
    ]);
    expect(kept(snapshots, { within: "48h" })).toHaveLength(2);
    expect(kept(snapshots, { within: "2d1h" })).toHaveLength(3);
    expect(kept(snapshots, { within: "1w" })).toHaveLength(5);
  });

  it("with a period keeps the newest of each, and the oldest if it lies within", () => {
    const snapshots = at(
      "2026-11-24 02:00",
      "2026-11-23 22:00",
      "2026-11-23 02:00",
      "2026-11-22 22:00",
      "2026-11-22 02:00",
    );
    expect(kept(snapshots, { withinDaily: "30d" })).toEqual([
      "2026-11-24 02:00: daily within 30d",
      "2026-11-23 22:00: daily within 30d",
      "2026-11-22 22:00: daily within 30d",
      "2026-11-22 02:00: oldest daily within 30d",
    ]);
    expect(kept(snapshots, { withinDaily: "1d" })).toEqual([
      "2026-11-24 02:00: daily within 1d",
      "2026-11-23 22:00: daily within 1d",
    ]);
  });

  it.each(["withinHourly", "withinDaily", "withinWeekly", "withinMonthly", "withinYearly"] as const)(
    "%s keeps at least the newest",
    (rule) => {
      expect(kept(nightly("2026-11-24T02:00:00Z", 2), { [rule]: "1h" })).toEqual([
        `2026-11-24 02:00: ${rule.slice("within".length).toLowerCase()} within 1h`,
      ]);
    },
  );

  it.each([
    // A month before the 31st of March is the 31st of February, which restic counts as the 3rd of March.
    ["2026-03-31T12:00:00Z", "1m", "2026-03-03T12:00:00Z"],
    ["2028-03-31T12:00:00Z", "1m", "2028-03-02T12:00:00Z"],
    ["2028-02-29T12:00:00Z", "1y", "2027-03-01T12:00:00Z"],
    ["2026-11-24T12:00:00Z", "1y6m", "2025-05-24T12:00:00Z"],
    ["2026-11-24T12:00:00Z", "1m2w3d4h", "2026-10-07T08:00:00Z"],
    ["2026-11-24T12:00:00Z", "1980y", "0046-11-24T12:00:00Z"],
  ])("before %s: %s reaches back to %s", (newest, within, start) => {
    const edge = Date.parse(start);
    const snapshots = [newest, edge + 1_000, edge].map((time) => snapshotAt(time));
    const plan = planServer("1001", snapshots, policyOf({ within }), Date.parse(newest));
    expect(plan.delete.map(({ takenAt }) => takenAt)).toEqual([edge]);
  });

  it("of more years than dates have keeps everything", () => {
    expect(kept(nightly("2026-11-24T02:00:00Z", 9), { within: "999999999y" })).toHaveLength(9);
  });

  it.each(["", "14", "14 days", "1.5d", "-3d", "1d2d", "0d", "d", "1D", "2 h"])(
    "is refused where it says %j",
    (within) => {
      expect(() => planServer("1001", nightly("2026-11-24T02:00:00Z", 2), policyOf({ within }), NOW)).toThrow(
        RangeError,
      );
    },
  );
});

describe("what the rules do not judge", () => {
  it("stays and counts for nothing: pending, failed, or with a time in the future", () => {
    const snapshots = [
      snapshotAt("2026-11-24T05:00:00Z"),
      snapshotAt("2026-11-24T02:00:00Z", { status: "Pending" }),
      snapshotAt("2026-11-23T02:00:00Z", { status: "Error" }),
      ...at("2026-11-22 02:00", "2026-11-21 02:00", "2026-11-20 02:00"),
    ];
    const plan = planServer("1001", snapshots, policyOf({ last: 1, within: "1d1h" }, { minKeep: 2 }), NOW);
    expect(keptLines(plan)).toEqual([
      "2026-11-24 05:00: its time lies in the future",
      "2026-11-24 02:00: not Active yet (Pending)",
      "2026-11-23 02:00: not Active (Error)",
      "2026-11-22 02:00: within 1d1h, last",
      "2026-11-21 02:00: within 1d1h",
    ]);
    expect(deletedLines(plan)).toEqual(["2026-11-20 02:00"]);
  });

  it("is nothing that a clock explains: 15 minutes ahead are not the future", () => {
    const ahead = [snapshotAt(NOW + HOUR / 4), snapshotAt(NOW - DAY)];
    expect(kept(ahead, { last: 1 })).toEqual(["2026-11-24 03:15: last"]);
  });
});

describe("minKeep", () => {
  const snapshots = at("2026-11-24 02:00", "2026-11-23 02:00", "2026-11-22 02:00", "2026-11-21 02:00");

  it("adds the newest of those that no rule keeps, until there are enough", () => {
    const plan = planServer("1001", snapshots, policyOf({ last: 1 }, { minKeep: 3 }), NOW);
    expect(keptLines(plan)).toEqual([
      "2026-11-24 02:00: last",
      "2026-11-23 02:00: minKeep",
      "2026-11-22 02:00: minKeep",
    ]);
  });

  it("adds nothing when the rules keep enough", () => {
    expect(kept(snapshots, { last: 2 })).toHaveLength(2);
  });

  it("keeps all when there are fewer", () => {
    expect(deletedLines(planServer("1001", snapshots, policyOf({ last: 1 }, { minKeep: 9 }), NOW))).toEqual(
      [],
    );
  });

  it("does not count those that are no backup", () => {
    const bad = [snapshotAt("2026-11-24T02:30:00Z", { status: "Error" }), ...snapshots];
    expect(kept(bad, { last: 1 })).toEqual([
      "2026-11-24 02:30: not Active (Error)",
      "2026-11-24 02:00: last",
    ]);
  });
});

describe("when a snapshot is due", () => {
  const due = { everyMs: DAY };

  it("the rules see it as taken, so that the preview says what the pruning will do", () => {
    const plan = planServer("1001", nightly("2026-11-23T03:00:00Z", 3), policyOf({ last: 3 }, due), NOW);
    expect(plan.take).toBe(true);
    expect(keptLines(plan)).toEqual(["2026-11-23 03:00: last", "2026-11-22 03:00: last"]);
    expect(deletedLines(plan)).toEqual(["2026-11-21 03:00"]);
  });

  it("it counts for minKeep, since nothing is deleted before it is Active", () => {
    const [old = snapshotAt(NOW)] = nightly("2026-11-23T03:00:00Z", 1);
    const policy = policyOf({ last: 1 }, due);
    expect(planServer("1001", [old], policy, NOW).delete).toEqual([old]);
    expect(planServer("1001", [old, snapshotAt(NOW)], policy, NOW).delete).toEqual([old]);
  });

  it("those to delete come oldest first", () => {
    const plan = planServer("1001", nightly("2026-11-23T03:00:00Z", 4), policyOf({ last: 2 }, due), NOW);
    expect(deletedLines(plan)).toEqual(["2026-11-20 03:00", "2026-11-21 03:00", "2026-11-22 03:00"]);
  });
});

describe("of two that were taken in the same second", () => {
  it("the one with the higher id is the newer, as the cloud counts", () => {
    const twins = ["1001/9", "1001/10", "1001/100"].map((id) => snapshotAt(NOW, { id }));
    const plan = planServer("1001", twins, policyOf({ daily: 1 }), NOW);
    expect(plan.keep.map(({ snapshot }) => snapshot.id)).toEqual(["1001/100"]);
    expect(plan.delete.map(({ id }) => id)).toEqual(["1001/9", "1001/10"]);
  });
});
