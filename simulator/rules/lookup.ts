import type { ServerRecord } from "../store/server";
import type { SnapshotRecord } from "../store/snapshot";
import { Refusal } from "./refusal";
import type { World } from "./world";

/** The server, or a refusal: not found. */
export function requireServer(world: World, cloudId: string): ServerRecord {
  const server = world.state.servers.get(cloudId);
  if (server !== undefined) return server;
  const { notFoundWording, serverNotFoundWording } = world.settings;
  throw new Refusal("notFound", serverNotFoundWording ?? notFoundWording);
}

/** The snapshot, or a refusal: not found. */
export function requireSnapshot(world: World, snapshotId: string): SnapshotRecord {
  const snapshot = world.state.snapshots.get(snapshotId);
  if (snapshot !== undefined && snapshot.deletedAt === undefined) return snapshot;
  throw new Refusal("notFound", world.settings.notFoundWording);
}

/** The snapshot under the server that the path names, or a refusal. */
export function requireSnapshotOf(world: World, cloudId: string, snapshotId: string): SnapshotRecord {
  const snapshot = requireSnapshot(world, snapshotId);
  if (snapshot.cloudId === cloudId) return snapshot;
  if (world.settings.foreignSnapshot === "refused") {
    throw new Refusal("invalid", "This snapshot does not belong to this server");
  }
  throw new Refusal("notFound", world.settings.notFoundWording);
}
