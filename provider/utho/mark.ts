import { type RawInputs, textOf } from "../engine/inputs";
import { type EngineMemory, isHeld } from "../engine/memory";
import { digestTriggers } from "../engine/triggers";
import { hasUnknown, UNKNOWN } from "../engine/unknown";
import { markFor, markOf } from "./names";

/**
 * The hidden input `mark`, by which a run recognises what an interrupted one left. It follows from the URN, from what
 * is wanted, and from the mark of what is replaced, so that it is equal in a preview and in the `up` after it. It is
 * fixed when a thing is made; a state that was written before there were marks has none until its next replacement.
 */
export function fixMark(
  memory: EngineMemory,
  olds: RawInputs,
  inputs: RawInputs,
  wanted: unknown,
): string | undefined {
  if (isHeld(olds)) return textOf(olds, "mark");
  if (hasUnknown(wanted)) return UNKNOWN;
  const urn = textOf(inputs, "resourceUrn") ?? "";
  const replaced = memory.formerOf(urn);
  const former =
    replaced === undefined
      ? undefined
      : (textOf(replaced, "mark") ?? markOf(textOf(replaced, "resourceUrn") ?? urn));
  return markFor(urn, { digest: digestTriggers(wanted), former });
}
