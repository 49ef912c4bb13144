/**
 * Utho's API in TypeScript, without Pulumi: {@link UthoClient} has one noun of the API in each of its properties.
 * Every error is a {@link UthoError} with a stable code; docs/utho-api.md says what is known of the API and how sure
 * each fact is.
 *
 * @module pulumi-utho/client
 */
import { AccountInfo, Actions, Plans, Zones } from "./account";
import { settle, type UthoClientOptions } from "./options";
import { assemble } from "./pipeline";
import { Servers } from "./servers";
import { Snapshots } from "./snapshots";

export type { Account, AccountInfo, Action, Actions, Plan, Plans, Zone, Zones } from "./account";
export type { Acknowledgement } from "./decode";
export type { Deployment, DeployRequest } from "./deploy";
export {
  ArgumentError,
  AuthError,
  BadRequestError,
  BusyError,
  CancelledError,
  type Effect,
  NetworkError,
  NotFoundError,
  RateLimitedError,
  ServerError,
  TimeoutError,
  type UnexpectedReason,
  UnexpectedResponseError,
  UthoError,
  type UthoErrorCode,
  type UthoErrorDetails,
} from "./errors";
export type { Attempt, UthoClientOptions } from "./options";
export { DEFAULT_ENDPOINT, parseEndpoint } from "./options";
export { redact } from "./redact";
export type { CallOptions, CloudId, Id, Method, NameOf, SnapshotId } from "./request";
export type { PowerAction, Server, ServerLocation, Servers } from "./servers";
export type { Deletion, Snapshot, Snapshots } from "./snapshots";
export type { ActionStatus, ServerStatus, SnapshotStatus, Status } from "./status";
export { type Clock, parseWallTime, systemClock, toInstant, type WallTime } from "./time";

/**
 * Utho's API, typed.
 *
 * GET is repeated when the network fails, time runs out, or Utho answers 5xx, 429 or "busy": at most `maxRetries`
 * times, after the answer's Retry-After (a minute at most) or from half a second doubling to 20. DELETE is repeated
 * only where it certainly had no effect, POST only where nothing was sent (connection refused, name not resolved).
 *
 * ```ts
 * import { UthoClient } from "pulumi-utho/client";
 *
 * const client = new UthoClient({ token: process.env.UTHO_TOKEN ?? "" });
 * for (const server of await client.servers.list()) console.log(server.hostname);
 * ```
 */
export class UthoClient {
  /** Cloud servers: list, read, deploy, switch, destroy. */
  readonly servers: Servers;
  /** Snapshots of servers: list, create, restore, delete. */
  readonly snapshots: Snapshots;
  /** Sizes of servers. */
  readonly plans: Plans;
  /** The data centres. */
  readonly zones: Zones;
  /** The account's record of actions. */
  readonly actions: Actions;
  /** The account that the token belongs to. */
  readonly account: AccountInfo;

  /** @throws ArgumentError for an option that cannot be used */
  constructor(options: UthoClientOptions) {
    const send = assemble(settle(options));
    this.servers = new Servers(send);
    this.snapshots = new Snapshots(send);
    this.plans = new Plans(send);
    this.zones = new Zones(send);
    this.actions = new Actions(send);
    this.account = new AccountInfo(send);
  }
}
