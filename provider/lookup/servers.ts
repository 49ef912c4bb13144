import type { Server } from "../../client";
import { complete } from "../../client/compact";
import { toInstant } from "../../client/walltime";
import { ASSUMED_ZONE, inferZone, monthlyCost } from "../utho/facts";
import type { ProviderRuntime } from "../utho/runtime";
import { applyFilters, type Filtered, filtersOf, newestOf, single } from "./filter";
import type { LookupFilters, ServerInfo } from "./types";

export async function findServers(runtime: ProviderRuntime, filters: LookupFilters): Promise<ServerInfo[]> {
  return (await filtered(runtime, filters)).items;
}

export async function findServer(runtime: ProviderRuntime, filters: LookupFilters): Promise<ServerInfo> {
  return single("server", await filtered(runtime, filters), (s) => `${s.cloudId} (${s.hostname})`);
}

async function filtered(runtime: ProviderRuntime, filters: LookupFilters): Promise<Filtered<ServerInfo>> {
  // A stopped server has data too, and a backup of "all servers" must not miss it: no status is the default.
  const chain = filtersOf(filters);
  const account = await runtime.account();
  const servers = await account.listing.servers(runtime.clock.now());
  const walls = servers.flatMap(({ createdAt }) => (createdAt === undefined ? [] : [createdAt]));
  const zone = account.settings.timeZone ?? inferZone([], walls, runtime.clock.now()) ?? ASSUMED_ZONE;
  const result = applyFilters(
    "servers",
    servers.map((server) => toInfo(server, zone)),
    chain,
    (info) => ({ ...info, name: info.hostname }),
  );
  if (filters.mostRecent !== true) return result;
  return { ...result, items: newestOf(result.items, ({ cloudId }) => cloudId) };
}

function toInfo(server: Server, zone: string): ServerInfo {
  const { location } = server;
  return complete<ServerInfo>({
    cloudId: server.cloudId,
    hostname: server.hostname,
    status: server.status?.word,
    powerStatus: server.powerStatus?.word,
    ip: server.ip,
    diskSizeGb: server.diskSizeGb,
    location: location?.location ?? location?.dc ?? location?.country,
    dcslug: location?.dc,
    createdAt: server.createdAt && toInstant(server.createdAt, zone),
    snapshotMonthlyCost: monthlyCost(server.diskSizeGb),
  });
}
