import { isUnknown } from "../provider/engine/values";
import { HIDDEN } from "../sdk/resource";
import type { ResourceKind } from "./providers";

/** One resource of this package that the program under test has declared. */
export interface Declared {
  /** The class that the program declared it with. */
  kind: ResourceKind;
  /** Its logical name. */
  name: string;
  /** What the program said, secrets in clear. What a preview does not know yet is left out. */
  inputs: Record<string, unknown>;
  /** `true` for one that is only read, by `Snapshot.get`. */
  read: boolean;
  /** The id that it got; `undefined` in a preview, and where it failed. */
  id?: string;
  /** The outputs that it got. */
  outputs?: Record<string, unknown>;
  /** Why it could not be made: the message that `pulumi up` would show, with its code. */
  failure?: string;
}

/** Inputs that no program writes. */
const UNWRITTEN = new Set(["__provider", ...HIDDEN]);

/** The inputs that a program wrote. */
export function writtenInputs(inputs: Record<string, unknown>): Record<string, unknown> {
  const written = Object.entries(inputs).filter(([key, value]) => !UNWRITTEN.has(key) && !isUnknown(value));
  return Object.fromEntries(written);
}
