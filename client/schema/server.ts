import * as v from "valibot";
import type { Acknowledgement } from "../acknowledgement";
import { compact } from "../compact";
import type { CloudId } from "../id";
import { type ServerStatus, serverStatus } from "../status";
import type { WallTime } from "../walltime";
import { id, number, optionalId, sizeGb, sizeMb, statusBy, text, wallTime } from "./fields";
import { optionalListOf } from "./list";
import { metaField } from "./meta";
import { type Snapshot, snapshot } from "./snapshot";

/** Where a server stands. */
export interface ServerLocation {
  /** Name of the place, for example "Delhi (Noida)". */
  location?: string;
  /** Name of the country. */
  country?: string;
  /** Short name of the data centre, for example "innoida". */
  dc?: string;
  /** Country code. */
  dccc?: string;
}

/** A cloud server. */
export interface Server {
  /** Utho's number of the server. */
  cloudId: CloudId;
  /** Its hostname; empty where the answer holds none. */
  hostname: string;
  /** Active, Pending or Stopped are known. */
  status?: ServerStatus;
  /** Running or Stopped are known. */
  powerStatus?: ServerStatus;
  /** Its IP address. */
  ip?: string;
  /** Size of its disk in GB. */
  diskSizeGb?: number;
  /** Number of virtual processors. */
  cpu?: number;
  /** Memory in MB. */
  ramMb?: number;
  /** A month's price, in the account's currency. */
  cost?: number;
  /** When it was deployed. */
  createdAt?: WallTime;
  /** The data centre where it stands. */
  location?: ServerLocation;
  /** Undefined where the answer has no such list, as it may be in a listing. */
  snapshots?: Snapshot[];
}

/** What Utho says of a new server. */
export interface Deployment extends Acknowledgement {
  /** Utho's number of the new server; absent where the answer holds none: look for the hostname. */
  cloudId?: CloudId;
  /** Its public address, where it has one already. */
  ipv4?: string;
  /** Secret. */
  password?: string;
}

// PHP writes an empty map as [], and a place that cannot be read is no reason to refuse the server.
const location = v.optional(
  v.fallback(v.nullish(v.object({ location: text, country: text, dc: text, dccc: text })), undefined),
);

/** A server of GET /cloud and GET /cloud/{cloudid}, as utho-go v0.2.5 names the fields. */
const wire = v.object({
  cloudid: id,
  hostname: text,
  status: statusBy(serverStatus),
  powerstatus: statusBy(serverStatus),
  ip: text,
  disksize: sizeGb,
  cpu: number,
  ram: sizeMb,
  cost: number,
  created_at: wallTime,
  dclocation: location,
  snapshots: optionalListOf(snapshot),
});

export const server = v.pipe(wire, v.transform(toServer));

/**
 * The same in the answer about one server, which is the last to be asked for its snapshots: a null in their place
 * says that the server has no snapshots. In a listing of servers it may also mean that they are not shown there.
 */
const ownServer = v.pipe(
  wire,
  v.transform((from) => toServer({ ...from, snapshots: from.snapshots === null ? [] : from.snapshots })),
);

function toServer(from: v.InferOutput<typeof wire>): Server {
  return compact({
    cloudId: from.cloudid,
    hostname: from.hostname ?? "",
    status: from.status,
    powerStatus: from.powerstatus,
    ip: from.ip,
    diskSizeGb: from.disksize,
    cpu: from.cpu,
    ramMb: from.ram,
    cost: from.cost,
    createdAt: from.created_at,
    location: toLocation(from.dclocation),
    snapshots: from.snapshots?.map((one) => ({ ...one, cloudId: from.cloudid })),
  });
}

function toLocation(from: v.InferOutput<typeof location>): ServerLocation | undefined {
  if (from === null || from === undefined) return undefined;
  const { location: name, country, dc, dccc } = from;
  const place = compact({ location: name, country, dc, dccc });
  return Object.keys(place).length === 0 ? undefined : place;
}

/** The list is missing where PHP had nothing to put into it; the caller decides whether that can be so. */
export const serverPage = v.object({ cloud: optionalListOf(server, "cloudid"), meta: metaField });

/** GET /cloud/{cloudid}. */
export const ownServerPage = v.object({ cloud: optionalListOf(ownServer, "cloudid") });

/** The answer to POST /cloud/deploy. */
export const deployment = v.pipe(
  v.object({ cloudid: optionalId, ipv4: text, password: text }),
  v.transform(
    (from): Omit<Deployment, "acknowledged" | "message"> =>
      compact({ cloudId: from.cloudid, ipv4: from.ipv4, password: from.password }),
  ),
);
