import { serverStatus, visiblePower } from "../rules/servers";
import { snapshotsOfServer } from "../rules/visibility";
import type { World } from "../rules/world";
import type { ServerRecord } from "../store/server";
import { writeId, writeNumber, writeSize, writeTime } from "./format";
import { serverSnapshotRow } from "./snapshot";

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
    powerstatus: visiblePower(world, server),
    ip: server.ip,
    disksize: writeSize(world, server.diskGb),
    cpu: writeNumber(world, server.cpu),
    ram: writeNumber(world, server.ramMb),
    cost: writeNumber(world, server.monthlyCost),
    created_at: writeTime(world, server.createdAt),
    dclocation: location(world, server.zone),
    ...snapshots,
  };
}

function location(world: World, slug: string): Record<string, string> {
  const zone = world.settings.zones.find((one) => one.slug === slug);
  return {
    location: zone?.city ?? "",
    country: zone?.country ?? "",
    dc: slug,
    dccc: zone?.countryCode ?? "",
  };
}
