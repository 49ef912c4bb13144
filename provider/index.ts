/**
 * What the engine's plugin process loads through the forwarder in state
 * (`exports.handler = () => require("pulumi-utho/provider").snapshot;`). One process serves all resources of an
 * operation, so the runtime is shared by them.
 */
import { followEngine } from "./engine/lifeline";
import { engineAddress } from "./engine/progress";
import { guard } from "./guard";
import { ProviderRuntime } from "./utho/runtime";

const engine = engineAddress(process.argv);
const runtime = new ProviderRuntime({ engine, lifeline: followEngine(engine) });

/** Provider of `Snapshot`. Its name is part of states in the field. */
export const snapshot = guard(runtime, async () => {
  const { SnapshotLifecycle } = await import("./snapshot/lifecycle.js");
  return new SnapshotLifecycle(runtime);
});

/** Provider of `SnapshotRestore`. Its name is part of states in the field. */
export const snapshotRestore = guard(runtime, async () => {
  const { RestoreLifecycle } = await import("./restore/lifecycle.js");
  return new RestoreLifecycle(runtime);
});

/** Provider of `ServerClone`. Its name is part of states in the field. */
export const serverClone = guard(runtime, async () => {
  const { CloneLifecycle } = await import("./clone/lifecycle.js");
  return new CloneLifecycle(runtime);
});

/** Provider of `SnapshotRotation`. Its name is part of states in the field. */
export const snapshotRotation = guard(runtime, async () => {
  const { RotationLifecycle } = await import("./rotation/lifecycle.js");
  return new RotationLifecycle(runtime);
});
