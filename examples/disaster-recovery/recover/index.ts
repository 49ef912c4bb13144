import * as pulumi from "@pulumi/pulumi";
import * as utho from "pulumi-utho";

const config = new pulumi.Config();

/**
 * The moment before which all was well, ISO 8601. It is fixed, so that a second `pulumi up` finds the same snapshots:
 * those that the recovery itself takes are younger.
 */
const before = config.require("before");

/** Where and how to bring back a server that no longer exists. */
const planId = config.get("planId");
const dcslug = config.get("dcslug");

/** Puts every server back to its newest snapshot before that moment; a lost server is cloned from it. */
export = async () => {
  // A server that is younger than that moment, such as one that this program has cloned, is not to be overwritten.
  const { servers } = await utho.getServers({ createdBefore: before });
  const { snapshots } = await utho.getSnapshots({ createdBefore: before });
  const restored: Record<string, pulumi.Output<string | undefined>> = {};
  const cloned: Record<string, pulumi.Output<string>> = {};
  for (const [cloudId, snapshot] of newestOfEach(snapshots)) {
    const server = servers.find((one) => one.cloudId === cloudId);
    if (server !== undefined) {
      const restore = new utho.SnapshotRestore(`restore-${cloudId}`, { snapshot: snapshot.id });
      restored[server.hostname] = restore.restoredAt;
    } else if (planId !== undefined) {
      const hostname = `recovered-${cloudId}`;
      const clone = new utho.ServerClone(hostname, { snapshot: snapshot.id, hostname, planId, dcslug });
      cloned[hostname] = clone.cloudId;
    } else {
      pulumi.log.warn(`Server ${cloudId} is gone; set planId (and dcslug) to clone it from ${snapshot.id}.`);
    }
  }
  return { restored, cloned };
};

/** The newest snapshot of each server. */
function newestOfEach(snapshots: utho.SnapshotInfo[]): Map<string, utho.SnapshotInfo> {
  const newest = new Map<string, utho.SnapshotInfo>();
  for (const snapshot of snapshots) {
    const known = newest.get(snapshot.cloudId);
    if ((snapshot.createdAt ?? "") >= (known?.createdAt ?? "")) newest.set(snapshot.cloudId, snapshot);
  }
  return newest;
}
