import { isSealOf } from "../engine/triggers";
import { isKeyOf, type RestoreInputs, type RestoreState } from "./contract";

/** What the engine is told: whether there is a change, and which inputs force a replacement. */
export interface Difference {
  changes: boolean;
  replaces: string[];
}

/**
 * Only another snapshot or other triggers restore again, by a replacement: the new restore comes with a safety
 * snapshot of its own before the old one's is removed. Whatever is done to snapshots outside, and every other option,
 * restores nothing. What this resource has restored once it never restores again (docs/decisions/0020).
 */
export function diffRestore(olds: RestoreState, news: RestoreInputs): Difference {
  const changed = changedInputs(olds, news);
  if (changed.length === 0) return { changes: olds.phase !== "restored", replaces: [] };
  if (isDone(olds, news)) return { changes: true, replaces: [] };
  return { changes: true, replaces: changed };
}

/** Whether the program went back to what this resource has restored before. */
export function isChangeBack(olds: RestoreState, news: RestoreInputs): boolean {
  return changedInputs(olds, news).length > 0 && isDone(olds, news);
}

function changedInputs(olds: RestoreState, news: RestoreInputs): string[] {
  return [
    ...(news.snapshotId !== olds.snapshotId ? ["snapshotId"] : []),
    ...(isSealOf(olds.triggersDigest, news.triggers) ? [] : ["triggers"]),
  ];
}

function isDone(olds: RestoreState, news: RestoreInputs): boolean {
  return (olds.done ?? []).some((key) => isKeyOf(key, news));
}
