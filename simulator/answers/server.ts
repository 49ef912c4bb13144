import { powerWord, serverStatus } from "../rules/servers";
import { snapshotsOfServer } from "../rules/visibility";
import type { World } from "../rules/world";
import type { ServerRecord } from "../store/server";
import { writeCount, writeDiskSize, writeId, writePrice, writeTime } from "./format";
import { serverSnapshotRow } from "./snapshot";
import { dataCentre } from "./zone";

/** A row of `cloud`, in the list of servers and in the answer about one. */
export function serverRow(
  world: World,
  server: ServerRecord,
  withSnapshots: boolean,
): Record<string, unknown> {
  const snapshots = withSnapshots
    ? { snapshots: snapshotsOfServer(world, server.cloudId).map((one) => serverSnapshotRow(world, one)) }
    : {};
  return {
    cloudid: writeId(world, server.cloudId, "server"),
    hostname: server.hostname,
    status: serverStatus(world, server),
    powerstatus: powerWord(world, server),
    ip: server.ip,
    disksize: writeDiskSize(world, server.diskGb),
    cpu: writeCount(world, server.cpu),
    ram: writeCount(world, server.ramMb),
    cost: writePrice(world, server.monthlyCost),
    created_at: writeTime(world, server.createdAt, { of: "server", zone: server.zone }),
    dclocation: dataCentre(world, server.zone),
    ...snapshots,
  };
}
