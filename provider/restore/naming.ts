import { generateName, isNamedFor } from "../utho/names";

/** Whose safety snapshot a name speaks of. */
export interface SafetyOwner {
  urn: string;
  /** Stands for what is restored too, so that the safety snapshot of one restore is never taken for the next one's. */
  mark: string;
}

/** Name of a safety snapshot: `<stack>-<logical name>-before-restore-<UTC time>-<6 hex>`. */
export function safetyName({ urn, mark }: SafetyOwner, now: number): string {
  return generateName(labelled(urn), now, mark);
}

/** Whether a snapshot was made as the safety snapshot of this very restore. */
export function isSafetyOf({ urn, mark }: SafetyOwner, name: string): boolean {
  return isNamedFor(labelled(urn), name, mark);
}

/** The logical name is the last part of a URN, and the label is made of it. */
function labelled(urn: string): string {
  return `${urn}-before-restore`;
}
