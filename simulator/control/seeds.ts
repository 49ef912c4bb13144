import * as v from "valibot";
import { SimulatorError } from "../error";
import { addressOf, installedDisk } from "../rules/deploy";
import type { World } from "../rules/world";
import type { ServerRecord } from "../store/server";
import type { SnapshotRecord } from "../store/snapshot";

/** `Date.parse` alone would take much else for a time. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** A server that is there without having been deployed through the API. */
export interface SeedServer {
  /** Default: a new id. */
  cloudId?: string | undefined;
  /** Its hostname. */
  hostname: string;
  /** Data centre; default: the first of the settings. */
  dcslug?: string | undefined;
  /** Plan; default: the first of the settings. It gives cpu, memory, price and, unless `diskGb` is given, the disk. */
  planId?: string | undefined;
  /** Size of its disk in GB, at least 1; default: its plan's. */
  diskGb?: number | undefined;
  /** Operating system image; default: "ubuntu-22.04-x86_64". */
  image?: string | undefined;
  /** Its IP address; default: one made of its id. */
  ip?: string | undefined;
  /** Default Running. */
  powerState?: "Running" | "Stopped" | undefined;
  /** A status word that wins over the computed one. */
  status?: string | undefined;
  /** Stands for everything on its disk. */
  contents?: string | undefined;
  /** ISO 8601 or milliseconds since 1970; default: now. */
  createdAt?: string | number | undefined;
}

/** A snapshot that is there without having been made through the API: by hand in the console, say. */
export interface SeedSnapshot {
  /** Default: a new id. */
  id?: string | undefined;
  /** The server that it is of, which must exist. */
  cloudId: string;
  /** Its name. */
  name: string;
  /** ISO 8601 or milliseconds since 1970; default: now. */
  createdAt?: string | number | undefined;
  /** Default: the server's disk. */
  sizeGb?: number | undefined;
  /** A status word that wins over the computed one, which is Active. */
  status?: string | undefined;
  /** Storage class; default: the setting `storageWord`. */
  storage?: string | undefined;
  /** A note, as a server's own list shows it; default: empty. */
  note?: string | undefined;
  /** Default: the server's contents at this moment. */
  contents?: string | undefined;
}

const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9]+$/, "An id is made of letters and digits"));
const moment = v.union([
  v.pipe(v.number(), v.finite()),
  v.pipe(
    v.string(),
    v.regex(ISO_TIME, "Expected an ISO 8601 time"),
    v.check((text) => !Number.isNaN(Date.parse(text)), "Expected an ISO 8601 time"),
  ),
]);
const gigabytes = v.pipe(v.number(), v.minValue(1));

const serverSchema: v.GenericSchema<unknown, SeedServer> = v.strictObject({
  cloudId: v.optional(id),
  hostname: v.string(),
  dcslug: v.optional(v.string()),
  planId: v.optional(v.string()),
  diskGb: v.optional(gigabytes),
  image: v.optional(v.string()),
  ip: v.optional(v.string()),
  powerState: v.optional(v.picklist(["Running", "Stopped"])),
  status: v.optional(v.string()),
  contents: v.optional(v.string()),
  createdAt: v.optional(moment),
});

const snapshotSchema: v.GenericSchema<unknown, SeedSnapshot> = v.strictObject({
  id: v.optional(id),
  cloudId: id,
  name: v.string(),
  createdAt: v.optional(moment),
  sizeGb: v.optional(gigabytes),
  status: v.optional(v.string()),
  storage: v.optional(v.string()),
  note: v.optional(v.string()),
  contents: v.optional(v.string()),
});

/** What is there from the start, as a seed file holds it. */
export interface Seed {
  /** Servers; default: those of `defaultServers`. */
  servers?: readonly SeedServer[] | undefined;
  /** Snapshots of these servers; default: none. */
  snapshots?: readonly SeedSnapshot[] | undefined;
}

const seedSchema: v.GenericSchema<unknown, Seed> = v.strictObject({
  servers: v.optional(v.array(serverSchema)),
  snapshots: v.optional(v.array(snapshotSchema)),
});

