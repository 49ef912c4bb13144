import type { Resource as ResourceKind } from "../provider/guard";
import { CLONE_TYPE, RESTORE_TYPE, ROTATION_TYPE, SNAPSHOT_TYPE } from "../sdk/forwarder";

export type { ResourceKind };

/** What stands behind a resource type of this package. */
export interface Behind {
  kind: ResourceKind;
  /** Outputs that the resource class marks as secret; Pulumi does not pass that on to mocks. */
  secretOutputs: readonly string[];
}

/** By resource type. A test holds this against what the engine's plugin can load. */
export const BEHIND: Readonly<Record<string, Behind>> = {
  [SNAPSHOT_TYPE]: { kind: "Snapshot", secretOutputs: [] },
  [RESTORE_TYPE]: { kind: "SnapshotRestore", secretOutputs: [] },
  [CLONE_TYPE]: { kind: "ServerClone", secretOutputs: ["password"] },
  [ROTATION_TYPE]: { kind: "SnapshotRotation", secretOutputs: [] },
};
