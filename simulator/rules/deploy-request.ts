import type { Plan, Zone } from "../settings/catalogue";
import type { SnapshotRecord } from "../store/snapshot";
import { Refusal } from "./refusal";
import { requireUsable } from "./snapshots";
import type { World } from "./world";

/** Where the disk of a new server comes from. */
export type DiskSource = { from: "image"; image: string } | { from: "snapshot"; snapshot: SnapshotRecord };

/** A deploy request whose every word has been checked. */
export interface DeployOrder {
  zone: Zone;
  plan: Plan;
  source: DiskSource;
  hostnames: string[];
  rootPassword?: string;
}

/** Reads and checks a deploy request; a refusal tells the first thing that is wrong. */
export function readDeployOrder(world: World, body: Record<string, unknown>): DeployOrder {
  const { zones, plans } = world.settings;
  const zone = zones.find((one) => one.slug === text(body.dcslug));
  if (zone === undefined) throw new Refusal("invalid", "The selected dcslug is invalid");
  const plan = plans.find((one) => one.id === text(body.planid));
  if (plan === undefined) throw new Refusal("invalid", "The selected planid is invalid");
  const source = readSource(world, body, zone);
  const password = text(body.root_password);
  return {
    zone,
    plan,
    source,
    hostnames: readHostnames(world, body.cloud),
    ...(password === "" ? {} : { rootPassword: password }),
  };
}

function readSource(world: World, body: Record<string, unknown>, zone: Zone): DiskSource {
  const named = ["image", "snapshotid", "backupid"].filter((field) => text(body[field]) !== "");
  if (named.length !== 1) {
    throw new Refusal("invalid", "Exactly one of image, snapshotid and backupid is required");
  }
  if (named[0] === "backupid") throw new Refusal("notFound", world.settings.notFoundWording);
  if (named[0] === "image") {
    const image = text(body.image);
    if (world.settings.images.some((one) => one.name === image)) return { from: "image", image };
    throw new Refusal("invalid", "The selected image is invalid");
  }
  return { from: "snapshot", snapshot: readSnapshot(world, text(body.snapshotid), zone) };
}

function readSnapshot(world: World, snapshotId: string, zone: Zone): SnapshotRecord {
  const snapshot = world.state.snapshots.get(snapshotId);
  if (snapshot === undefined || snapshot.deletedAt !== undefined) {
    throw new Refusal("notFound", world.settings.notFoundWording);
  }
  requireUsable(world, snapshot);
  if (snapshot.zone !== zone.slug && world.settings.crossZoneDeploy === "refuse") {
    throw new Refusal("invalid", "This snapshot is not available in the selected dcslug");
  }
  return snapshot;
}

const wellFormedHostname = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$/;

function readHostnames(world: World, cloud: unknown): string[] {
  const rows: unknown[] = Array.isArray(cloud) ? cloud : [];
  if (rows.length === 0) throw new Refusal("invalid", "The cloud field needs at least one hostname");
  return rows.map((row) => {
    const hostname = typeof row === "object" && row !== null && "hostname" in row ? text(row.hostname) : "";
    if (!wellFormedHostname.test(hostname) || world.settings.refusedHostnames.includes(hostname)) {
      throw new Refusal("invalid", "The hostname format is invalid");
    }
    return hostname;
  });
}

/** Ids and slugs come as strings or numbers; whatever is neither counts as left out. */
function text(value: unknown): string {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value : "";
}
