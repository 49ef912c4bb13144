import * as v from "valibot";
import type { Snapshot } from "../snapshots";
import { compact, id, optionalId, sizeGb, text, wallTime } from "./fields";
import { listOf, optionalListOf } from "./list";
import { metaField } from "./meta";

/**
 * A snapshot in any of its listings: `{id,size,created_at,note,name}` under a server (utho-go v0.2.5) and
 * `{id,cloudid,image,size,name,status,storage,createdate}` in /cloud/getdeploy (seen by third parties).
 */
const wire = v.object({
  id,
  cloudid: optionalId,
  name: text,
  size: sizeGb,
  status: text,
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

/** /cloud/getdeploy: the list stands under `snapshots`, beside images and backups that are none of our business. */
export const deployListing = v.object({ snapshots: optionalListOf(snapshot), meta: metaField });

/** /snapshot: documented to exist, its body is not. The list may stand under either of these, or alone. */
export const accountListing = v.object({
  snapshots: optionalListOf(snapshot),
  snapshot: optionalListOf(snapshot),
  data: optionalListOf(snapshot),
  meta: metaField,
});
