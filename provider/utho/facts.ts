import type { Server, Snapshot } from "../../client";
import { compact, grouped } from "../../client/compact";
import type { CloudId, SnapshotId } from "../../client/request";
import { toInstant, toMoment } from "../../client/time";
import { amountOf, type FieldsOf, orElse, textOf } from "../engine/inputs";
import { parseGeneratedName } from "./names";
import { UNKNOWN_STATUS } from "./status";

/** ₹ per GB and month, by Utho's price page. */
const RUPEES_PER_GB_MONTH = 4;

/** What all costs are in, whatever currency the account is billed in: the list price is in rupees. */
export const COST_CURRENCY = "INR";

/** The values a user sees as the resource's outputs, and how each is read from a state. */
export const SNAPSHOT_FACTS = {
  cloudId: orElse<CloudId>(textOf, ""),
  snapshotId: orElse<SnapshotId>(textOf, ""),
  name: orElse(textOf, ""),
  status: orElse(textOf, ""),
  serverName: textOf,
  sizeGb: amountOf,
  location: textOf,
  storage: textOf,
  createdAt: textOf,
  /** Utho's list price, in `costCurrency`. */
  monthlyCost: amountOf,
  costCurrency: textOf,
};

export type SnapshotFacts = FieldsOf<typeof SNAPSHOT_FACTS>;

/** States of earlier versions lack these; the next update adds them, since a refresh would show a difference. */
const ADDED_LATER = ["costCurrency"] as const satisfies readonly (keyof SnapshotFacts)[];

export function asInState(facts: SnapshotFacts, state: Partial<SnapshotFacts>): SnapshotFacts {
  const missing = ADDED_LATER.filter((key) => state[key] === undefined);
  const { ...shown } = facts;
  for (const key of missing) delete shown[key];
  return shown;
}

interface MappingContext {
  cloudId: CloudId;
  server?: Server | undefined;
  /** Values known from before: what the present answer leaves out is kept. */
  known?: Partial<SnapshotFacts> | undefined;
  /** The zone of the cloud's clock. Asked only for a creation time that is new: telling it looks at every snapshot. */
  zone: () => string;
}

/** The one place where Utho's snapshot becomes the resource's outputs. */
export function toFacts(snapshot: Snapshot, context: MappingContext): SnapshotFacts {
  const { cloudId, server, known, zone } = context;
  const sizeGb = snapshot.sizeGb ?? known?.sizeGb;
  return compact({
    cloudId,
    snapshotId: snapshot.id,
    name: snapshot.name,
    status: snapshot.status?.word ?? known?.status ?? UNKNOWN_STATUS,
    serverName: server?.hostname ?? known?.serverName,
    sizeGb,
    location: placeOf(server) ?? known?.location,
    storage: snapshot.storage ?? known?.storage,
    // A creation time does not change; the first reading stays, so that a better guess of the zone is no drift.
    createdAt: known?.createdAt ?? (snapshot.createdAt && toInstant(snapshot.createdAt, zone())),
    monthlyCost: monthlyCost(sizeGb),
    costCurrency: COST_CURRENCY,
  } satisfies Record<keyof SnapshotFacts, unknown>);
}

/** ₹ a month, to the paisa; `undefined` while the size is not known. */
export function monthlyCost(sizeGb: number | undefined): number | undefined {
  return sizeGb === undefined ? undefined : Math.round(sizeGb * RUPEES_PER_GB_MONTH * 100) / 100;
}

export function costOf({ monthlyCost }: { monthlyCost?: number | undefined }): string {
  return monthlyCost === undefined ? `₹${RUPEES_PER_GB_MONTH} per GB and month` : `₹${monthlyCost} a month`;
}

/** What is said of a failed snapshot, which costs like a good one. */
export function failedText(
  id: string,
  snapshot: { name: string; status: string; monthlyCost?: number | undefined },
  advice: string,
): string {
  return `Snapshot ${id} (${snapshot.name}) has the status "${snapshot.status}" and costs ${costOf(snapshot)}. ${advice}`;
}

/** Snapshots are stored in the server's own data centre (Utho's documentation). */
export function placeOf(server: Server | undefined): string | undefined {
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

/** Items by their server. */
export function byServer<T extends { cloudId?: CloudId | undefined }>(
  items: Iterable<T>,
): ReadonlyMap<CloudId | undefined, readonly T[]> {
  return grouped(items, ({ cloudId }) => cloudId);
}

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

/**
 * Utho writes times without a zone. Those of servers and snapshots are Indian by every screenshot; other kinds of things
 * have other zones, so nothing but snapshots is evidence for snapshots, and nothing but servers for servers. Some
 * snapshots are evidence: a generated name holds the time of our own clock in UTC, and no snapshot was made in the future.
 */
export const INDIA = "Asia/Kolkata";
export const UTC = "UTC";

/** The zone of servers and snapshots where nothing shows another. */
export const ASSUMED_ZONE = INDIA;

/** A cloud's zoneless time beside the earliest moment, in milliseconds, that it can stand for. */
interface ZoneEvidence {
  wall: string;
  notBefore: number;
}

const HOUR = 3_600_000;
const OFFSETS: readonly (readonly [zone: string, offsetMs: number])[] = [
  [UTC, 0],
  [INDIA, 5.5 * HOUR],
];

/**
 * Whether a time of the cloud can be that of something that was asked for at this moment, in any zone that Utho may
 * write, with a tolerance of an hour.
 * @param waitMs what the cloud may have taken until it began
 */
export function fitsMoment(
  wall: string,
  moment: number,
  waitMs: number,
  configured: string | undefined,
): boolean {
  return [UTC, INDIA, configured ?? UTC].some((zone) => {
    const late = toMoment(wall, zone) - moment;
    return late >= -HOUR && late <= HOUR + waitMs;
  });
}

/** The distance of the two zones: a snapshot made within this time after the moment fits only one of them. */
const WINDOW = 5.5 * HOUR;

/** Clocks differ; a time may lie this much before the moment, or in the future, and still be meant. */
const SKEW = HOUR / 4;

export function inferZone(
  evidence: readonly ZoneEvidence[],
  walls: readonly string[],
  now: number,
): string | undefined {
  for (const { wall, notBefore } of evidence) {
    const asUtc = Date.parse(`${wall}Z`);
    const fits = OFFSETS.find(([, offset]) => {
      const after = asUtc - offset - notBefore;
      return after >= -SKEW && after < WINDOW - SKEW;
    });
    if (fits !== undefined) return fits[0];
  }
  const inFuture = walls.some((wall) => Date.parse(`${wall}Z`) > now + SKEW);
  return inFuture ? INDIA : undefined;
}
