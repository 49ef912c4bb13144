import type { Snapshot } from "../../client";
import { isRecord } from "../../provider/engine/inputs";
import { parseGeneratedName } from "../../provider/utho/names";
import { RESTORE_TYPE, SNAPSHOT_TYPE } from "../../sdk/forwarder";
import { type DeployedResource, type Deployment, OUR_TYPES } from "../deployment";

/** Tells which snapshots belong to resources of some states. */
export interface Ownership {
  /** The URN of the resource whose snapshot it is; `undefined`: no one's. */
  ownerOf(snapshot: Snapshot): string | undefined;
}

/**
 * Whose a snapshot is, by the states of one stack or several. A `Snapshot` owns its own, a restore its safety snapshot;
 * of any other resource of this package, each snapshot that it mentions counts as its own, as does one whose name
 * bears its mark, since a rotation knows its snapshots by that.
 */
export function ownershipIn(deployments: readonly Deployment[]): Ownership {
  const byId = new Map<string, string>();
  const byMark = new Map<string, string>();
  const ours = deployments.flatMap(({ resources }) =>
    resources.filter(({ type }) => type.startsWith(OUR_TYPES)),
  );
  for (const resource of ours) {
    for (const id of idsOf(resource)) byId.set(id, resource.urn);
    const { mark } = resource.inputs;
    if (typeof mark === "string") byMark.set(mark, resource.urn);
  }
  return {
    ownerOf: ({ id, cloudId, name }) =>
      byId.get(`${cloudId}/${id}`) ?? byMark.get(parseGeneratedName(name)?.mark ?? ""),
  };
}

function idsOf({ type, id, external, outputs, inputs }: DeployedResource): string[] {
  if (type === SNAPSHOT_TYPE) return id === undefined || external ? [] : [id];
  if (type === RESTORE_TYPE) return textsIn(outputs.safetySnapshotId);
  // What a clone was made from is its source, and stays whose it was.
  if (type.endsWith(":ServerClone")) return [];
  return textsIn([inputs, outputs]);
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isRecord(value) ? Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]) : [];
}
