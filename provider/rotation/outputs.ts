import { COST_CURRENCY, monthlyCost } from "../utho/facts";
import { isActive } from "../utho/status";
import type { RotationEntry, RotationFailure, RotationInputs, RotationState } from "./contract";
import { decide, type Findings } from "./decide";
import type { Member } from "./members";
import type { ServerPlan } from "./plan/types";

/** What outputs are made from. */
export interface OutputSources {
  inputs: RotationInputs;
  prefixes: readonly string[];
  members: readonly Member[];
  failures: readonly RotationFailure[];
  /** Ids that drift is judged against. */
  recorded: Iterable<string>;
  neverData: Iterable<string>;
  misdated: Iterable<string>;
  promised: Findings["promised"];
  leaving: readonly string[];
  now: number;
}

/** The one place where a rotation's snapshots become its outputs. */
export function toRotationState(sources: OutputSources): RotationState {
  const { inputs, members, failures, now } = sources;
  const present = new Set(members.map(({ id }) => id));
  const kept = (ids: Iterable<string>): string[] | undefined => {
    const list = [...new Set(ids)].filter((id) => present.has(id));
    return list.length > 0 ? list : undefined;
  };
  const misdated = kept(sources.misdated);
  const neverData = kept(sources.neverData);
  const { promised } = sources;
  const findings = { misdated: new Set(misdated), neverData: new Set(neverData), promised };
  const plans = inputs.cloudIds.map((cloudId) => decide(inputs, cloudId, members, findings, now));
  const snapshots = plans.flatMap((plan) => entriesOf(plan, new Map(members.map((one) => [one.id, one]))));
  const paise = snapshots.reduce((sum, one) => sum + Math.round((one.monthlyCost ?? 0) * 100), 0);
  return {
    ...inputs,
    snapshots,
    newest: newestOf(snapshots, new Set(misdated)),
    nextDue: nextDueOf(inputs, plans),
    monthlyCost: paise / 100,
    costCurrency: COST_CURRENCY,
    failures: [...failures],
    prefixes: [...sources.prefixes],
    recorded: [...new Set(sources.recorded)],
    neverData,
    misdated,
    leaving: sources.leaving.length > 0 ? [...sources.leaving] : undefined,
  };
}

function entriesOf(plan: ServerPlan, members: ReadonlyMap<string, Member>): RotationEntry[] {
  const doomed = plan.delete.map((snapshot) => ({ snapshot, reasons: [] }));
  return [...plan.keep, ...doomed]
    .sort((a, b) => b.snapshot.takenAt - a.snapshot.takenAt)
    .flatMap(({ snapshot, reasons }) => {
      const member = members.get(snapshot.id);
      return member === undefined ? [] : [toEntry(member, reasons)];
    });
}

function toEntry(member: Member, reasons: readonly string[]): RotationEntry {
  const { createdAt: _createdAt, takenAt, ...facts } = member;
  return {
    ...facts,
    takenAt: new Date(takenAt).toISOString().replace(/\.\d+Z$/, "Z"),
    monthlyCost: monthlyCost(member.sizeGb),
    reasons: [...reasons],
  };
}

function newestOf(entries: readonly RotationEntry[], misdated: ReadonlySet<string>): Record<string, string> {
  const newest = new Map<string, string>();
  for (const { id, cloudId, status } of entries) {
    if (isActive(status) && !misdated.has(id) && !newest.has(cloudId)) newest.set(cloudId, id);
  }
  return Object.fromEntries(newest);
}

function nextDueOf({ paused }: RotationInputs, plans: readonly ServerPlan[]): string | undefined {
  if (paused || plans.length === 0) return undefined;
  const next = new Date(Math.min(...plans.map(({ dueAt }) => dueAt)));
  return Number.isNaN(next.getTime()) ? undefined : next.toISOString().replace(/\.\d+Z$/, "Z");
}
