import { describe, expect, it } from "vitest";
import { describePlan } from "../../../../provider/rotation/plan/describe";
import { planServer } from "../../../../provider/rotation/plan/server";
import type { RotationSnapshot } from "../../../../provider/rotation/plan/types";
import { DAY, HOUR, nightly, policyOf, snapshotAt } from "./plan-cases";

const NOW = Date.parse("2026-11-24T02:00:00Z");

function said(
  cloudIds: string[],
  snapshots: RotationSnapshot[],
  every = 25 * HOUR,
  last = 3,
  names?: ReadonlyMap<string, string>,
): string {
  const plans = cloudIds.map((id) => planServer(id, snapshots, policyOf({ last }, { everyMs: every }), NOW));
  return describePlan(plans, NOW, names).replace(/\d{4}\/\d{6}/g, "ID");
}

describe("a plan says in one sentence", () => {
  it.each([
    [
      "what it takes and deletes",
      nightly("2026-11-23T02:00:00Z", 4),
      "takes 1, deletes 2 (ID of 3 days ago, ID of 4 days ago)",
    ],
    ["that it takes the first one", [], "takes 1, deletes nothing"],
    [
      "when the next is due",
      [snapshotAt(NOW - 18 * HOUR)],
      "takes nothing (next due in 6h), deletes nothing",
    ],
    [
      "minutes, rounded up",
      [snapshotAt(NOW - 23.5 * HOUR - 1)],
      "takes nothing (next due in 30m), deletes nothing",
    ],
    [
      "how many more there are",
      nightly("2026-11-23T02:00:00Z", 12),
      "takes 1, deletes 10 (of 3 days ago, of 4 days ago, of 5 days ago and 7 more)",
    ],
  ])("%s", (_, snapshots, sentence) => {
    expect(said(["1001"], snapshots)).toBe(sentence);
  });

  it("days and hours of a longer time", () => {
    expect(said(["1001"], [snapshotAt(NOW - 2 * DAY)], 7 * DAY)).toBe(
      "takes nothing (next due in 4d22h), deletes nothing",
    );
  });

  it("hours and minutes below two days", () => {
    const recent = [10 * 60_000, HOUR, 5 * HOUR, 47 * HOUR].map((age) => snapshotAt(NOW - age));
    expect(said(["1001"], recent, HOUR / 10, 1)).toBe(
      "takes 1, deletes 4 (ID of 10 minutes ago, ID of 1 hour ago, ID of 5 hours ago, ID of 47 hours ago)",
    );
  });

  const fleetOf = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => String(1_001 + index));
  const nightsOf = (ids: readonly string[], nights: readonly number[]) =>
    ids.flatMap((cloudId) => nights.map((days) => snapshotAt(NOW - days * DAY, { cloudId })));

  it.each([
    {
      what: "a few of many servers, by their ids",
      servers: fleetOf(50),
      old: nightsOf(["1002", "1001"], [1, 2, 3]),
      sentence: "takes 50 (on all 50 servers), deletes 2 (ID of 3 days ago, ID of 3 days ago)",
    },
    {
      what: "a night of all servers as one",
      servers: fleetOf(50),
      old: nightsOf(fleetOf(50), [1, 2, 3]),
      sentence: "takes 50 (on all 50 servers), deletes 50 (of 3 days ago on all 50 servers)",
    },
    {
      what: "how many servers, where they are neither few nor all",
      servers: fleetOf(50),
      old: nightsOf(fleetOf(7), [0.5, 2, 3, 4]),
      sentence: "takes 43 (on 43 servers), deletes 7 (of 4 days ago on 7 servers)",
    },
    {
      what: "many nights of a small fleet",
      servers: fleetOf(3),
      old: nightsOf(fleetOf(3), [1, 2, 3, 4, 5, 6, 7, 8]),
      sentence:
        "takes 3 (on 1001, 1002, 1003), deletes 18 (of 3 days ago on 1001, 1002, 1003; of 4 days ago on 1001, 1002, 1003; of 5 days ago on 1001, 1002, 1003; and 9 more)",
    },
    {
      what: "how many there are, where a server has several of one age",
      servers: fleetOf(2),
      old: nightsOf(["1001"], [1, 2, 3, 3.2, 3.4, 3.5, 3.6]),
      sentence: "takes 2 (on 1001, 1002), deletes 5 (5 of 3 days ago on 1001)",
    },
    {
      what: "the same of one server",
      servers: fleetOf(1),
      old: nightsOf(["1001"], [1, 2, 3, 3.2, 3.3, 4, 5]),
      sentence: "takes 1, deletes 5 (3 of 3 days ago, of 4 days ago, of 5 days ago)",
    },
  ])("$what", ({ servers, old, sentence }) => {
    expect(said(servers, old)).toBe(sentence);
  });

  it("by hostnames when they are known, and which ones failed", () => {
    const names = new Map([["1001", "web-1"]]);
    const failed = snapshotAt(NOW - DAY / 2, { status: "Error" });
    const old = nightsOf(["1001", "1002"], [1, 2, 3]);
    expect(said(["1001", "1002"], old, DAY, 3, names)).toBe(
      "takes 2 (on web-1 (1001), 1002), deletes 2 (web-1 ID of 3 days ago, ID of 3 days ago)",
    );
    const rest = { take: false, dueAt: NOW, missedWindow: false, keep: [] };
    const plan = { ...rest, cloudId: "1001", delete: [failed] };
    expect(describePlan([plan, { ...plan, cloudId: "1002", delete: [] }], NOW, names)).toContain(
      `deletes 1 (web-1 ${failed.id} failed)`,
    );
  });

  it("of a fleet when the first of them is due", () => {
    const snapshots = [snapshotAt(NOW - 3 * HOUR), snapshotAt(NOW - 20 * HOUR, { cloudId: "1002" })];
    expect(said(["1001", "1002"], snapshots)).toBe("takes nothing (next due in 4h), deletes nothing");
  });
});
