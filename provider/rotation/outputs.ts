import { compact } from "../../client/compact";
import type { CloudId } from "../../client/request";
import { plain } from "../engine/values";
import { byServer, COST_CURRENCY, monthlyCost } from "../utho/facts";
import { isActive } from "../utho/status";
import type { RotationEntry, RotationFailure, RotationInputs, RotationLoss } from "./contract";
import { decide, decideDeparted, type Findings, withoutTake } from "./decide";
import type { Member } from "./members";
import type { RotationSnapshot, ServerPlan } from "./plan/types";
import { policyOf } from "./settings";
import { lossOf, type RotationState, SMALL } from "./state";

export interface OutputSources {
  inputs: RotationInputs;
  prefixes: readonly string[];
  members: readonly Member[];
  failures: readonly RotationFailure[];
  /** Ids that drift is judged against. */
  recorded: Iterable<string>;
  findings: Findings;
  /** Servers that left, and whose snapshots are still the rotation's. */
  leaving: readonly string[];
  /** What state knew before; `undefined`: the rotation is new. */
  known: RotationState | undefined;
  owed: readonly string[];
  now: number;
}

/** The one place where a rotation's snapshots become its outputs. */
export function toRotationState(sources: OutputSources): RotationState {
  const { inputs, members, failures } = sources;
  const present = new Set(members.map(({ id }) => id));
  const kept = (ids: Iterable<string>): string[] | undefined => {
    const list = [...new Set(ids)].filter((id) => present.has(id));
    return list.length > 0 ? list : undefined;
  };
  const { promised } = sources.findings;
  const misdated = kept(sources.findings.misdated);
  const neverData = kept(sources.findings.neverData);
  const findings = { misdated: new Set(misdated), neverData: new Set(neverData), promised };
  const plans = plansFor(sources, members, findings);
  const byId = new Map(members.map((one) => [one.id, one]));
  const snapshots = plans.flatMap((plan) => entriesOf(plan, byId));
  const paise = snapshots.reduce((sum, one) => sum + Math.round((one.monthlyCost ?? 0) * 100), 0);
  return compact({
    ...inputs,
    snapshots,
    losses: lossesOf(sources, findings),
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
    owed: sources.owed.length > 0 ? [...sources.owed] : undefined,
  });
}

/** The plan of each server, and of each that left while its snapshots are still the rotation's. */
function plansFor(
  { inputs, leaving, now }: OutputSources,
  snapshots: readonly RotationSnapshot[],
  findings: Findings,
  policy = policyOf(inputs),
): ServerPlan[] {
  const groups = byServer(snapshots);
  const of = (cloudId: CloudId): readonly RotationSnapshot[] => groups.get(cloudId) ?? [];
  return [
    ...inputs.cloudIds.map((cloudId) => decide(inputs, cloudId, of(cloudId), findings, now, now, policy)),
    ...leaving.map((cloudId) => decideDeparted(inputs, cloudId, of(cloudId), findings, now)),
  ];
}

/** What the policy would still keep and is gone, though no run deleted it; until it is back, acknowledged or unwanted. */
function lossesOf(sources: OutputSources, findings: Findings): Record<string, RotationLoss> {
  const { inputs, members, known, owed } = sources;
  const over = new Set([
    ...members.map(({ id }) => id),
    ...[...owed, ...(known?.owed ?? []), ...(inputs.acknowledgeLosses ?? [])],
  ]);
  const recorded = new Set(known?.recorded);
  const before = (known?.snapshots ?? []).filter(({ id, status }) => isActive(status) || recorded.has(id));
  const missed = new Map<string, RotationLoss>();
  for (const one of [...Object.values(known?.losses ?? {}), ...before])
    if (!over.has(one.id)) missed.set(one.id, lossOf(one));
  const asThere = [...missed.values()].map((one) => ({
    ...one,
    takenAt: Date.parse(one.takenAt),
    status: "Active",
  }));
  if (asThere.length === 0) return {};
  // What is due is no reason to forget: it may fail.
  const plans = plansFor(sources, [...members, ...asThere], findings, withoutTake(inputs));
  const wanted = new Set(plans.flatMap(({ keep }) => keep.map(({ snapshot }) => snapshot.id)));
  return Object.fromEntries([...missed].filter(([id]) => wanted.has(id)));
}

export function toOutputs(state: RotationState, form = SMALL): Record<string, unknown> {
  const { snapshots, recorded } = state;
  const active = new Set(snapshots.flatMap(({ id, status }) => (isActive(status) ? [id] : [])));
  const byId = Object.fromEntries(snapshots.map((entry) => [entry.id, lineOf(entry)]));
  return plain({
    ...state,
    snapshots: form.snapshots === "list" ? snapshots : byId,
    recorded: form.baseline === "whole" ? recorded : recorded.filter((id) => !active.has(id)),
  });
}

/** What is not in its id, always in the same order: a text that differs is a difference. */
function lineOf({ name, takenAt, status, serverName, sizeGb, monthlyCost, reasons }: RotationEntry): string {
  return JSON.stringify({ name, takenAt, status, serverName, sizeGb, monthlyCost, reasons });
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