/** Checks a seed that may come from outside. @throws SimulatorError `SIMULATOR_BAD_SEED` */
export function readSeed(input: unknown): Seed {
  return check("document", seedSchema, input);
}

/** Checks a seed that may come from outside. @throws SimulatorError `SIMULATOR_BAD_SEED` */
export function readSeedServer(input: unknown): SeedServer {
  return check("server", serverSchema, input);
}

/** Checks a seed that may come from outside. @throws SimulatorError `SIMULATOR_BAD_SEED` */
export function readSeedSnapshot(input: unknown): SeedSnapshot {
  return check("snapshot", snapshotSchema, input);
}

/** The server that a seed describes. @throws SimulatorError `SIMULATOR_BAD_SEED` */
export function seedServer(world: World, input: unknown, knownSince: number): ServerRecord {
  const seed = readSeedServer(input);
  const plan = world.settings.plans.find((one) => one.id === seed.planId) ?? world.settings.plans[0];
  const zone = world.settings.zones[0];
  if (plan === undefined || zone === undefined) {
    throw new SimulatorError(
      "SIMULATOR_BAD_SEED",
      "A seed server needs at least one plan and one zone in the settings.",
    );
  }
  const cloudId = seed.cloudId ?? world.state.newId("server");
  if (world.state.servers.has(cloudId)) {
    throw new SimulatorError("SIMULATOR_BAD_SEED", `There is a server ${cloudId} already.`);
  }
  const image = seed.image ?? "ubuntu-22.04-x86_64";
  return {
    cloudId,
    hostname: seed.hostname,
    zone: seed.dcslug ?? zone.slug,
    planId: plan.id,
    image,
    diskGb: seed.diskGb ?? Math.max(1, plan.diskGb),
    cpu: plan.cpu,
    ramMb: plan.ramMb,
    monthlyCost: plan.monthlyCost,
    ip: seed.ip ?? addressOf(cloudId),
    rootPassword: `Sim-${cloudId}`,
    createdAt: millis(world, seed.createdAt),
    knownSince,
    contents: seed.contents ?? installedDisk(image, seed.hostname),
    power: seed.powerState ?? "Running",
    deployment: "done",
    ...(seed.status === undefined ? {} : { statusOverride: seed.status }),
  };
}

/** The snapshot that a seed describes. @throws SimulatorError `SIMULATOR_BAD_SEED` */
export function seedSnapshot(world: World, input: unknown, knownSince: number): SnapshotRecord {
  const seed = readSeedSnapshot(input);
  const snapshotId = seed.id ?? world.state.newId("snapshot");
  if (world.state.snapshots.has(snapshotId)) {
    throw new SimulatorError("SIMULATOR_BAD_SEED", `There is, or was, a snapshot ${snapshotId} already.`);
  }
  const server = world.state.servers.get(seed.cloudId);
  if (server === undefined) {
    throw new SimulatorError("SIMULATOR_BAD_SEED", `There is no server ${seed.cloudId} to have a snapshot.`);
  }
  return {
    id: snapshotId,
    cloudId: seed.cloudId,
    name: seed.name,
    zone: server.zone,
    image: server.image,
    sizeGb: seed.sizeGb ?? server.diskGb,
    storage: seed.storage ?? world.settings.storageWord,
    note: seed.note ?? "",
    contents: seed.contents ?? server.contents,
    createdAt: millis(world, seed.createdAt),
    knownSince,
    state: "active",
    ...(seed.status === undefined ? {} : { statusOverride: seed.status }),
  };
}

function check<T>(noun: string, schema: v.GenericSchema<unknown, T>, input: unknown): T {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? noun;
  throw new SimulatorError("SIMULATOR_BAD_SEED", `Seed ${noun}: ${field}: ${issue.message}`);
}

function millis(world: World, moment: string | number | undefined): number {
  if (moment === undefined) return world.clock.now();
  return typeof moment === "number" ? moment : Date.parse(moment);
}
