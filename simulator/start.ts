import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { buildApp } from "./app";
import { AdvancingClock } from "./clock";
import { SimulatorCloud } from "./control/cloud";
import { type SeedServer, type SeedSnapshot, seedServer, seedSnapshot } from "./control/seeds";
import { SimulatorError } from "./error";
import { FaultQueue } from "./faults/queue";
import { Accounts } from "./http/accounts";
import { RateLimiter } from "./http/rate-limit";
import { RequestLog } from "./http/request-log";
import { World } from "./rules/world";
import { defaultSettings } from "./settings/defaults";
import { mergeSettings } from "./settings/schema";
import type { Simulator, SimulatorOptions } from "./simulator";

/** The simulator's default token. */
export const defaultToken = "simulated-token";

/** The simulator's default servers. */
export const defaultServers: readonly SeedServer[] = [
  { cloudId: "1001", hostname: "web-1", diskGb: 50, planId: "10045" },
  { cloudId: "1002", hostname: "db-1", diskGb: 80, planId: "10046" },
];

/**
 * Starts a simulated Utho on loopback. Each one is alone in the world: two share nothing.
 *
 * @throws SimulatorError on bad settings or seeds, and when the port cannot be listened on.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const token = options.token ?? defaultToken;
  const accounts = seededAccounts(options, token);
  const cloud = new SimulatorCloud(accounts.first);
  const faults = new FaultQueue();
  const requests = new RequestLog();
  const closing = new AbortController();
  const app = buildApp(
    { accounts, faults, log: requests, limiter: new RateLimiter(), closing: closing.signal },
    { cloud, faults, requests },
  );
  if (options.keepsAlive === false) letGo(app);
  const origin = await listen(app, options.host ?? "127.0.0.1", options.port ?? 0);
  return {
    url: `${origin.url}/v2`,
    controlUrl: `${origin.url}/_simulator`,
    port: origin.port,
    token,
    cloud,
    cloudOf: (one) => cloudOf(accounts, one),
    faults,
    requests,
    advance: (ms) => cloud.advance(ms),
    close: async () => {
      closing.abort();
      faults.release();
      await close(app);
    },
  };
}

function seededAccounts(options: SimulatorOptions, token: string): Accounts {
  const clock = new AdvancingClock(options.clock);
  const settings = mergeSettings(defaultSettings, options.settings ?? {});
  const world = new World(clock, settings);
  seed(world, options.servers ?? defaultServers, options.snapshots);
  const { readOnlyToken } = options;
  const reading = readOnlyToken === undefined ? [] : [{ token: readOnlyToken, readOnly: true, world }];
  const others = (options.accounts ?? []).map((one, index) => {
    const own = { accountId: String(701 + index), ...one.settings };
    const other = new World(clock, mergeSettings(settings, own), index + 1);
    seed(other, one.servers, one.snapshots);
    return { token: one.token, readOnly: false, world: other };
  });
  return new Accounts([{ token, readOnly: false, world }, ...reading, ...others]);
}

function seed(
  world: World,
  servers: readonly SeedServer[] = [],
  snapshots: readonly SeedSnapshot[] = [],
): void {
  for (const one of servers) world.state.addServer(seedServer(world, one, Number.NEGATIVE_INFINITY));
  for (const one of snapshots) world.state.addSnapshot(seedSnapshot(world, one, Number.NEGATIVE_INFINITY));
}

function cloudOf(accounts: Accounts, token: string): SimulatorCloud {
  const world = accounts.worldOf(token);
  if (world !== undefined) return new SimulatorCloud(world);
  throw new SimulatorError("SIMULATOR_UNKNOWN_ID", "This token opens no account of the simulated cloud.");
}

/** Neither the listening nor a connection that waits for a next request holds the process. */
function letGo(app: Server): void {
  app.on("listening", () => app.unref());
  app.on("connection", (socket: Socket) => socket.unref());
}

async function listen(app: Server, host: string, port: number): Promise<{ url: string; port: number }> {
  try {
    app.listen({ host, port });
    await once(app, "listening");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SimulatorError("SIMULATOR_CANNOT_LISTEN", `Cannot listen on ${host}:${port}: ${reason}`, {
      cause,
    });
  }
  const address = app.address();
  if (!isAddressInfo(address)) throw new SimulatorError("SIMULATOR_CANNOT_LISTEN", `No address on ${host}.`);
  return { url: `http://${reachableName(address)}:${address.port}`, port: address.port };
}

/** A server that listens everywhere is reached at loopback. */
function reachableName(address: AddressInfo): string {
  const { address: text, family } = address;
  if (family === "IPv6") return text === "::" ? "[::1]" : `[${text}]`;
  return text === "0.0.0.0" ? "127.0.0.1" : text;
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}

/** Ends all connections, the ones with an answer under way too; a second call finds nothing to do. */
async function close(app: Server): Promise<void> {
  if (!app.listening) return;
  const closed = once(app, "close");
  app.close();
  app.closeAllConnections();
  await closed;
}
