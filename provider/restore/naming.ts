import { generateName, isNamedFor } from "../utho/names";
import { restoreKey } from "./contract";

/** Whose safety snapshot a name speaks of. */
export interface SafetyOwner {
  urn: string;
  snapshotId: string;
  triggersDigest: string | undefined;
}

/** Name of a safety snapshot: `<stack>-<logical name>-before-restore-<UTC time>-<6 hex>`. */
export function safetyName(owner: SafetyOwner, now: number): string {
  return generateName(markedUrn(owner), now);
}

/** Whether a snapshot was made as the safety snapshot of this very restore. */
export function isSafetyOf(owner: SafetyOwner, name: string): boolean {
  return isNamedFor(markedUrn(owner), name);
}

/**
 * The mark also stands for what is restored, so that the safety snapshot of one restore is never taken for that of
 * the resource's next one.
 */
function markedUrn({ urn, snapshotId, triggersDigest }: SafetyOwner): string {
  const [head = "", project = "", type = "", ...name] = urn.split("::");
  const what = `${type} ${restoreKey(snapshotId, triggersDigest)}`;
  return [head, project, what, `${name.join("::")}-before-restore`].join("::");
}
