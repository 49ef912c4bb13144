import type { CloudId } from "../../client/request";
import { isUnknown } from "../engine/values";
import type { RotationInputs } from "./contract";
import { decide, sparing } from "./decide";
import { Known } from "./members";
import type { ServerPlan } from "./plan/types";
import { sameSettings } from "./settings";
import { hasDrifted, type RotationState } from "./state";

/**
 * Compares state with the program and with the time: something due is a change, otherwise nothing is. What was left to
 * another resource is not due. Nothing ever forces a replacement. A window that no run fell into is no change, but is announced.
 * @param declared whether the program was asked; on a refresh, where it was not, only drift is a change
 */
export function diffRotation(
  state: RotationState,
  inputs: RotationInputs,
  now: number,
  declared: boolean,
): { changes: boolean; missedWindow: boolean } {
  const drifted = hasDrifted(state);
  if (!declared || drifted) return { changes: drifted, missedWindow: false };
  const { leaving = [] } = state;
  // What expires goes with the next take.
  const clears = leaving.length > 0 && inputs.onRemove !== "expire" && !inputs.paused;
  const unfinished = state.failures.length > 0 || clears;
  if (unfinished || !sameSettings(state, inputs)) return { changes: true, missedWindow: false };
  const known = new Known(state, inputs);
  const planFor = (cloudId: CloudId): ServerPlan =>
    sparing(decide(inputs, cloudId, known.of(cloudId), now, known.runFacts(cloudId)), ({ id }) =>
      known.whySpared(id),
    );
  const plans = inputs.cloudIds.filter((cloudId) => !isUnknown(cloudId)).map(planFor);
  const missedWindow = !inputs.paused && plans.some((plan) => plan.missedWindow);
  return { changes: plans.some((plan) => plan.take || plan.delete.length > 0), missedWindow };
}
