import { finalOf } from "../../provider/clone/contract";
import { textOf, textsOf } from "../../provider/engine/inputs";
import { asRotationInputs } from "../../provider/rotation/contract";
import { memberTime } from "../../provider/rotation/members";
import { prefixOf } from "../../provider/rotation/settings";
import { isKeptFor } from "../../provider/utho/keep";
import { dynamicUrn, isNamedFor, mayBeStoredAs } from "../../provider/utho/names";
import { CLONE_TYPE, RESTORE_TYPE, ROTATION_TYPE } from "../../sdk/forwarder";
import type { PendingOperation, StateResource } from "./state";

/**
 * When a rotation asked for the snapshot that has this name, in milliseconds; `undefined`: the name is not of this
 * rotation. A rotation itself recognises its snapshots so, whatever its state lists.
 */
export function memberTimeOf(
  { inputs, outputs }: Pick<StateResource, "inputs" | "outputs">,
  name: string,
): number | undefined {
  const held = asRotationInputs({ ...inputs, ...outputs });
  const prefixes = [...(textsOf(outputs.prefixes) ?? []), held.ownPrefix, prefixOf(held)];
  return memberTime(name, { mark: held.mark, prefixes });
}

/** Operations that may leave a snapshot: reading and importing change nothing, a deletion at most a final snapshot. */
const LEAVING = new Set(["creating", "updating"]);

/** Whether a name was given by the run that was interrupted, as the provider's own search for it decides. */
export function recogniser({ operation, resource }: PendingOperation): (name: string) => boolean {
  if (operation === "deleting" && resource.type === CLONE_TYPE) {
    const final = finalOf(dynamicUrn(resource.urn), resource.id ?? "");
    return (name) => isKeptFor(final, name);
  }
  if (!LEAVING.has(operation) || resource.type === CLONE_TYPE) return () => false;
  if (resource.type === RESTORE_TYPE) return safetyOf(resource);
  if (resource.type === ROTATION_TYPE) return (name) => memberTimeOf(resource, name) !== undefined;
  const exact = textOf(resource.inputs.name);
  const mark = textOf(resource.inputs.mark);
  return (name) =>
    exact === undefined ? isNamedFor(dynamicUrn(resource.urn), name, mark) : mayBeStoredAs(exact, name);
}

function safetyOf({ urn, inputs }: StateResource): (name: string) => boolean {
  const owner = { urn: dynamicUrn(urn), mark: textOf(inputs.mark) ?? "" };
  return (name) => isKeptFor({ ...owner, purpose: "before" }, name);
}
