import { compact, grouped } from "../../client/compact";
import { type RawInputs, recordsOf, textOf } from "../../provider/engine/inputs";
import { asRotationState } from "../../provider/rotation/state";
import {
  asSnapshotInputs,
  asSnapshotState,
  type SnapshotInputs,
  type SnapshotState,
} from "../../provider/snapshot/contract";
import type { SnapshotAddress, SnapshotRef } from "../../provider/utho/names";
import { RESTORE_TYPE, ROTATION_TYPE, SNAPSHOT_TYPE } from "../../sdk/forwarder";
import { type Owner, ownerOf, rotatedBy } from "../stack/ownership";
import type { StackState, StateResource } from "../stack/state";

/** A snapshot that a resource stands for, and what state knows of it. */
export interface OwnedSnapshot {
  id: SnapshotRef;
  /** `undefined`: state holds no id that could be one. */
  address: SnapshotAddress | undefined;
  owner: Owner;
  resource: StateResource;
  /** As the provider's own drift check reads it. */
  state: SnapshotState;
  inputs: Pick<SnapshotInputs, "waitForReady">;
  /**
   * When the resource does not count as its owner: "there": it was gone when its rotation looked, and if it is back, its
   * name shows whose it is. "gone": another resource had adopted it, so that it is no loss of the rotation.
   */
  exceptIf?: "there" | "gone" | undefined;
}

/** All snapshots that the stacks' resources own. */
export function ownedSnapshots(states: readonly StackState[]): OwnedSnapshot[] {
  return states.flatMap(({ stack, resources }) =>
    resources.filter(({ external }) => !external).flatMap((resource) => ownedBy(stack, resource)),
  );
}

export type Readers = ReadonlyMap<string | undefined, readonly { stack: string }[]>;

/** Ids of snapshots that a stack reads without owning them, with the stacks. */
export function readSnapshots(states: readonly StackState[]): Readers {
  const reads = states.flatMap(({ stack, resources }) =>
    resources
      .filter(({ external, type }) => external && type === SNAPSHOT_TYPE)
      .map(({ id }) => ({ stack, id })),
  );
  return grouped(reads, ({ id }) => id);
}

function ownedBy(stack: string, resource: StateResource): OwnedSnapshot[] {
  if (resource.type === SNAPSHOT_TYPE) return [declared(stack, resource)];
  if (resource.type === RESTORE_TYPE) return safety(stack, resource);
  if (resource.type === ROTATION_TYPE) return rotated(stack, resource);
  return [];
}

function declared(stack: string, resource: StateResource): OwnedSnapshot {
  const id = resource.id ?? "";
  const state = asSnapshotState({ ...resource.outputs });
  return {
    id,
    address: addressOf(id),
    owner: ownerOf(stack, resource),
    resource,
    state,
    inputs: asSnapshotInputs({ ...resource.inputs }),
  };
}

/** The state's server as it was before the restore; it goes with the resource. */
function safety(stack: string, resource: StateResource): OwnedSnapshot[] {
  const id = textOf(resource.outputs.safetySnapshotId);
  if (id === undefined) return [];
  const { outputs } = resource;
  const name = textOf(outputs.safetySnapshotName);
  const known = { name, serverName: textOf(outputs.serverName) };
  return [entry(id, ownerOf(stack, resource), resource, known, name !== undefined)];
}

function rotated(stack: string, resource: StateResource): OwnedSnapshot[] {
  const owner = ownerOf(stack, resource);
  const { recorded, spared } = asRotationState(resource.outputs);
  const [seenActive, given] = [new Set(recorded), new Set(spared)];
  const listed = [...rotatedBy(resource)].map(([id, known]) => ({
    ...entry(id, owner, resource, known, seenActive.has(id)),
    exceptIf: given.has(id) ? ("gone" as const) : undefined,
  }));
  const lost = recordsOf(resource.outputs.losses).map((loss) =>
    entry(textOf(loss.id) ?? "", owner, resource, loss, true),
  );
  return [...listed, ...lost.map((one) => ({ ...one, exceptIf: "there" as const }))];
}

/** A snapshot that is one of several in its resource's outputs. */
function entry(
  id: SnapshotRef,
  owner: Owner,
  resource: StateResource,
  known: RawInputs,
  seenActive: boolean,
): OwnedSnapshot {
  const address = addressOf(id);
  const state = asSnapshotState({ createdAt: known.takenAt, ...known, ...address });
  const recorded = compact({ name: state.name, sizeGb: state.sizeGb });
  // What was never seen Active is still in the making.
  return {
    id,
    address,
    owner,
    resource,
    state: seenActive ? { ...state, recorded } : state,
    inputs: { waitForReady: seenActive },
  };
}

function addressOf(id: SnapshotRef): SnapshotAddress | undefined {
  const [, cloudId, snapshotId] = /^(\d{1,20})\/(\d{1,20})$/.exec(id) ?? [];
  return cloudId === undefined || snapshotId === undefined ? undefined : { cloudId, snapshotId };
}
