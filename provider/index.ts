/**
 * What the engine's plugin process loads through the forwarder in state
 * (`exports.handler = () => require("pulumi-utho/provider").snapshot;`). One process serves all resources of an
 * operation, so the runtime is shared by them.
 */
import { CloneLifecycle } from "./clone/lifecycle";
import { followEngine } from "./engine/lifeline";
import { guard } from "./guard";
import { RestoreLifecycle } from "./restore/lifecycle";
import { RotationLifecycle } from "./rotation/lifecycle";
import { SnapshotLifecycle } from "./snapshot/lifecycle";
import { ProviderRuntime } from "./utho/runtime";

const runtime = new ProviderRuntime({ lifeline: followEngine() });

/** Provider of `Snapshot`. Its name is part of states in the field. */
export const snapshot = guard(runtime, new SnapshotLifecycle(runtime));

/** Provider of `SnapshotRestore`. Its name is part of states in the field. */
export const snapshotRestore = guard(runtime, new RestoreLifecycle(runtime));

/** Provider of `ServerClone`. Its name is part of states in the field. */
export const serverClone = guard(runtime, new CloneLifecycle(runtime));

/** Provider of `SnapshotRotation`. Its name is part of states in the field. */
export const snapshotRotation = guard(runtime, new RotationLifecycle(runtime));
