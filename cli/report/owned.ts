import { type RawInputs, textOf, textsOf } from "../../provider/engine/inputs";
import { asSnapshotInputs } from "../../provider/snapshot/check";
import type { SnapshotInputs, SnapshotState } from "../../provider/snapshot/contract";
import { asSnapshotState } from "../../provider/snapshot/state";
import { generateName, parseGeneratedName } from "../../provider/utho/names";
import type { SnapshotAddress } from "../../provider/utho/snapshotid";
import { RESTORE_TYPE, ROTATION_TYPE, SNAPSHOT_TYPE } from "../../sdk/forwarder";
import { logicalNameOf, type StackState, type StateResource } from "../stack/state";
import type { Owner } from "./model";

/** A snapshot that a resource stands for, and what state knows of it. */
export interface OwnedSnapshot {
  id: string;
  /** `undefined`: state holds no id that could be one. */
  address: SnapshotAddress | undefined;
  owner: Owner;
  resource: StateResource;
  /** As the provider's own drift check reads it. */
  state: SnapshotState;
  inputs: Pick<SnapshotInputs, "waitForReady">;
}

/** All snapshots that the stacks' resources own. */
export function ownedSnapshots(states: readonly StackState[]): OwnedSnapshot[] {
  return states.flatMap(({ stack, resources }) =>
    resources.filter(({ external }) => !external).flatMap((resource) => ownedBy(stack, resource)),
  );
}

/** Ids of snapshots that a stack reads without owning them, with the stacks. */
export function readSnapshots(states: readonly StackState[]): Map<string, string[]> {
  const readers = new Map<string, string[]>();
  for (const { stack, resources } of states) {
    for (const { external, type, id } of resources) {
      if (!external || type !== SNAPSHOT_TYPE || id === undefined) continue;
      readers.set(id, [...(readers.get(id) ?? []), stack]);
    }
  }
  return readers;
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
    owner: ownerOf(stack, resource, "Snapshot"),
    resource,
    state,
    inputs: asSnapshotInputs({ ...resource.inputs }),
  };
}

/** The state's server as it was before the restore; it goes with the resource. */
function safety(stack: string, resource: StateResource): OwnedSnapshot[] {
  const id = textOf(resource.outputs, "safetySnapshotId");
  if (id === undefined) return [];
  const { outputs } = resource;
  const name = textOf(outputs, "safetySnapshotName");
  const known = { name, serverName: textOf(outputs, "serverName") };
  return [entry(id, ownerOf(stack, resource, "SnapshotRestore"), resource, known, name !== undefined)];
}

function rotated(stack: string, resource: StateResource): OwnedSnapshot[] {
  const { snapshots } = resource.outputs;
  if (!Array.isArray(snapshots)) return [];
  const owner = ownerOf(stack, resource, "SnapshotRotation");
  const seenActive = new Set(textsOf(resource.outputs, "recorded") ?? []);
  return snapshots.filter(isRecord).flatMap((known) => {
    const id = textOf(known, "id");
    return id === undefined ? [] : [entry(id, owner, resource, known, seenActive.has(id))];
  });
}

/** A snapshot that is one of several things that its resource's outputs tell. */
function entry(
  id: string,
  owner: Owner,
  resource: StateResource,
  known: RawInputs,
  seenActive: boolean,
): OwnedSnapshot {
  const address = addressOf(id);
  const { takenAt, ...facts } = { takenAt: textOf(known, "takenAt"), ...known };
  const state = asSnapshotState({ createdAt: takenAt, ...facts, ...address });
  const recorded = seenActive ? { name: state.name, sizeGb: state.sizeGb } : undefined;
  // What was never seen Active is still in the making.
  return {
    id,
    address,
    owner,
    resource,
    state: { ...state, recorded },
    inputs: { waitForReady: seenActive },
  };
}

function ownerOf(stack: string, { urn }: StateResource, kind: Owner["kind"]): Owner {
  return { stack, urn, kind, name: logicalNameOf(urn) };
}

function addressOf(id: string): SnapshotAddress | undefined {
  const [, cloudId, snapshotId] = /^(\d{1,20})\/(\d{1,20})$/.exec(id) ?? [];
  return cloudId === undefined || snapshotId === undefined ? undefined : { cloudId, snapshotId };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What generated names of a resource have in common, so that snapshots which bear one are recognised. */
export function markOf(urn: string): string {
  const { label = "", mark = "" } = parseGeneratedName(generateName(urn, 0)) ?? {};
  return `${label} ${mark}`;
}

/** The same of a name; `undefined`: it was not generated. */
export function markIn(name: string): string | undefined {
  const parts = parseGeneratedName(name);
  return parts === undefined ? undefined : `${parts.label} ${parts.mark}`;
}
