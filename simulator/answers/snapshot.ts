import { snapshotStatus } from "../rules/snapshots";
import type { World } from "../rules/world";
import type { SnapshotRecord } from "../store/snapshot";
import { type Place, writeId, writeSize, writeTime } from "./format";
import { dataCentre } from "./zone";

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
    created_at: created(world, snapshot),
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
    createdate: created(world, snapshot),
  };
}

/** A row as the listings of the sister products have it. */
export function sisterSnapshotRow(world: World, snapshot: SnapshotRecord): Record<string, unknown> {
  return {
    id: writeId(world, snapshot.id, "account"),
    cloudid: writeId(world, snapshot.cloudId, "account"),
    name: snapshot.name,
    size: writeSize(world, snapshot.sizeGb),
    created_at: created(world, snapshot),
    dc: snapshot.zone,
    dclocation: dataCentre(world, snapshot.zone),
  };
}

function created(world: World, snapshot: SnapshotRecord): string {
  return writeTime(world, snapshot.createdAt, { of: "snapshot", zone: snapshot.zone });
}
