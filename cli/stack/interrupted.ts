import { textOf } from "../../provider/engine/inputs";
import { isSafetyOf } from "../../provider/restore/safety";
import { isNamedFor, mayBeStoredAs } from "../../provider/utho/names";
import { CLONE_TYPE, RESTORE_TYPE, ROTATION_TYPE } from "../../sdk/forwarder";
import { memberTimeOf } from "./membership";
import type { PendingOperation, StateResource } from "./state";

/** Operations that may leave a snapshot: reading and importing change nothing, a deletion leaves what was there. */
const LEAVING = new Set(["creating", "updating"]);

/** Whether a name was given by the run that was interrupted, as the provider's own search for it decides. */
export function recogniser({ operation, resource }: PendingOperation): (name: string) => boolean {
  if (!LEAVING.has(operation) || resource.type === CLONE_TYPE) return () => false;
  if (resource.type === RESTORE_TYPE) return safetyOf(resource);
  if (resource.type === ROTATION_TYPE) return (name) => memberTimeOf(resource, name) !== undefined;
  const exact = textOf(resource.inputs, "name");
  const mark = textOf(resource.inputs, "mark");
  return (name) => (exact === undefined ? isNamedFor(resource.urn, name, mark) : mayBeStoredAs(exact, name));
}

function safetyOf({ urn, inputs }: StateResource): (name: string) => boolean {
  const owner = { urn, mark: textOf(inputs, "mark") ?? "" };
  return (name) => isSafetyOf(owner, name);
}
