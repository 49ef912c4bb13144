import { isUnknown } from "../engine/unknown";
import type { RotationInputs, RotationState } from "./contract";
import { memberOf } from "./members";
import type { ServerPlan } from "./plan/types";

/** Servers that were in the rotation and are not any more. */
export function leavingOf(inputs: RotationInputs, known: RotationState | undefined): string[] {
  const before = new Set([...(known?.cloudIds ?? []), ...(known?.leaving ?? [])]);
  return [...before].filter((cloudId) => !inputs.cloudIds.includes(cloudId));
}

/** Whether the snapshots of a server that leaves are deleted now; a paused rotation does that when it goes on. */
export function clearsLeaving({ onRemove, paused }: RotationInputs): boolean {
  return onRemove === "delete" && !paused;
}

/** What goes of the servers that leave for sure, by what state knows. */
export function departures(inputs: RotationInputs, state: RotationState): ServerPlan[] {
  if (!clearsLeaving(inputs) || inputs.cloudIds.some(isUnknown)) return [];
  return leavingOf(inputs, state).map((cloudId) => {
    const own = state.snapshots.filter((one) => one.cloudId === cloudId).map(memberOf);
    const oldestFirst = own.sort((a, b) => a.takenAt - b.takenAt);
    return { cloudId, take: false, dueAt: Number.POSITIVE_INFINITY, keep: [], delete: oldestFirst };
  });
}

/** What the plans of the servers do not tell: which of them leave, and what is not known before the update. */
export function describeDepartures(inputs: RotationInputs, state: RotationState): string[] {
  const leaving = leavingOf(inputs, state);
  const list = leaving.join(", ");
  const said: string[] = [];
  const deletes = clearsLeaving(inputs) && leaving.length > 0;
  if (inputs.cloudIds.some(isUnknown)) {
    said.push("What the rotation does on servers that are not known before the update cannot be told yet.");
    if (deletes)
      said.push(
        `Of ${list}, a server that the update does not name leaves the rotation, and all its snapshots of that server are deleted (onRemove: "delete").`,
      );
  } else if (deletes) {
    said.push(
      `Leaving the rotation: ${list}. All its snapshots there are deleted (onRemove: "delete"), also those that this state does not know.`,
    );
  }
  return said;
}
