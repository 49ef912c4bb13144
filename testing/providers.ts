import { CloneLifecycle } from "../provider/clone/lifecycle";
import { type GuardedProvider, guard } from "../provider/guard";
import { RestoreLifecycle } from "../provider/restore/lifecycle";
import { RotationLifecycle } from "../provider/rotation/lifecycle";
import { SnapshotLifecycle } from "../provider/snapshot/lifecycle";
import type { ProviderRuntime } from "../provider/utho/runtime";
import { CLONE_TYPE, RESTORE_TYPE, ROTATION_TYPE, SNAPSHOT_TYPE } from "../sdk/forwarder";

/** The resources of this package, by the class that a program declares them with. */
export type ResourceKind = "Snapshot" | "SnapshotRestore" | "ServerClone" | "SnapshotRotation";

/** What stands behind a resource type of this package. */
export interface Behind {
  kind: ResourceKind;
  /** Outputs that the resource class marks as secret; Pulumi does not pass that on to mocks. */
  secretOutputs: readonly string[];
  /** The provider itself, as the engine's plugin runs it. */
  provider(runtime: ProviderRuntime): GuardedProvider;
}

/** By resource type. A test holds this against what the engine's plugin can load. */
export const BEHIND: Readonly<Record<string, Behind>> = {
  [SNAPSHOT_TYPE]: {
    kind: "Snapshot",
    secretOutputs: [],
    provider: (runtime) => guard(runtime, (its) => new SnapshotLifecycle(its)),
  },
  [RESTORE_TYPE]: {
    kind: "SnapshotRestore",
    secretOutputs: [],
    provider: (runtime) => guard(runtime, (its) => new RestoreLifecycle(its)),
  },
  [CLONE_TYPE]: {
    kind: "ServerClone",
    secretOutputs: ["password"],
    provider: (runtime) => guard(runtime, (its) => new CloneLifecycle(its)),
  },
  [ROTATION_TYPE]: {
    kind: "SnapshotRotation",
    secretOutputs: [],
    provider: (runtime) => guard(runtime, (its) => new RotationLifecycle(its)),
  },
};
