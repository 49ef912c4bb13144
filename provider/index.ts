/**
 * What the engine's plugin process loads through the forwarder in state
 * (`exports.handler = () => require("pulumi-utho/provider").snapshot;`). One process serves all resources of an
 * operation, so the runtime is shared by them.
 */
import { followEngine } from "./engine/lifeline";
import { engineAddress } from "./engine/progress";
import { providersOf } from "./guard";
import { ProviderRuntime } from "./utho/runtime";

const engine = engineAddress(process.argv);
const providers = providersOf(new ProviderRuntime({ engine, lifeline: followEngine(engine) }));

// These names are part of states in the field.
export const snapshot = providers.Snapshot;
export const snapshotRestore = providers.SnapshotRestore;
export const serverClone = providers.ServerClone;
export const snapshotRotation = providers.SnapshotRotation;
