import { compact } from "../../client/compact";
import type { CloudId } from "../../client/request";
import { type RawInputs, textsOf } from "../engine/inputs";
import { plain } from "../engine/values";
import { byServer, COST_CURRENCY, monthlyCost } from "../utho/facts";
import { isActive } from "../utho/status";
import type { RotationEntry, RotationFailure, RotationInputs, RotationLoss } from "./contract";
import { decide, decideDeparted } from "./decide";
import type { Known } from "./members";
import { type Kept, type RotationSnapshot, type ServerPlan, withoutTake } from "./plan/types";
import { policyOf } from "./settings";
import { asRotationState, idsOfActive, lossOf, type RotationOutputs, type RotationState } from "./state";

export interface OutputSources {
  inputs: RotationInputs;
  /** What was known before. */
  known: Known;
  members: readonly RotationSnapshot[];
  failures: readonly RotationFailure[];
  /** Ids that drift is judged against. */
  recorded: Iterable<string>;
  /** Servers that left, and whose snapshots are still the rotation's. */
  leaving: readonly string[];
  owed: readonly string[];
  spared: readonly string[];
  now: number;
}

/** The one place where a rotation's snapshots become its outputs. */
export function toRotationState(sources: OutputSources): RotationState {
  const { inputs, known, members, failures } = sources;
  const plans = plansFor(sources, members);
  // Why each is kept, not what the next one is going to replace: a refresh in between is no news.
  const isDue = plans.some(({ take }) => take);
  const standing = isDue ? plansFor(sources, members, withoutTake(policyOf(inputs))) : plans;
  const judged = standing.flatMap(newestFirst);
  const snapshots = judged.map(toEntry);
  const those = (is: (one: RotationSnapshot) => boolean | undefined): string[] | undefined =>
    someOf(judged.flatMap(({ snapshot }) => (is(snapshot) ? [snapshot.id] : [])));
  const paise = snapshots.reduce((sum, one) => sum + Math.round((one.monthlyCost ?? 0) * 100), 0);
  return compact({
    ...inputs,
    snapshots,
    mark: known.mark,
    losses: lossesOf(sources),
    newest: newestOf(judged),
    nextDue: nextDueOf(inputs, plans),
    monthlyCost: paise / 100,
    costCurrency: COST_CURRENCY,
    failures: [...failures],
    prefixes: [...known.prefixes],
    recorded: [...new Set(sources.recorded)],
    neverData: those((one) => one.neverData),
    misdated: those((one) => one.isMisdated),
    leaving: someOf(sources.leaving),
    owed: someOf(sources.owed),
    spared: someOf([...new Set(sources.spared)]),
  } satisfies Record<keyof RotationOutputs, unknown> & RawInputs);
}

/** An empty list is left out. */
function someOf(ids: readonly string[]): string[] | undefined {
  return ids.length > 0 ? [...ids] : undefined;
}

/** The plan of each server, and of each that left while its snapshots are still the rotation's. */
function plansFor(
  { inputs, known, leaving, now }: OutputSources,
  snapshots: readonly RotationSnapshot[],
  policy = policyOf(inputs),
): ServerPlan[] {
  const groups = byServer(snapshots);
  const of = (cloudId: CloudId): readonly RotationSnapshot[] => groups.get(cloudId) ?? [];
  const planFor = (cloudId: CloudId): ServerPlan =>
    decide(inputs, cloudId, of(cloudId), now, known.runFacts(cloudId), policy);
  return [
    ...inputs.cloudIds.map(planFor),
    ...leaving.map((cloudId) => decideDeparted(inputs, cloudId, of(cloudId), now)),
  ];
}

