import type { CloudId } from "../../client/request";
import { textsOf } from "../../provider/engine/inputs";
import { CLONE_TYPE, RESTORE_TYPE, ROTATION_TYPE } from "../../sdk/forwarder";
import type { Owner } from "../stack/ownership";
import { once, type StateResource } from "../stack/state";
import { inSentence } from "./text";

/** Whether a resource that was replaced leaves its snapshot in Utho, as the provider and Pulumi decide it. */
export function staysInUtho({ type, inputs, outputs, retainOnDelete }: StateResource): boolean {
  if (retainOnDelete || type === ROTATION_TYPE) return true;
  // Of a restore that did not end nothing else shows the last good state.
  if (type === RESTORE_TYPE) return outputs.phase === "sent" || outputs.phase === "unsure";
  return inputs.onReplace === "keep";
}

const serversOf = once(
  ({ outputs, inputs }: StateResource) => new Set(textsOf(outputs.cloudIds) ?? textsOf(inputs.cloudIds)),
);
const expiringServersOf = once(({ outputs }: StateResource) => new Set(textsOf(outputs.leaving)));

/** What becomes of what an interrupted run left. */
export function leftBy({ name, stack }: Owner, { type, inputs }: StateResource, snapshotId: string): string {
  const run = `An interrupted run of ${inSentence(name)}`;
  if (type === ROTATION_TYPE) return `${run} made it: the next \`pulumi up\` of stack ${stack} counts it.`;
  if (type === CLONE_TYPE)
    return `The removal of ${inSentence(name)} took it last, and did not end: the next one of stack ${stack} goes on with it within utho:takeoverWindow, and then takes another.`;
  if (inputs.adoptId === snapshotId)
    return `${run} was adopting it: the next \`pulumi up\` of stack ${stack} goes on with it.`;
  const later =
    type === RESTORE_TYPE
      ? "it shows the server before a restore: delete it only when that is no longer needed"
      : "give it to a resource by adoptId, or delete it";
  return `${run} left it: the next \`pulumi up\` of stack ${stack} takes it over within utho:takeoverWindow; after that, ${later}.`;
}

/** What a rotation does with a snapshot that its state does not list yet. */
export function fateOnServer(cloudId: CloudId | undefined, rotation: StateResource): string {
  const isIn = cloudId === undefined || serversOf(rotation).has(cloudId);
  if (isIn) return "the next `pulumi up` counts it";
  if (rotation.hidden.has("cloudIds"))
    return "the next `pulumi up` counts it if its server is in the rotation";
  return expiringServersOf(rotation).has(cloudId)
    ? `server ${cloudId} has left the rotation, and it goes as \`onRemove\` says`
    : `server ${cloudId} has left the rotation, which keeps it`;
}
