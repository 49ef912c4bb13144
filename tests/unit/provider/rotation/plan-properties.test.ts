import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planServer } from "../../../../provider/rotation/plan/server";
import {
  COUNTS,
  type KeepPolicy,
  type RotationPolicy,
  type RotationSnapshot,
  type ServerPlan,
  SPANS,
} from "../../../../provider/rotation/plan/types";
import { DAY, HOUR } from "./plan-cases";

const NOW = Date.parse("2026-03-30T10:15:30.500Z");
const RUNS = { numRuns: 400 };

/** Zones with half hours, with the day that Samoa left out, with a clock that moves by half an hour. */
const ZONES = [
  "UTC",
  "Asia/Kolkata",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Pacific/Apia",
];

/** Dense in the last days, thin through twenty years, some ahead of our clock; whole seconds, as names hold them. */
const age = fc.oneof(
  fc.integer({ min: -HOUR / 1_000, max: (3 * DAY) / 1_000 }),
  fc.integer({ min: 0, max: (90 * DAY) / 1_000 }),
  fc.integer({ min: 0, max: (20 * 365 * DAY) / 1_000 }),
);
const status = fc.oneof(
  { weight: 8, arbitrary: fc.constant("Active") },
  { weight: 1, arbitrary: fc.constantFrom("Pending", "Error", "whatever") },
);
const history = fc
  .array(fc.record({ age, status, cloudId: fc.constantFrom("1001", "1002") }), { maxLength: 60 })
  .map((entries) =>
    entries.map(({ age: seconds, ...rest }, index): RotationSnapshot => {
      const takenAt = (Math.floor(NOW / 1_000) - seconds) * 1_000;
      return { id: `${rest.cloudId}/${5_000 + index}`, name: `n-${index}`, takenAt, ...rest };
    }),
  );

const count = fc.option(fc.integer({ min: -1, max: 20 }), { nil: undefined });
const span = fc.option(
  fc
    .tuple(fc.integer({ min: 1, max: 400 }), fc.constantFrom("h", "d", "w", "m"))
    .map(([amount, unit]) => `${amount}${unit}`),
  { nil: undefined },
);
const keep: fc.Arbitrary<KeepPolicy> = fc
  .record({
    ...Object.fromEntries(COUNTS.map((name) => [name, count])),
    ...Object.fromEntries(SPANS.map((name) => [name, span])),
  })
  .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)));

const policy: fc.Arbitrary<RotationPolicy> = fc.record({
  everyMs: fc.integer({ min: HOUR, max: 10 * DAY }),
  // One that keeps little leaves the most to minKeep.
  keep: fc.oneof({ weight: 4, arbitrary: keep }, { weight: 1, arbitrary: fc.constant({ last: 1 }) }),
  timeZone: fc.constantFrom(...ZONES),
  minKeep: fc.integer({ min: 1, max: 5 }),
});

/** What is there after the plan was carried out: the new one under the highest id, the deleted ones gone. */
function carriedOut(plan: ServerPlan, snapshots: readonly RotationSnapshot[]): RotationSnapshot[] {
  const left = snapshots.filter((one) => !plan.delete.includes(one));
  if (!plan.take) return left;
  const takenAt = Math.floor(NOW / 1_000) * 1_000;
  return [
    ...left,
    { id: `${plan.cloudId}/9999`, cloudId: plan.cloudId, name: "new", takenAt, status: "Active" },
  ];
}

function activeOn(cloudId: string, snapshots: readonly RotationSnapshot[]): RotationSnapshot[] {
  return snapshots.filter((one) => one.cloudId === cloudId && one.status === "Active");
}

function idsOf(snapshots: readonly RotationSnapshot[]): string[] {
  return snapshots.map(({ id }) => id);
}

