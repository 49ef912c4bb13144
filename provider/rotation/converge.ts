import type { Made } from "../engine/inputs";
import { PartialFailure } from "../failure";
import type { ProviderRuntime } from "../utho/runtime";
import { isActive, UNKNOWN_STATUS } from "../utho/status";
import type { RotationInputs } from "./contract";
import {
  failuresOf,
  incompleteStory,
  type ServerOutcome,
  sayFailed,
  tellDrift,
  tellLeft,
  tellWork,
  untouched,
} from "./outcome";
import { clearsLeaving, departuresOf } from "./outlook";
import { toOutputs, toRotationState } from "./outputs";
import type { RotationSnapshot } from "./plan/types";
import type { RotationState } from "./state";
import { clear, expireOnce, leftOff, onServers, rotate, wake } from "./turn";
import { orderFor, type RotationOrder } from "./view";

/**
 * Brings every server to where the policy wants it: all takes begin together, each server is pruned after its own, and
 * what fails on one stops nothing on another. A failure carries all that was done into state.
 * @param before `undefined` for a rotation that is new to the state
 */
export async function converge(
  runtime: ProviderRuntime,
  inputs: RotationInputs,
  before: RotationState | undefined,
  id: string,
): Promise<Made> {
  const { leaving } = departuresOf(inputs, before);
  const clears = clearsLeaving(inputs);
  const expires = inputs.onRemove === "expire";
  const departing = clears || expires ? leaving : await leftOff(runtime, leaving);
  const order = orderFor(runtime, inputs, before, inputs.cloudIds.length + departing.length);
  const staying = onServers(runtime, order, inputs.cloudIds, rotate);
  const tookInTime = async (): Promise<boolean> =>
    (await staying).some(({ taken, members = [] }) =>
      members.some(({ id, isMisdated }) => taken.includes(id) && !isMisdated),
    );
  const depart = clears ? clear : expires ? expireOnce(tookInTime) : wake;
  const leaves = onServers(runtime, order, departing, depart);
  const [outcomes, departed] = await Promise.all([staying, leaves]);
  const all = [...outcomes, ...departed];
  const [firstError] = all.flatMap(({ errors }) => errors);
  if (firstError !== undefined && nothingToRecord(all, before)) throw firstError;
  const state = stateAfter(runtime, order, outcomes, departed, stillLeaving(inputs, leaving, departed));
  const { row } = order.progress;
  if (inputs.onRemove === "keep") tellLeft(row, before, leaving);
  tellDrift(row, before, state, all);
  sayFailed(row, state);
  tellWork(row, all);
  await row.flush();
  const outs = toOutputs(state);
  if (firstError !== undefined) throw new PartialFailure(incompleteStory(inputs, all, firstError), id, outs);
  return { id, outs };
}

/** Where no server could be looked at, or there is nothing of a new rotation yet, state stays as it was. */
function nothingToRecord(outcomes: readonly ServerOutcome[], before: RotationState | undefined): boolean {
  if (outcomes.every(({ members }) => members === undefined)) return true;
  return (
    before === undefined && outcomes.every(({ members = [], taken }) => taken.length + members.length === 0)
  );
}

function stateAfter(
  runtime: ProviderRuntime,
  { inputs, known }: RotationOrder,
  outcomes: readonly ServerOutcome[],
  departed: readonly ServerOutcome[],
  leaving: readonly string[],
): RotationState {
  const lookedAt = new Map([...outcomes, ...departed].map((one) => [one.cloudId, one]));
  const own = [...inputs.cloudIds, ...leaving].map((cloudId) => lookedAt.get(cloudId) ?? untouched(cloudId));
  const members = own.flatMap(
    // Where it could not be looked at, what state knew of it.
    (one) => one.members?.map((member) => known.remembering(member)) ?? known.of(one.cloudId),
  );
  const before = new Set(known.state?.recorded);
  // Without a status, a snapshot that was good before still counts as good.
  const isGood = ({ id, status }: RotationSnapshot): boolean =>
    isActive(status) || (status === UNKNOWN_STATUS && before.has(id));
  // Of a server that could not be looked at, what was known stays to be compared.
  const unseen = new Set(own.flatMap((one) => (one.members === undefined ? [one.cloudId] : [])));
  const present = new Set(members.map(({ id }) => id));
  const all = [...outcomes, ...departed];
  return toRotationState({
    inputs,
    known,
    members,
    failures: failuresOf(all, runtime.settings().token),
    recorded: [
      ...members.filter(isGood).map(({ id }) => id),
      ...[...before].filter((id) => unseen.has(id.split("/")[0] ?? "")),
    ],
    leaving,
    owed: [
      ...new Set([...all.flatMap((one) => one.asked), ...[...known.owed].filter((id) => present.has(id))]),
    ],
    spared: [...known.spared, ...all.flatMap((one) => one.spared)].filter((id) => present.has(id)),
    now: runtime.clock.now(),
  });
}

/** Servers whose snapshots are still the rotation's: what could not be deleted, waits for a pause to end, or expires. */
function stillLeaving(
  { onRemove, paused }: RotationInputs,
  leaving: readonly string[],
  departed: readonly ServerOutcome[],
): readonly string[] {
  if (onRemove === "delete" && paused) return leaving;
  const expires = onRemove === "expire";
  return departed
    .filter(({ errors, members }) => errors.length > 0 || (expires && members?.length !== 0))
    .map(({ cloudId }) => cloudId);
}
