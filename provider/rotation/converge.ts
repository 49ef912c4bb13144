import { plain } from "../engine/values";
import { PartialFailure } from "../failure";
import type { ProviderRuntime } from "../utho/runtime";
import { isActive, UNKNOWN_STATUS } from "../utho/status";
import type { RotationEntry, RotationInputs, RotationState } from "./contract";
import { findingsIn } from "./decide";
import { type Member, memberOf, remembering } from "./members";
import {
  failuresOf,
  incompleteStory,
  type ServerOutcome,
  sayFailed,
  tellDrift,
  tellLeft,
  tellWork,
} from "./outcome";
import { clearsLeaving, departuresOf } from "./outlook";
import { toRotationState } from "./outputs";
import { prefixOf } from "./settings";
import { clearServer, leftOff, rotateServer, wakeServer } from "./turn";
import { FleetProgress, type RotationOrder } from "./view";

export interface Converged {
  id: string;
  outs: Record<string, unknown>;
}

/**
 * Brings every server to where the policy wants it: all takes begin together, each server is pruned after its own, and
 * what fails on one stops nothing on another. A failure carries all that was done into state.
 * @param known what state knows; `undefined` for a rotation that is new to it
 */
export async function converge(
  runtime: ProviderRuntime,
  inputs: RotationInputs,
  known: RotationState | undefined,
  id: string,
): Promise<Converged> {
  const row = runtime.progress(inputs.resourceUrn);
  const { leaving } = departuresOf(inputs, known);
  const clears = clearsLeaving(inputs);
  const departing = clears ? leaving : await leftOff(runtime, leaving);
  const depart = clears ? clearServer : wakeServer;
  const order = orderFor(
    runtime,
    inputs,
    known,
    new FleetProgress(row, inputs.cloudIds.length + departing.length),
  );
  const [outcomes, departed] = await Promise.all([
    Promise.all(inputs.cloudIds.map((cloudId) => rotateServer(runtime, order, cloudId))),
    Promise.all(departing.map((cloudId) => depart(runtime, order, cloudId))),
  ]);
  const all = [...outcomes, ...departed];
  const [firstError] = all.flatMap(({ errors }) => errors);
  if (firstError !== undefined && nothingToRecord(all, known)) throw firstError;
  const state = stateAfter(runtime, order, known, outcomes, departed);
  if (inputs.onRemove === "keep") tellLeft(row, known, leaving);
  tellDrift(row, known, state, all);
  sayFailed(row, state);
  tellWork(row, all);
  await row.flush();
  const outs = plain(state);
  if (firstError !== undefined) throw new PartialFailure(incompleteStory(inputs, all, firstError), id, outs);
  return { id, outs };
}

function orderFor(
  runtime: ProviderRuntime,
  inputs: RotationInputs,
  known: RotationState | undefined,
  progress: FleetProgress,
): RotationOrder {
  const prefixes = [...new Set([...(known?.prefixes ?? []), prefixOf(inputs)])];
  return {
    kind: known === undefined ? "create" : "update",
    inputs,
    membership: { mark: inputs.mark, prefixes, snapshots: known?.snapshots ?? [] },
    known: known?.snapshots.map((one) => one.id) ?? [],
    neverData: new Set(known?.neverData),
    misdated: new Set(known?.misdated),
    promised: findingsIn(known).promised,
    mayDelete: known !== undefined,
    startedAt: runtime.clock.now(),
    progress,
  };
}

/** Where no server could be looked at, or there is nothing of a new rotation yet, state stays as it was. */
function nothingToRecord(outcomes: readonly ServerOutcome[], known: RotationState | undefined): boolean {
  if (outcomes.every(({ members }) => members === undefined)) return true;
  return (
    known === undefined && outcomes.every(({ members, taken }) => taken.length + (members?.length ?? 0) === 0)
  );
}

function stateAfter(
  runtime: ProviderRuntime,
  { inputs, membership, neverData, misdated, promised }: RotationOrder,
  known: RotationState | undefined,
  outcomes: readonly ServerOutcome[],
  departed: readonly ServerOutcome[],
): RotationState {
  const entries = new Map((known?.snapshots ?? []).map((entry) => [entry.id, entry]));
  const members = outcomes.flatMap((outcome) => membersAfter(outcome, entries));
  const before = new Set(known?.recorded);
  const looked = new Set(outcomes.filter((one) => one.members !== undefined).map(({ cloudId }) => cloudId));
  const all = [...outcomes, ...departed];
  return toRotationState({
    inputs,
    prefixes: membership.prefixes,
    members,
    failures: failuresOf(all, runtime.settings().token),
    recorded: [
      ...members.filter((one) => isGood(one, before)).map(({ id }) => id),
      // Of a server that could not be looked at, what was known stays to be compared.
      ...[...before].filter((one) => isOfOther(one, looked, inputs)),
    ],
    neverData: [...neverData, ...outcomes.flatMap((one) => one.neverData)],
    misdated: [...misdated, ...outcomes.flatMap((one) => one.misdated)],
    promised,
    leaving: stillLeaving(inputs, known, departed),
    now: runtime.clock.now(),
  });
}

/** Servers whose snapshots are still to be deleted: that failed, or waits until the rotation is paused no more. */
function stillLeaving(
  inputs: RotationInputs,
  known: RotationState | undefined,
  departed: readonly ServerOutcome[],
): string[] {
  if (inputs.onRemove === "delete" && inputs.paused) return [...departuresOf(inputs, known).leaving];
  return departed.filter(({ errors }) => errors.length > 0).map(({ cloudId }) => cloudId);
}

/** What a server holds now; where it could not be looked at, what state knew of it. */
function membersAfter(
  { cloudId, members }: ServerOutcome,
  entries: ReadonlyMap<string, RotationEntry>,
): Member[] {
  if (members !== undefined) return members.map((member) => remembering(member, entries.get(member.id)));
  return [...entries.values()].filter((entry) => entry.cloudId === cloudId).map(memberOf);
}

/** Without a status, a snapshot that was good before still counts as good. */
function isGood({ id, status }: Member, before: ReadonlySet<string>): boolean {
  return isActive(status) || (status === UNKNOWN_STATUS && before.has(id));
}

function isOfOther(id: string, looked: ReadonlySet<string>, { cloudIds }: RotationInputs): boolean {
  const [cloudId = ""] = id.split("/");
  return cloudIds.includes(cloudId) && !looked.has(cloudId);
}
