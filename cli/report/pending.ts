import type { Snapshot } from "../../client";
import { textOf, textsOf } from "../../provider/engine/inputs";
import { digestTriggers } from "../../provider/engine/triggers";
import { isSafetyOf } from "../../provider/restore/naming";
import { formatSnapshotId } from "../../provider/utho/snapshotid";
import { RESTORE_TYPE, ROTATION_TYPE } from "../../sdk/forwarder";
import { logicalNameOf, type StackState, type StateResource } from "../stack/state";
import type { Cloud } from "./cloud";
import type { Owner, PendingEntry } from "./model";
import { markIn, markOf, type OwnedSnapshot } from "./owned";

/** A run that had begun and did not end, with what it left. */
export interface Interruption {
  shown: PendingEntry;
  owner: Owner;
  left: Snapshot[];
}

/** Of operations that may leave something: reading and importing change nothing. */
const LEAVING = new Set(["creating", "updating", "deleting"]);

/** What interrupted runs left: snapshots that no state knows, and that bear the generated name of what was begun. */
export function pendingOf(
  states: readonly StackState[],
  owned: readonly OwnedSnapshot[],
  cloud: Cloud,
): Interruption[] {
  // What a replacement left on purpose bears the same mark, and is in state as a predecessor.
  const known = new Set(owned.flatMap(({ id, state }) => [id, ...predecessorsOf(state)]));
  const strangers = cloud.snapshots.filter(
    ({ cloudId, id }) => !known.has(formatSnapshotId({ cloudId: cloudId ?? "", snapshotId: id })),
  );
  return states.flatMap(({ stack, pending }) =>
    pending
      .filter(({ operation }) => LEAVING.has(operation))
      .map(({ operation, resource }) => interruption(stack, operation, resource, strangers)),
  );
}

function predecessorsOf({ cloudId, predecessors = [] }: OwnedSnapshot["state"]): string[] {
  return predecessors.map((snapshotId) => formatSnapshotId({ cloudId, snapshotId }));
}

function interruption(
  stack: string,
  operation: string,
  resource: StateResource,
  strangers: readonly Snapshot[],
): Interruption {
  const { urn } = resource;
  const cloudId = serverOf(resource);
  const isOwn = operation === "deleting" ? () => false : recogniser(resource);
  const left = strangers.filter(
    (one) =>
      (cloudId === undefined || one.cloudId === undefined || one.cloudId === cloudId) && isOwn(one.name),
  );
  const owner: Owner = { stack, urn, kind: kindOf(resource), name: logicalNameOf(urn) };
  const snapshotIds = left.map(({ cloudId: of, id }) =>
    formatSnapshotId({ cloudId: of ?? cloudId ?? "", snapshotId: id }),
  );
  return { shown: { stack, urn, operation, cloudId: cloudId ?? null, snapshotIds }, owner, left };
}

/** Whether a name was given by the run that was interrupted, as the provider's own search for it decides. */
function recogniser({ type, urn, inputs }: StateResource): (name: string) => boolean {
  if (type === RESTORE_TYPE) {
    const snapshotId = textOf(inputs, "snapshotId") ?? "";
    const owner = { urn, snapshotId, triggersDigest: digestTriggers(inputs.triggers) };
    return (name) => isSafetyOf(owner, name);
  }
  if (type === ROTATION_TYPE) {
    const mark = textOf(inputs, "mark");
    const prefixes = [
      textOf(inputs, "namePrefix"),
      textOf(inputs, "ownPrefix"),
      ...(textsOf(inputs, "prefixes") ?? []),
    ];
    const marks = new Set(prefixes.flatMap((prefix) => (prefix === undefined ? [] : [`${prefix} ${mark}`])));
    return (name) => marks.has(markIn(name) ?? "");
  }
  const exact = textOf(inputs, "name");
  const mark = markOf(urn);
  return (name) => name === exact || markIn(name) === mark;
}

function serverOf({ type, inputs }: StateResource): string | undefined {
  const cloudId = textOf(inputs, "cloudId");
  if (cloudId !== undefined || type !== RESTORE_TYPE) return cloudId;
  return textOf(inputs, "snapshotId")?.split("/")[0];
}

function kindOf({ type }: StateResource): Owner["kind"] {
  if (type === RESTORE_TYPE) return "SnapshotRestore";
  return type === ROTATION_TYPE ? "SnapshotRotation" : "Snapshot";
}
