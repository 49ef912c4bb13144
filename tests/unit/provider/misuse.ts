/**
 * Ids of one kind in the place of another. This file is never run: types.test.ts compiles it, and each mistake that the
 * compiler does not see is an error there.
 */
import * as v from "valibot";
import type { CloudId, Server, Snapshot, UthoClient } from "../../../client";
import { compact } from "../../../client/compact";
import { cloudId, snapshotId } from "../../../client/decode";
import type { CloneInputs } from "../../../provider/clone/contract";
import type { RestoreInputs } from "../../../provider/restore/contract";
import type { SnapshotsById } from "../../../provider/utho/listing";
import { formatSnapshotId, parseSnapshotId, type SnapshotRef } from "../../../provider/utho/names";

export function misuse(client: UthoClient, server: Server, snapshot: Snapshot, ref: SnapshotRef): unknown[] {
  const present: SnapshotsById = new Map();
  // @ts-expect-error: a snapshot's number is no server's
  const other: CloudId = snapshot.id;
  // @ts-expect-error: the id of a Snapshot is not its bare number
  const clone: Pick<CloneInputs, "snapshot"> = { snapshot: snapshot.id };
  // @ts-expect-error: nor is it the number of a server
  const restore: Pick<RestoreInputs, "snapshot"> = { snapshot: server.cloudId };
  return [
    other,
    clone,
    restore,
    // @ts-expect-error: server and snapshot are exchanged
    formatSnapshotId({ cloudId: snapshot.id, snapshotId: server.cloudId }),
    // @ts-expect-error: the pair in place of the bare number
    client.snapshots.delete(server.cloudId, ref),
    // @ts-expect-error: in an answer the number of a server in place of a snapshot's
    compact<Snapshot>({ id: v.parse(cloudId, "1001"), name: "web" }),
    // @ts-expect-error: and the other way round
    compact<Pick<Server, "cloudId">>({ cloudId: v.parse(snapshotId, "5001") }),
    // @ts-expect-error: the snapshot first
    client.snapshots.restore(snapshot.id, server.cloudId),
    // @ts-expect-error: a snapshot's number in place of a server's
    client.servers.get(snapshot.id),
    // @ts-expect-error: the pair as a key where bare numbers are
    present.get(ref),
    // @ts-expect-error: the bare number has no second half
    parseSnapshotId(snapshot.id),
    // What a person wrote may be an id of any kind.
    client.servers.get("1001"),
    client.snapshots.delete(1001, "5001"),
    parseSnapshotId("1001/5001"),
  ];
}
