import { describe, expect, it } from "vitest";
import { billOf } from "../../../../provider/rotation/outlook";
import { billText } from "../../../../provider/rotation/plan/describe";
import { heldLater, keptWhenFull, planServer } from "../../../../provider/rotation/plan/server";
import type { KeepPolicy, RotationSnapshot } from "../../../../provider/rotation/plan/types";
import { DAY, HOUR, policyOf, snapshotAt } from "./plan-cases";

const NOW = Date.parse("2026-11-24T02:00:00Z");

/** How many there are after so many runs that each took one and pruned. */
function lived(keep: KeepPolicy, everyMs: number, runs: number): number {
  const policy = policyOf(keep, { everyMs });
  let kept: RotationSnapshot[] = [];
  for (let run = runs; run >= 0; run -= 1) {
    const now = NOW - run * everyMs;
    kept = planServer("1001", [...kept, snapshotAt(now)], policy, now).keep.map(({ snapshot }) => snapshot);
  }
  return kept.length;
}

describe("the bill of a rotation", () => {
  it.each<[KeepPolicy, number, number]>([
    [{ last: 7 }, DAY, 30],
    [{ daily: 7, weekly: 4, monthly: 6 }, DAY, 400],
    [{ daily: 7, weekly: 4 }, 6 * HOUR, 300],
    [{ hourly: 24, daily: 7 }, HOUR, 400],
    [{ within: "14d" }, DAY, 60],
    [{ last: 2, withinDaily: "1m" }, 12 * HOUR, 200],
    [{ yearly: 2, monthly: 3 }, 7 * DAY, 200],
  ])("counts what the policy %j keeps in the end", (keep, everyMs, runs) => {
    expect(keptWhenFull(policyOf(keep, { everyMs }), NOW)).toBe(lived(keep, everyMs, runs));
  });

  it.each<[KeepPolicy, number, number]>([
    [{ last: 3, daily: 7, weekly: 4, monthly: 6 }, DAY, 30],
    [{ last: 3, daily: 7, weekly: 4, monthly: 6 }, DAY, 0],
    [{ last: 3, daily: 7, weekly: 4, monthly: 6 }, DAY, 400],
    [{ daily: 7, weekly: 4 }, 6 * HOUR, 91],
    [{ hourly: 24, withinDaily: "1m" }, HOUR, 91],
    [{ last: 2, yearly: -1 }, 7 * DAY, 365],
  ])("%j every %d ms grows in %d days to what as many runs leave", (keep, everyMs, days) => {
    const policy = policyOf(keep, { everyMs });
    const own = [snapshotAt(NOW - 12 * HOUR), snapshotAt(NOW - 36 * HOUR), snapshotAt(NOW - 40 * DAY)];
    let held: RotationSnapshot[] = own;
    for (let now = NOW; now <= NOW + days * DAY; now += everyMs) {
      const plan = planServer("1001", held, policy, now);
      held = [...(plan.take ? [snapshotAt(now)] : []), ...plan.keep.map(({ snapshot }) => snapshot)];
    }
    const later = heldLater(own, { cloudId: "1001", policy, from: NOW, until: NOW + days * DAY });
    expect(later?.own.map((index) => own[index])).toEqual(own.filter((one) => held.includes(one)));
    expect(later?.taken).toBe(held.filter((one) => !own.includes(one)).length);
  });

  it("does not play through a history of very many", () => {
    const policy = policyOf({ last: 3 }, { everyMs: 1_000 });
    const later = { cloudId: "1001", policy, from: NOW, until: NOW + 365 * DAY };
    expect(heldLater([], later)).toBeUndefined();
  });

  it("says what it costs in 1, 3 and 12 months, until the policy is full", () => {
    const disks = new Map(["1001", "1002"].map((cloudId) => [cloudId, 80]));
    const textFor = (keep: KeepPolicy, own: RotationSnapshot[], cloudIds = ["1001"]) => {
      const policy = policyOf(keep, { everyMs: DAY });
      const plans = cloudIds.map((cloudId) => planServer(cloudId, own, policy, NOW));
      return billText(billOf(plans, policy, disks, NOW));
    };
    const young = [snapshotAt(NOW - DAY, { sizeGb: 50 })];
    expect(textFor({ daily: 7, monthly: 24 }, young)).toBe(
      "Costs ₹200 a month now, about ₹400 after this, ₹1800 in 1 month, ₹2200 in 3 months, ₹4000 in 12 months, and about ₹6000 once the policy is full (30 kept).",
    );
    expect(textFor({ daily: 7, weekly: 9 }, young)).toBe(
      "Costs ₹200 a month now, about ₹400 after this, ₹2200 in 1 month, and about ₹2800 once the policy is full (14 kept, within 3 months).",
    );
    expect(textFor({ last: -1 }, young)).toBe(
      "Costs ₹200 a month now, about ₹400 after this, ₹6400 in 1 month, ₹18600 in 3 months, ₹73400 in 12 months, and more with each snapshot, since the policy keeps all.",
    );
    expect(textFor({ daily: 7, yearly: 5 }, young)).toContain(
      "after this, ₹1600 in 1 month, ₹1800 in 3 months, and",
    );
    // A server that has none yet counts with its disk.
    expect(textFor({ last: 7 }, young, ["1001", "1002"])).toBe(
      "Costs ₹200 a month now, about ₹720 after this, and about ₹3640 once the policy is full (7 of each server, within 1 month).",
    );
  });

  it("knows a policy without an end, and one of very many", () => {
    expect(keptWhenFull(policyOf({ last: 3, daily: -1 }, { everyMs: DAY }), NOW)).toBeUndefined();
    expect(keptWhenFull(policyOf({ within: "10y" }, { everyMs: HOUR }), NOW)).toBe(87_840);
    expect(keptWhenFull(policyOf({ last: 1 }, { everyMs: DAY, minKeep: 5 }), NOW)).toBe(5);
  });

  it("subtracts the new snapshot, and says which sizes are missing", () => {
    const old = snapshotAt(NOW - 2 * DAY, { sizeGb: 50 });
    const newer = snapshotAt(NOW - DAY, { sizeGb: 60 });
    const policy = policyOf({ last: 2 }, { everyMs: DAY });
    const disks = new Map([["1001", 80]]);
    const bill = billOf([planServer("1001", [old, newer], policy, NOW)], policy, disks, NOW);
    // The next one is as large as the newest: 60 GB, and the one of 50 GB goes.
    expect(bill).toMatchObject({ now: 440, after: 480, full: 480, incomplete: false });
    const first = billOf([planServer("1001", [], policy, NOW)], policy, disks, NOW);
    expect(first).toMatchObject({ now: 0, after: 320, full: 640 });
    const unknown = [{ ...old, sizeGb: undefined }];
    const blind = billOf([planServer("1001", unknown, policy, NOW)], policy, new Map(), NOW);
    expect(billText(blind)).toContain("Sizes that are not known yet are not in it.");
  });
});
