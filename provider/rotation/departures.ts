import { isUnknown } from "../engine/unknown";
import type { RotationInputs, RotationState } from "./contract";

/** Servers that state knows and the program does not name. */
export interface Departures {
  /** They left the rotation. */
  leaving: string[];
  /** Some ids of the program are not known before the update; these may be among them, or leave. */
  unsure: string[];
}

/** Which servers leave the rotation, those included whose snapshots an earlier run could not delete. */
export function departuresOf(
  { cloudIds }: Pick<RotationInputs, "cloudIds">,
  known: Pick<RotationState, "cloudIds" | "leaving"> | undefined,
): Departures {
  const before = new Set([...(known?.cloudIds ?? []), ...(known?.leaving ?? [])]);
  const missing = [...before].filter((cloudId) => !cloudIds.includes(cloudId));
  return cloudIds.some(isUnknown) ? { leaving: [], unsure: missing } : { leaving: missing, unsure: [] };
}

/** Whether the snapshots of a server that leaves are deleted now; a paused rotation does that when it goes on. */
export function clearsLeaving({ onRemove, paused }: Pick<RotationInputs, "onRemove" | "paused">): boolean {
  return onRemove === "delete" && !paused;
}
