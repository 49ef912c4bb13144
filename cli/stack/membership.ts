import type { Snapshot } from "../../client";
import { finalOf } from "../../provider/clone/contract";
import { textOf } from "../../provider/engine/inputs";
import { asRotationInputs } from "../../provider/rotation/contract";
import { Known } from "../../provider/rotation/members";
import { asRotationState } from "../../provider/rotation/state";
import { isKeptFor } from "../../provider/utho/keep";
import { dynamicUrn, isNamedFor, mayBeStoredAs } from "../../provider/utho/names";
import { CLONE_TYPE, RESTORE_TYPE, ROTATION_TYPE } from "../../sdk/forwarder";
import { once, type PendingOperation, type StateResource } from "./state";

/** As much of a snapshot as shows who made it. */
type Left = Pick<Snapshot, "id" | "name">;

/** By what a rotation recognises its snapshots, as its own next run does, whatever its state lists. */
const knownBy = once(({ inputs, outputs, hidden }: StateResource): Known => {
  const held = asRotationState({ ...inputs, ...outputs });
  // Where the state holds a prefix encrypted, the others and the mark are the evidence.
  if (PREFIXES.some((key) => hidden.has(key))) return new Known(held, { mark: held.mark, ownPrefix: "" });
  // What an interrupted update was to bring in counts before what it found.
  return new Known(held, textOf(inputs.ownPrefix) === undefined ? held : asRotationInputs(inputs));
});

const PREFIXES = ["namePrefix", "ownPrefix", "prefixes"];

/** Whether a name is that of a snapshot of this rotation. */
export function isMemberName(rotation: StateResource, name: string): boolean {
  return knownBy(rotation).timeIn(name) !== undefined;
}

/** Operations that may leave a snapshot: reading and importing change nothing, a deletion at most a final snapshot. */
export const LEAVING: ReadonlySet<string> = new Set(["creating", "updating"]);

/** Whether an interrupted run made a snapshot, or was adopting it, as the provider's own search decides. */
export function recogniser({ operation, resource }: PendingOperation): (snapshot: Left) => boolean {
  const { type, inputs } = resource;
  if (operation === "deleting" && type === CLONE_TYPE) return finalRecogniser(resource);
  if (!LEAVING.has(operation) || type === CLONE_TYPE) return () => false;
  if (type === RESTORE_TYPE) return safetyRecogniser(resource);
  if (type === ROTATION_TYPE) return ({ name }) => isMemberName(resource, name);
  const [exact, mark, adoptId] = [inputs.name, inputs.mark, inputs.adoptId].map(textOf);
  return ({ id, name }) =>
    id === adoptId ||
    (exact === undefined ? isNamedFor(dynamicUrn(resource.urn), name, mark) : mayBeStoredAs(exact, name));
}

/** Whether it is the last snapshot of a clone's server; a removal that failed has left it, and goes on with it. */
export function finalRecogniser({ urn, id = "", outputs }: StateResource): (snapshot: Left) => boolean {
  const final = finalOf(textOf(outputs.resourceUrn) ?? dynamicUrn(urn), id);
  return ({ name }) => isKeptFor(final, name);
}

function safetyRecogniser({ urn, inputs }: StateResource): (snapshot: Left) => boolean {
  const owner = { urn: dynamicUrn(urn), mark: textOf(inputs.mark) ?? "" };
  return ({ name }) => isKeptFor({ ...owner, purpose: "before" }, name);
}