/** What the policy would still keep and is gone, though no run deleted it; until it is back, acknowledged or unwanted. */
function lossesOf(sources: OutputSources): Record<string, RotationLoss> {
  const { inputs, members, owed } = sources;
  const { state } = sources.known;
  const over = new Set([
    ...members.map(({ id }) => id),
    ...[...owed, ...(state?.owed ?? []), ...(inputs.acknowledgeLosses ?? [])],
  ]);
  const recorded = new Set(state?.recorded);
  const before = (state?.snapshots ?? []).filter(({ id, status }) => isActive(status) || recorded.has(id));
  const missed = new Map<string, RotationLoss>();
  for (const one of [...Object.values(state?.losses ?? {}), ...before])
    if (!over.has(one.id)) missed.set(one.id, lossOf(one));
  const asThere = [...missed.values()].map((one) => ({
    ...one,
    takenAt: Date.parse(one.takenAt),
    status: "Active",
  }));
  if (asThere.length === 0) return {};
  // What is due is no reason to forget: it may fail.
  const plans = plansFor(sources, [...members, ...asThere], withoutTake(policyOf(inputs)));
  const wanted = new Set(plans.flatMap(({ keep }) => keep.map(({ snapshot }) => snapshot.id)));
  return Object.fromEntries([...missed].filter(([id]) => wanted.has(id)));
}

/** As small as it can be (docs/decisions/0181): each snapshot is one text under its id, and named once. */
export function toOutputs(state: RotationState): Record<string, unknown> {
  const { snapshots, recorded } = state;
  const active = new Set(idsOfActive(snapshots));
  const byId = Object.fromEntries(snapshots.map((entry) => [entry.id, lineOf(entry)]));
  return plain({ ...state, snapshots: byId, recorded: recorded.filter((id) => !active.has(id)) });
}

/** The same in the form of a state that was read, whatever version wrote it: or each refresh would show a difference. */
export function inFormOf(held: RawInputs, state: RotationState): Record<string, unknown> {
  const baseline = new Set(textsOf(held.recorded));
  const isWhole =
    baseline.size > 0 && idsOfActive(asRotationState(held).snapshots).every((id) => baseline.has(id));
  const earlier = {
    ...(Array.isArray(held.snapshots) ? { snapshots: state.snapshots } : {}),
    ...(isWhole ? { recorded: state.recorded } : {}),
  };
  return { ...toOutputs(state), ...plain(earlier) };
}

/** What is not in its id, always in the same order: a text that differs is a difference. */
function lineOf({ name, takenAt, status, serverName, sizeGb, monthlyCost, reasons }: RotationEntry): string {
  return JSON.stringify({ name, takenAt, status, serverName, sizeGb, monthlyCost, reasons });
}

/** All of a plan's snapshots; without a reason for those that it deletes. */
function newestFirst(plan: ServerPlan): Kept[] {
  const doomed = plan.delete.map((snapshot) => ({ snapshot, reasons: [] }));
  return [...plan.keep, ...doomed].sort((a, b) => b.snapshot.takenAt - a.snapshot.takenAt);
}

function toEntry({ snapshot, reasons }: Kept): RotationEntry {
  const { isMisdated: _misdated, neverData: _neverData, takenAt, ...facts } = snapshot;
  return {
    ...facts,
    takenAt: new Date(takenAt).toISOString().replace(/\.\d+Z$/, "Z"),
    monthlyCost: monthlyCost(facts.sizeGb),
    reasons: [...reasons],
  };
}

function newestOf(judged: readonly Kept[]): Record<string, string> {
  const newest = new Map<string, string>();
  for (const { snapshot } of judged) {
    const { id, cloudId, status, isMisdated } = snapshot;
    if (isActive(status) && !isMisdated && !newest.has(cloudId)) newest.set(cloudId, id);
  }
  return Object.fromEntries(newest);
}

function nextDueOf({ paused }: RotationInputs, plans: readonly ServerPlan[]): string | undefined {
  if (paused || plans.length === 0) return undefined;
  const next = new Date(Math.min(...plans.map(({ dueAt }) => dueAt)));
  return Number.isNaN(next.getTime()) ? undefined : next.toISOString().replace(/\.\d+Z$/, "Z");
}
