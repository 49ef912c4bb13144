import * as pulumi from "@pulumi/pulumi";
import * as utho from "pulumi-utho";

const config = new pulumi.Config();

/** The version that the server is about to be upgraded to. A new one takes a new checkpoint. */
const version = config.require("version");

/** The version whose upgrade went wrong: `pulumi config set undo 2.0`. */
const undo = config.get("undo");

const { cloudId } = utho.getServerOutput({ name: config.require("server") });

const checkpoint = new utho.Snapshot("checkpoint", { cloudId, triggers: [version] });

// Named after the version, so that each upgrade can be undone once. It is gone with the next version: removing it
// touches no server.
const restore =
  undo === version ? new utho.SnapshotRestore(`undo-${version}`, { snapshot: checkpoint }) : undefined;

export const checkpointId = checkpoint.id;
export const checkpointOf = checkpoint.createdAt;
/** What the server held when the upgrade was undone; give it to a SnapshotRestore to go there again. */
export const stateBeforeUndo = restore?.safetySnapshotId;
