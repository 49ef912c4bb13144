import type { Server, Snapshot } from "../../client";
import { toInstant } from "../../client/walltime";
import { parseGeneratedName } from "./names";
import { UNKNOWN_STATUS } from "./status";
import { ASSUMED_ZONE, inferZone, type ZoneEvidence } from "./timezone";

/** ₹ per GB and month, by Utho's price page. */
export const RUPEES_PER_GB_MONTH = 4;

/** What all costs are in, whatever currency the account is billed in: the list price is in rupees. */
export const COST_CURRENCY = "INR";

/** The values a user sees as the resource's outputs. */
export interface SnapshotFacts {
  cloudId: string;
  snapshotId: string;
  name: string;
  status: string;
  serverName?: string;
  sizeGb?: number;
  location?: string;
  storage?: string;
  createdAt?: string;
  /** Utho's list price, in `costCurrency`. */
  monthlyCost?: number;
  costCurrency?: string;
}

/** What is known besides the snapshot itself. */
export interface MappingContext {
  cloudId: string;
  server?: Server | undefined;
  /** Values known from before: what the present answer does not tell is kept. */
  known?: Partial<SnapshotFacts> | undefined;
  /** The zone of the cloud's clock. Asked only for a creation time that is new: telling it looks at every snapshot. */
  zone: () => string;
}

/** The one place where Utho's snapshot becomes the resource's outputs. */
export function toFacts(snapshot: Snapshot, context: MappingContext): SnapshotFacts {
  const { cloudId, server, known, zone } = context;
  const sizeGb = snapshot.sizeGb ?? known?.sizeGb;
  return {
    cloudId,
    snapshotId: snapshot.id,
    name: snapshot.name,
    status: snapshot.status ?? known?.status ?? UNKNOWN_STATUS,
    serverName: server?.hostname ?? known?.serverName,
    sizeGb,
    location: placeOf(server) ?? known?.location,
    storage: snapshot.storage ?? known?.storage,
    // A creation time does not change; the first reading stays, so that a better guess of the zone is no drift.
    createdAt: known?.createdAt ?? (snapshot.createdAt && toInstant(snapshot.createdAt, zone())),
    monthlyCost: monthlyCost(sizeGb),
    costCurrency: COST_CURRENCY,
  };
}

/** ₹ a month, to the paisa; `undefined` while the size is not known. */
export function monthlyCost(sizeGb: number | undefined): number | undefined {
  return sizeGb === undefined ? undefined : Math.round(sizeGb * RUPEES_PER_GB_MONTH * 100) / 100;
}

/** "₹200 a month", where the size is known. */
export function costOf({ monthlyCost }: { monthlyCost?: number | undefined }): string {
  return monthlyCost === undefined ? `₹${RUPEES_PER_GB_MONTH} per GB and month` : `₹${monthlyCost} a month`;
}

/** Snapshots are stored in the server's own data centre (Utho's documentation). */
function placeOf(server: Server | undefined): string | undefined {
  const place = server?.location;
  return place?.location ?? place?.dc ?? place?.country;
}

/** The zone of the cloud's clock: as configured, else as the listed snapshots show, else Indian time. */
export function zoneOf(
  snapshots: Iterable<Snapshot>,
  configured: string | undefined,
  now: number,
  extra: readonly ZoneEvidence[] = [],
): string {
  return configured ?? zoneShownBy(snapshots, now, extra) ?? ASSUMED_ZONE;
}

/** The zone that the listed snapshots show; `undefined`: they show none. */
export function zoneShownBy(
  snapshots: Iterable<Snapshot>,
  now: number,
  extra: readonly ZoneEvidence[] = [],
): string | undefined {
  const walls: string[] = [];
  const evidence: ZoneEvidence[] = [...extra];
  for (const { name, createdAt } of snapshots) {
    if (createdAt === undefined) continue;
    walls.push(createdAt);
    const takenAt = parseGeneratedName(name)?.takenAt;
    if (takenAt !== undefined) evidence.push({ wall: createdAt, notBefore: takenAt });
  }
  return inferZone(evidence, walls, now);
}
