import { textsOf } from "../../provider/engine/inputs";
import { asRotationInputs, prefixOf } from "../../provider/rotation/settings";
import { isLabelledBy, parseGeneratedName } from "../../provider/utho/names";
import type { StateResource } from "./state";

/**
 * When a rotation asked for the snapshot that has this name, in milliseconds; `undefined`: the name is not of this
 * rotation. A rotation itself recognises its snapshots so, whatever its state lists.
 */
export function memberTimeOf(
  { inputs, outputs }: Pick<StateResource, "inputs" | "outputs">,
  name: string,
): number | undefined {
  const held = asRotationInputs({ ...inputs, ...outputs });
  const parts = parseGeneratedName(name);
  if (parts === undefined || parts.mark !== held.mark) return undefined;
  const known = [
    ...(textsOf(inputs, "prefixes") ?? []),
    ...(textsOf(outputs, "prefixes") ?? []),
    held.ownPrefix,
    prefixOf(held),
  ].filter((one) => one !== "");
  // The mark is of the rotation's URN. In a state without a prefix it is the only evidence.
  const isKnown = known.length === 0 || known.some((one) => isLabelledBy(parts.label, one));
  return isKnown ? parts.takenAt : undefined;
}
