import type { Snapshot } from "../../client";
import { grouped } from "../../client/compact";
import { type RawInputs, textOf } from "../../provider/engine/inputs";
import { recordsIn } from "../../provider/rotation/state";
import { formatSnapshotId, type SnapshotRef, withSource } from "../../provider/utho/names";
import { CLONE_TYPE, RESTORE_TYPE, ROTATION_TYPE, SNAPSHOT_TYPE } from "../../sdk/forwarder";
import { finalRecogniser, isMemberName, LEAVING, recogniser } from "./membership";
import { once, type PendingOperation, type StackState, type StateResource } from "./state";
import { logicalNameOf } from "./urn";

/** A resource that stands for a snapshot. */
export interface Owner {
  stack: string;
  urn: string;
  kind: "Snapshot" | "SnapshotRotation" | "SnapshotRestore" | "ServerClone";
  /** The resource's logical name. */
  name: string;
}

/** Whose a snapshot is, and how that is known. */
export interface Claim {
  owner: Owner;
  /**
   * "state": the state holds its id. "interrupted": a run that did not end made it, by its name. "name": it has the
   * name of a rotation's snapshot, and a rotation counts by name, whatever its state lists.
   */
  by: "state" | "interrupted" | "name";
  resource: StateResource;
}

/** As much of a snapshot as decides whose it is. */
type Ownable = Pick<Snapshot, "id" | "cloudId" | "name">;

/** The one answer to whose a snapshot is, by the states of one stack or several; all commands ask here. */
export class Ownership {
  private readonly byId = new Map<string, Claim>();
  private byNumber: ReadonlyMap<string, readonly (readonly [string, Claim])[]> | undefined;
  /** What an interrupted run was to restore, or to make a server of: its next run goes on with it. */
  private readonly sources = new Map<SnapshotRef, Owner>();
  private readonly named: { claim: Claim; isOwn: (snapshot: Ownable) => boolean }[] = [];

  constructor(states: readonly StackState[]) {
    for (const { stack, resources } of states) {
      for (const resource of [...resources].sort((a, b) => precedence(a) - precedence(b))) {
        for (const id of idsOwnedBy(resource)) {
          this.byId.set(id, { owner: ownerOf(stack, resource), by: "state", resource });
        }
      }
    }
    for (const { stack, pending } of states) {
      for (const one of pending) this.claimLeft(stack, one);
    }
    for (const { stack, resources } of states) {
      for (const resource of resources) this.claimMembers(stack, resource);
    }
  }

  /** The resource for which a rotation spares this snapshot, as its next run will; `undefined`: it spares it for none. */
  userOf(snapshot: Ownable, rotation: StateResource): Owner | undefined {
    const claim = this.claimOn(snapshot);
    const isOther = claim !== undefined && claim.owner.urn !== rotation.urn && !claim.resource.delete;
    if (isOther) return claim.owner;
    const { id: snapshotId, cloudId = "" } = snapshot;
    return this.sources.get(formatSnapshotId({ cloudId, snapshotId }));
  }

  /** `undefined`: no resource of these stacks owns it. */
  claimOn(snapshot: Ownable): Claim | undefined {
    return this.byState(snapshot) ?? this.named.find(({ isOwn }) => isOwn(snapshot))?.claim;
  }

  private byState({ id, cloudId }: Ownable): Claim | undefined {
    if (cloudId !== undefined) return this.byId.get(formatSnapshotId({ cloudId, snapshotId: id }));
    // A listing may not say whose a snapshot is; then its number alone decides.
    this.byNumber ??= grouped(this.byId, ([known]) => known.slice(known.lastIndexOf("/") + 1));
    return this.byNumber.get(id)?.[0]?.[1];
  }

  private claimLeft(stack: string, operation: PendingOperation): void {
    const { resource } = operation;
    const isLeft = recogniser(operation);
    const [source, made] = [resource.inputs, resource.outputs].map((one) => textOf(withSource(one).snapshot));
    if (source !== undefined && source !== made && LEAVING.has(operation.operation))
      this.sources.set(source, ownerOf(stack, resource));
    const server = serverOf(resource);
    const claim: Claim = { owner: ownerOf(stack, resource), by: "interrupted", resource };
    this.named.push({
      claim,
      isOwn: (one) =>
        (server === undefined || one.cloudId === undefined || one.cloudId === server) && isLeft(one),
    });
  }

  private claimMembers(stack: string, resource: StateResource): void {
    if (resource.external) return;
    const owner = ownerOf(stack, resource);
    if (resource.type === ROTATION_TYPE) {
      const isOwn = ({ name }: Ownable): boolean => isMemberName(resource, name);
      this.named.push({ claim: { owner, by: "name", resource }, isOwn });
    } else if (resource.type === CLONE_TYPE && resource.outputs.finalSnapshot === true) {
      const isOwn = finalRecogniser(resource);
      this.named.push({ claim: { owner, by: "interrupted", resource }, isOwn });
    }
  }
}

/** Ids of the snapshots that a resource owns by its state: `<cloudId>/<snapshotId>`, as far as they are well formed. */
function idsOwnedBy(resource: StateResource): string[] {
  const { type, id, external, outputs } = resource;
  if (external) return [];
  // What a restore or a clone was made from is its source, and stays whose it was.
  if (type === RESTORE_TYPE) return listed(textOf(outputs.safetySnapshotId));
  if (type === ROTATION_TYPE) return [...rotatedBy(resource).keys()];
  return type === SNAPSHOT_TYPE ? listed(id) : [];
}

/** Of several resources whose states hold one id the last owns it: not what was replaced, nor a rotation of which it was adopted. */
export function precedence({ type, delete: isReplaced }: StateResource): number {
  if (isReplaced) return 0;
  return type === ROTATION_TYPE ? 1 : 2;
}

/** The entries of a rotation's output `snapshots`, by id. */
export const rotatedBy = once(
  ({ outputs }: StateResource): ReadonlyMap<string, RawInputs> =>
    new Map(recordsIn(outputs.snapshots).map((one) => [textOf(one.id) ?? "", one])),
);

const KINDS: ReadonlyMap<string, Owner["kind"]> = new Map([
  [RESTORE_TYPE, "SnapshotRestore"],
  [ROTATION_TYPE, "SnapshotRotation"],
  [CLONE_TYPE, "ServerClone"],
]);

/** The resource as its owner. */
export function ownerOf(stack: string, { urn, type }: Pick<StateResource, "urn" | "type">): Owner {
  const kind = KINDS.get(type) ?? "Snapshot";
  return { stack, urn, kind, name: logicalNameOf(urn) };
}

/** The server that a resource is about, where it is about one. */
export function serverOf({ type, inputs }: Pick<StateResource, "type" | "inputs">): string | undefined {
  const cloudId = textOf(inputs.cloudId);
  if (cloudId !== undefined || type !== RESTORE_TYPE) return cloudId;
  return (textOf(inputs.snapshot) ?? textOf(inputs.snapshotId))?.split("/")[0];
}

function listed(id: string | undefined): string[] {
  return id === undefined ? [] : [id];
}
