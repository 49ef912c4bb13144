import { isUnknown } from "../engine/unknown";
import type { RotationInputs, RotationState } from "./contract";
import { decide } from "./decide";
import { hasDrifted } from "./drift";
import { memberOf } from "./members";
import type { ServerPlan } from "./plan/types";
import { sameSettings } from "./settings";

/** What the engine is told, and the plan behind it. Nothing ever forces a replacement. */
export interface Difference {
  changes: boolean;
  plans: ServerPlan[];
}

/**
 * Compares state with the program and with the time: what is due is a change, and what is not due is none.
 * @param declared whether the program was asked; on a refresh, where it was not, only drift is a change
 */
export function diffRotation(
  state: RotationState,
  inputs: RotationInputs,
  now: number,
  declared: boolean,
): Difference {
  const drifted = hasDrifted(state);
  if (!declared) return { changes: drifted, plans: [] };
  const plans = plansOf(state, inputs, now);
  const due = plans.some((plan) => plan.take || plan.delete.length > 0);
  const unfinished = state.failures.length > 0 || (state.leaving ?? []).length > 0;
  return { changes: drifted || due || unfinished || !sameSettings(state, inputs), plans };
}

/** The plan of each server that is known by now, by what state knows. */
function plansOf(state: RotationState, inputs: RotationInputs, now: number): ServerPlan[] {
  const members = state.snapshots.map(memberOf);
  const misdated = new Set(state.misdated);
  return inputs.cloudIds
    .filter((cloudId) => !isUnknown(cloudId))
    .map((cloudId) => decide(inputs, cloudId, members, misdated, now));
}
