import { CLONE_TYPE, RESTORE_TYPE, ROTATION_TYPE, SNAPSHOT_TYPE } from "../sdk/forwarder";

/** How a policy sees the resources of this package, those of the plugin by the type that they have as classes. */
export const TYPES = {
  snapshot: SNAPSHOT_TYPE,
  restore: RESTORE_TYPE,
  clone: CLONE_TYPE,
  rotation: ROTATION_TYPE,
} as const;
