import { describe, expect, it } from "vitest";
import { heldLater } from "../../../../cli/rotation/forecast";
import { billOf, billText } from "../../../../provider/rotation/outlook";
import { keptWhenFull, planServer } from "../../../../provider/rotation/plan/server";
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

  it.each([
    [30, 11],
    [3, 6],
    [0, 3],
  ])("grows in %d days to what as many runs leave: %d", (days, snapshots) => {
    const policy = policyOf({ last: 3, daily: 7, weekly: 4, monthly: 6 }, { everyMs: DAY });
    const own = [snapshotAt(NOW - 12 * HOUR), snapshotAt(NOW - 36 * HOUR)];
    const later = heldLater(own, { cloudId: "1001", policy, from: NOW, until: NOW + days * DAY });
    expect(later?.length).toBe(snapshots);
    const endless = {
      cloudId: "1001",
      policy: { ...policy, everyMs: 1_000 },
      from: NOW,
      until: NOW + 365 * DAY,
    };
    expect(heldLater([], endless)).toBeUndefined();
  });

  it("knows a policy without an end, and one of very many", () => {
    expect(keptWhenFull(policyOf({ last: 3, daily: -1 }, { everyMs: DAY }), NOW)).toBeUndefined();
    expect(keptWhenFull(policyOf({ within: "10y" }, { everyMs: HOUR }), NOW)).toBe(87_840);
    expect(keptWhenFull(policyOf({ last: 1 }, { everyMs: DAY, minKeep: 5 }), NOW)).toBe(5);
  });

  it("subtracts the new snapshot, and says which sizes are missing", () => {
    const [old, newer] = [snapshotAt(NOW - 2 * DAY), snapshotAt(NOW - DAY)];
    const policy = policyOf({ last: 2 }, { everyMs: DAY });
    const sizes = new Map([
      [old.id, 50],
      [newer.id, 60],
    ]);
    const known = { ofSnapshot: (id: string) => sizes.get(id), ofDisk: () => 80 };
    const bill = billOf([planServer("1001", [old, newer], policy, NOW)], policy, known, NOW);
    // The next one is as large as the newest: 60 GB, and the one of 50 GB goes.
    expect(bill).toMatchObject({ now: 440, after: 480, full: 480, incomplete: false });
    const first = billOf([planServer("1001", [], policy, NOW)], policy, known, NOW);
    expect(first).toMatchObject({ now: 0, after: 320, full: 640 });
    const unknown = { ofSnapshot: () => undefined, ofDisk: () => undefined };
    const blind = billOf([planServer("1001", [old], policy, NOW)], policy, unknown, NOW);
    expect(billText(blind)).toContain("Sizes that are not known yet are not in it.");
    const endless = { ...policy, keep: { last: -1 } };
    expect(billText(billOf([planServer("1001", [old], endless, NOW)], endless, known, NOW))).toBe(
      "Costs ₹200 a month now, about ₹400 after this, and more with each snapshot, since the policy keeps all.",
    );
  });
});
