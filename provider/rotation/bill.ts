import { monthlyCost } from "../utho/facts";
import { isActive } from "../utho/status";
import { keptWhenFull } from "./plan/full";
import type { RotationPolicy, ServerPlan } from "./plan/types";

/** What a rotation costs a month, in INR. Snapshots whose size is not known are not in it. */
export interface Bill {
  now: number;
  /** Once the plan is carried out: what is taken counts with the size of the newest before it, or of the disk. */
  after: number;
  /** Once the policy is full; `undefined`: it grows without end. */
  full: number | undefined;
  /** Snapshots of each server then. */
  keptWhenFull: number | undefined;
  servers: number;
  /** Whether some size is not known. */
  incomplete: boolean;
}

/** Sizes in GB; `undefined`: not known. */
export interface Sizes {
  ofSnapshot(id: string): number | undefined;
  ofDisk(cloudId: string): number | undefined;
}

/** The bill of these plans, under the policy that they were made by. */
export function billOf(
  plans: readonly ServerPlan[],
  policy: RotationPolicy,
  sizes: Sizes,
  now: number,
): Bill {
  const whenFull = keptWhenFull(policy, now);
  const bills = plans.map((plan) => {
    const kept = plan.keep.map(({ snapshot }) => sizes.ofSnapshot(snapshot.id));
    const deleted = plan.delete.map(({ id }) => sizes.ofSnapshot(id));
    const next = nextSize(plan, sizes);
    const unknown = [...kept, ...deleted, next].includes(undefined);
    return {
      kept: sum(kept),
      deleted: sum(deleted),
      taken: plan.take ? (next ?? 0) : 0,
      next: next ?? 0,
      unknown,
    };
  });
  const total = (of: (bill: (typeof bills)[number]) => number): number =>
    costOf(bills.reduce((all, one) => all + of(one), 0));
  return {
    now: total(({ kept, deleted }) => kept + deleted),
    after: total(({ kept, taken }) => kept + taken),
    full: whenFull === undefined ? undefined : total(({ next }) => next * whenFull),
    keptWhenFull: whenFull,
    servers: plans.length,
    incomplete: bills.some(({ unknown }) => unknown),
  };
}

/** In one sentence: "Costs ₹400 a month now, ₹600 after this, and ₹1400 once the policy is full (7 of each server)." */
export function billText({ now, after, full, keptWhenFull: count, servers, incomplete }: Bill): string {
  const note = incomplete ? " Sizes that are not known yet are not in it." : "";
  const end =
    full === undefined
      ? "and more with each snapshot, since the policy keeps all"
      : `and about ₹${full} once the policy is full (${count} ${servers === 1 ? "kept" : "of each server"})`;
  return `Costs ₹${now} a month now, about ₹${after} after this, ${end}.${note}`;
}

/** The newest Active one tells best how large the next will be; it does not exceed the disk. */
function nextSize({ cloudId, keep, delete: doomed }: ServerPlan, sizes: Sizes): number | undefined {
  const all = [...keep.map(({ snapshot }) => snapshot), ...doomed].filter(({ status }) => isActive(status));
  const [newest] = all.sort((a, b) => b.takenAt - a.takenAt).flatMap(({ id }) => sizes.ofSnapshot(id) ?? []);
  return newest ?? sizes.ofDisk(cloudId);
}

function sum(sizes: readonly (number | undefined)[]): number {
  return sizes.reduce<number>((all, size) => all + (size ?? 0), 0);
}

function costOf(sizeGb: number): number {
  return monthlyCost(sizeGb) ?? 0;
}
