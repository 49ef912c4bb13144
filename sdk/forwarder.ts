/**
 * What a resource carries in state instead of a serialized provider: a constant that takes the code from the
 * installed package. No closure is serialized, nothing can be captured, and an upgrade of the package takes effect at
 * once. The text is a contract with states in the field and must never change.
 */
export const SNAPSHOT_FORWARDER = 'exports.handler = () => require("pulumi-utho/provider").snapshot;';

export const RESTORE_FORWARDER = 'exports.handler = () => require("pulumi-utho/provider").snapshotRestore;';

export const CLONE_FORWARDER = 'exports.handler = () => require("pulumi-utho/provider").serverClone;';

export const ROTATION_FORWARDER = 'exports.handler = () => require("pulumi-utho/provider").snapshotRotation;';

/** Resource types are those of Pulumi's own dynamic provider plugin, which runs the forwarder. */
export const SNAPSHOT_TYPE = "pulumi-nodejs:dynamic/utho:Snapshot";

export const RESTORE_TYPE = "pulumi-nodejs:dynamic/utho:SnapshotRestore";

export const CLONE_TYPE = "pulumi-nodejs:dynamic/utho:ServerClone";

export const ROTATION_TYPE = "pulumi-nodejs:dynamic/utho:SnapshotRotation";

/** The package that all of them belong to, by which Pulumi knows which provider is for which resource. */
export const PROVIDER_PACKAGE = "pulumi-nodejs";

export const PROVIDER_TYPE = `pulumi:providers:${PROVIDER_PACKAGE}`;
