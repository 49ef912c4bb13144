import { isActive, UNKNOWN_STATUS } from "../utho/status";
import type { RotationState } from "./contract";

/** What became of snapshots that were good when create or update saw them last. */
export interface Drift {
  /** Ids that are not there any more: deleted or renamed outside. */
  gone: string[];
  /** Those that are there and not Active. */
  bad: { id: string; status: string }[];
}

/** Compares what a state shows with the record that it holds. A status that nobody tells is no evidence. */
export function driftOf({ snapshots, recorded }: Pick<RotationState, "snapshots" | "recorded">): Drift {
  const statuses = new Map(snapshots.map(({ id, status }) => [id, status]));
  const drift: Drift = { gone: [], bad: [] };
  for (const id of recorded) {
    const status = statuses.get(id);
    if (status === undefined) drift.gone.push(id);
    else if (!isActive(status) && status !== UNKNOWN_STATUS) drift.bad.push({ id, status });
  }
  return drift;
}

export function hasDrifted(state: Pick<RotationState, "snapshots" | "recorded">): boolean {
  const { gone, bad } = driftOf(state);
  return gone.length > 0 || bad.length > 0;
}
