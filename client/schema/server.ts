import * as v from "valibot";
import type { Deployment, Server, ServerLocation } from "../servers";
import { compact, id, number, optionalId, sizeGb, sizeMb, text, wallTime } from "./fields";
import { optionalListOf } from "./list";
import { metaField } from "./meta";
import { snapshot } from "./snapshot";

// PHP writes an empty map as [], and a place that cannot be read is no reason to refuse the server.
const location = v.optional(
  v.fallback(v.nullish(v.object({ location: text, country: text, dc: text, dccc: text })), undefined),
);

/** A server of GET /cloud and GET /cloud/{cloudid}, as utho-go v0.2.5 names the fields. */
const wire = v.object({
  cloudid: id,
  hostname: text,
  status: text,
  powerstatus: text,
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
 * says that there are none. In a listing of servers it may as well say that they are not told there.
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

function toLocation(from: ServerLocation | null | undefined): ServerLocation | undefined {
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
