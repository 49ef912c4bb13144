import * as v from "valibot";
import { compact } from "../compact";
import type { CloudId, SnapshotId } from "../id";
import { type SnapshotStatus, snapshotStatus } from "../status";
import type { WallTime } from "../walltime";
import { id, optionalId, sizeGb, statusBy, text, wallTime } from "./fields";
import { listOf, optionalListOf } from "./list";
import { metaField } from "./meta";

/** A point-in-time image of one server. */
export interface Snapshot {
  /** Utho's number of the snapshot. It may not be unique over servers. */
  id: SnapshotId;
  /** The server it was taken from, where the listing says so. */
  cloudId?: CloudId;
  /** Its name; empty where the answer holds none. */
  name: string;
  /** Stored size in GB. */
  sizeGb?: number;
  /** "Active" is usable; other words are not documented. A server's own list has no status. */
  status?: SnapshotStatus;
  /** Storage class: general, ebs or another word. */
  storage?: string;
  /** Operating system image of the server that it was taken of. */
  image?: string;
  /** A note, in a server's own list. Utho's API offers no way to write one. */
  note?: string;
  /** When it was made. */
  createdAt?: WallTime;
}

/**
 * A snapshot in any of its listings: `{id,size,created_at,note,name}` under a server (utho-go v0.2.5) and
 * `{id,cloudid,image,size,name,status,storage,createdate}` in /cloud/getdeploy (seen by third parties).
 */
const wire = v.object({
  id,
  cloudid: optionalId,
  name: text,
  size: sizeGb,
  status: statusBy(snapshotStatus),
  storage: text,
  image: text,
  note: text,
  created_at: wallTime,
  createdate: wallTime,
});

export const snapshot = v.pipe(
  wire,
  v.transform(
    (from): Snapshot =>
      compact({
        id: from.id,
        cloudId: from.cloudid,
        name: from.name ?? "",
        sizeGb: from.size,
        status: from.status,
        storage: from.storage,
        image: from.image,
        note: from.note,
        createdAt: from.created_at ?? from.createdate,
      }),
  ),
);

export const snapshotList = listOf(snapshot);

/** /cloud/getdeploy: the list stands under `snapshots`, beside images and backups, which we ignore. */
export const deployListing = v.object({ snapshots: optionalListOf(snapshot), meta: metaField });

/** /snapshot: documented to exist, its body is not. The list may stand under either of these, or alone. */
export const accountListing = v.object({
  snapshots: optionalListOf(snapshot),
  snapshot: optionalListOf(snapshot),
  data: optionalListOf(snapshot),
  meta: metaField,
});
