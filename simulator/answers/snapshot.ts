import { snapshotStatus } from "../rules/snapshots";
import type { World } from "../rules/world";
import type { SnapshotRecord } from "../store/snapshot";
import { type Place, writeId, writeSize, writeTime } from "./format";

/** A row of a server's own `snapshots`. */
export function serverSnapshotRow(
  world: World,
  snapshot: SnapshotRecord,
  place: Place = "server",
): Record<string, unknown> {
  const status = world.settings.statusInServerList ? { status: snapshotStatus(world, snapshot) } : {};
  return {
    id: writeId(world, snapshot.id, place),
    size: writeSize(world, snapshot.sizeGb),
    created_at: writeTime(world, snapshot.createdAt),
    note: snapshot.note,
    name: snapshot.name,
    ...status,
  };
}

/** A row of getdeploy's `snapshots`. */
export function accountSnapshotRow(world: World, snapshot: SnapshotRecord): Record<string, unknown> {
  return {
    id: writeId(world, snapshot.id, "account"),
    cloudid: writeId(world, snapshot.cloudId, "account"),
    image: snapshot.image,
    size: writeSize(world, snapshot.sizeGb),
    name: snapshot.name,
    status: snapshotStatus(world, snapshot),
    storage: snapshot.storage,
    createdate: writeTime(world, snapshot.createdAt),
  };
}