describe("whatever the snapshots and the policy, a plan", () => {
  it("has every snapshot of its server once, to keep with a reason or to delete", () => {
    fc.assert(
      fc.property(history, policy, (snapshots, wanted) => {
        const plan = planServer("1001", snapshots, wanted, NOW);
        const all = [...plan.keep.map(({ snapshot }) => snapshot), ...plan.delete];
        const own = snapshots.filter(({ cloudId }) => cloudId === "1001");
        expect(idsOf(all).sort()).toEqual(idsOf(own).sort());
        for (const { reasons } of plan.keep) expect(reasons.length).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });

  it("never goes below minKeep Active ones", () => {
    fc.assert(
      fc.property(history, policy, (snapshots, wanted) => {
        const plan = planServer("1001", snapshots, wanted, NOW);
        const left = activeOn("1001", carriedOut(plan, snapshots));
        const before = activeOn("1001", snapshots).length + (plan.take ? 1 : 0);
        expect(left.length).toBeGreaterThanOrEqual(Math.min(wanted.minKeep, before));
      }),
      RUNS,
    );
  });

  it("deletes only Active ones that are not in the future", () => {
    fc.assert(
      fc.property(history, policy, (snapshots, wanted) => {
        for (const doomed of planServer("1001", snapshots, wanted, NOW).delete) {
          expect(doomed.status).toBe("Active");
          expect(doomed.takenAt).toBeLessThanOrEqual(NOW + HOUR / 4);
        }
      }),
      RUNS,
    );
  });

  it("is done when it is done: planned again at the same moment it takes and deletes nothing more", () => {
    fc.assert(
      fc.property(history, policy, (snapshots, wanted) => {
        const after = carriedOut(planServer("1001", snapshots, wanted, NOW), snapshots);
        const again = planServer("1001", after, wanted, NOW);
        expect(again.take).toBe(false);
        expect(idsOf(again.delete)).toEqual([]);
      }),
      RUNS,
    );
  });

  it("is the same before the take and after it", () => {
    fc.assert(
      fc.property(history, policy, (snapshots, wanted) => {
        const before = planServer("1001", snapshots, wanted, NOW);
        const taken = carriedOut({ ...before, delete: [] }, snapshots);
        expect(idsOf(planServer("1001", taken, wanted, NOW).delete)).toEqual(idsOf(before.delete));
      }),
      RUNS,
    );
  });

  it("does not depend on the order of what it is given", () => {
    const shuffled = history.chain((snapshots) =>
      fc.tuple(fc.constant(snapshots), fc.shuffledSubarray(snapshots, { minLength: snapshots.length })),
    );
    fc.assert(
      fc.property(shuffled, policy, ([snapshots, others], wanted) => {
        expect(planServer("1001", others, wanted, NOW)).toEqual(planServer("1001", snapshots, wanted, NOW));
      }),
      RUNS,
    );
  });

  it("does not depend on the snapshots of another server", () => {
    fc.assert(
      fc.property(history, policy, (snapshots, wanted) => {
        const alone = snapshots.filter(({ cloudId }) => cloudId === "1001");
        expect(planServer("1001", snapshots, wanted, NOW)).toEqual(planServer("1001", alone, wanted, NOW));
      }),
      RUNS,
    );
  });
});

describe("a policy that asks for more", () => {
  const more = fc.oneof(
    fc.tuple(fc.constantFrom(...COUNTS), fc.integer({ min: 0, max: 8 })).map(([name, by]) => ({ name, by })),
    fc.tuple(fc.constantFrom(...SPANS), fc.integer({ min: 1, max: 400 })).map(([name, by]) => ({ name, by })),
  );

  /** The same policy with one rule that reaches further, or with one rule more. */
  function enlarged(given: KeepPolicy, { name, by }: { name: keyof KeepPolicy; by: number }): KeepPolicy {
    const present = given[name];
    if (typeof present === "string") {
      // Hours reach further in any zone and on any calendar.
      return {
        ...given,
        [name]: present.endsWith("h") ? `${Number.parseInt(present, 10) + by}h` : `${present}${by}h`,
      };
    }
    if (SPANS.some((spanName) => spanName === name)) return { ...given, [name]: `${by}h` };
    return { ...given, [name]: present === -1 ? -1 : (present ?? 0) + by };
  }

  it("deletes nothing that the smaller one keeps", () => {
    fc.assert(
      fc.property(history, policy, more, (snapshots, wanted, change) => {
        const small = { ...wanted, minKeep: 1 };
        const large = { ...small, keep: enlarged(small.keep, change) };
        const deleted = idsOf(planServer("1001", snapshots, small, NOW).delete);
        const ofLarge = idsOf(planServer("1001", snapshots, large, NOW).delete);
        expect(ofLarge.filter((id) => !deleted.includes(id))).toEqual([]);
      }),
      RUNS,
    );
  });

  it("never deletes more, whatever minKeep adds to either", () => {
    fc.assert(
      fc.property(history, policy, more, (snapshots, wanted, change) => {
        const large = { ...wanted, keep: enlarged(wanted.keep, change) };
        const deleted = planServer("1001", snapshots, wanted, NOW).delete.length;
        expect(planServer("1001", snapshots, large, NOW).delete.length).toBeLessThanOrEqual(deleted);
      }),
      RUNS,
    );
  });

  it("keeps all of a kind with -1, and so as much as with any number", () => {
    fc.assert(
      fc.property(history, policy, fc.constantFrom(...COUNTS), (snapshots, wanted, name) => {
        const all = { ...wanted, minKeep: 1, keep: { ...wanted.keep, [name]: -1 } };
        const deleted = idsOf(planServer("1001", snapshots, { ...wanted, minKeep: 1 }, NOW).delete);
        const ofAll = idsOf(planServer("1001", snapshots, all, NOW).delete);
        expect(ofAll.filter((id) => !deleted.includes(id))).toEqual([]);
      }),
      RUNS,
    );
  });
});
