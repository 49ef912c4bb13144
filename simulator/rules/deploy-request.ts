import type { Plan, Zone } from "../settings/catalogue";
import type { SnapshotRecord } from "../store/snapshot";
import { requireCredit } from "./credit";
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
  /** GB. */
  disk: number;
  hostnames: string[];
  rootPassword?: string;
}

/** Reads and checks a deploy request; a refusal names the first thing that is wrong. */
export function readDeployOrder(world: World, body: Record<string, unknown>): DeployOrder {
  const { zones, plans } = world.settings;
  const zone = zones.find((one) => one.slug === text(body.dcslug));
  if (zone === undefined) throw new Refusal("invalid", "The selected dcslug is invalid");
  const plan = plans.find((one) => one.id === text(body.planid));
  if (plan === undefined) throw new Refusal("invalid", "The selected planid is invalid");
  requireFields(world, body, zone);
  const source = readSource(world, body, zone);
  requireRoom(world, zone);
  const password = text(body.root_password);
  return {
    zone,
    plan,
    source,
    disk: readDisk(world, body, plan, source),
    hostnames: readHostnames(world, body.cloud),
    ...(password === "" ? {} : { rootPassword: password }),
  };
}

/** The plans on which a snapshot has room; one without a disk of its own has what `ebs` gives it. */
export function plansFor(world: World, snapshot: SnapshotRecord): Plan[] {
  return world.settings.plans.filter((one) => one.diskGb === 0 || one.diskGb >= snapshot.sizeGb);
}

function requireFields(world: World, body: Record<string, unknown>, zone: Zone): void {
  const { otherCpuModels, requiredDeployFields } = world.settings;
  for (const field of requiredDeployFields) {
    if (text(body[field]) === "") throw new Refusal("invalid", `The ${field} field is required`);
  }
  const model = text(body.cpumodel);
  if (otherCpuModels === "refuse" && model !== "" && model !== zone.defaultCpu) {
    throw new Refusal("invalid", "The selected cpumodel is invalid");
  }
}

function requireRoom(world: World, zone: Zone): void {
  requireCredit(world);
  const { fullZones, fullZoneRefusal } = world.settings;
  if (!fullZones.includes(zone.slug)) return;
  if (fullZoneRefusal === "resourceUnavailable") {
    throw new Refusal("conflict", "Deploy Failed – Resource Unavailable, a support ticket has been created");
  }
  const message = "Public Network Resources not available at this zone";
  throw new Refusal("conflict", message, undefined, "NONODEFOUND");
}

/** The disk of the plan, or what `ebs` adds up to where the plan has none. */
function readDisk(world: World, body: Record<string, unknown>, plan: Plan, source: DiskSource): number {
  const needed = source.from === "snapshot" ? source.snapshot.sizeGb : 1;
  const disk = plan.diskGb === 0 ? readEbs(body.ebs) : plan.diskGb;
  if (plan.diskGb === 0 && disk === 0) throw new Refusal("invalid", "The ebs field is required");
  if (disk >= needed) return disk;
  if (world.settings.smallPlans === "grow") return needed;
  throw new Refusal("invalid", "The selected plan is smaller than the snapshot");
}

function readEbs(value: unknown): number {
  const rows: unknown[] = Array.isArray(value) ? value : [];
  return rows.reduce<number>((sum, row) => {
    const disk =
      typeof row === "object" && row !== null && "disk" in row ? Number(text(row.disk)) : Number.NaN;
    if (Number.isFinite(disk) && disk > 0) return sum + disk;
    throw new Refusal("invalid", "The ebs field needs a disk of at least 1 GB in each row");
  }, 0);
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
