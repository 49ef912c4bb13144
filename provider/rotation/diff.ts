import { isUnknown } from "../engine/values";
import { hasDrifted, type RotationInputs, type RotationState } from "./contract";
import { decide, findingsIn } from "./decide";
import { memberOf } from "./members";
import type { ServerPlan } from "./plan/types";
import { sameSettings } from "./settings";

/**
 * Compares state with the program and with the time: what is due is a change, and what is not due is none. Nothing ever
 * forces a replacement.
 * @param declared whether the program was asked; on a refresh, where it was not, only drift is a change
 */
export function diffRotation(
  state: RotationState,
  inputs: RotationInputs,
  now: number,
  declared: boolean,
): { changes: boolean } {
  const drifted = hasDrifted(state);
  if (!declared || drifted) return { changes: drifted };
  const unfinished = state.failures.length > 0 || (!inputs.paused && (state.leaving ?? []).length > 0);
  if (unfinished || !sameSettings(state, inputs)) return { changes: true };
  const due = plansOf(state, inputs, now).some((plan) => plan.take || plan.delete.length > 0);
  return { changes: due };
}

/** The plan of each server that is known by now, by what state knows. */
function plansOf(state: RotationState, inputs: RotationInputs, now: number): ServerPlan[] {
  const members = state.snapshots.map(memberOf);
  const findings = findingsIn(state);
  return inputs.cloudIds
    .filter((cloudId) => !isUnknown(cloudId))
    .map((cloudId) => decide(inputs, cloudId, members, findings, now));
}
