/**
 * Utho's API in TypeScript, without Pulumi: {@link UthoClient} has one noun of the API in each of its properties.
 * Every error is a {@link UthoError} with a stable code; docs/utho-api.md says what is known of the API and how sure
 * each fact is.
 *
 * @module pulumi-utho/client
 */
export type { AccountInfo } from "./account";
export type { Acknowledgement } from "./acknowledgement";
export type { Actions } from "./actions";
export { UthoClient } from "./client";
export { type Clock, systemClock } from "./clock";
export { DEFAULT_ENDPOINT, parseEndpoint } from "./endpoint";
export * from "./errors";
export type { CloudId, Id, NameOf, SnapshotId } from "./id";
export type { Attempt, UthoClientOptions } from "./options";
export type { Plans } from "./plans";
export { redact } from "./redact";
export type { CallOptions, Method } from "./request";
export type { Account } from "./schema/account";
export type { Action } from "./schema/action";
export type { Plan } from "./schema/plan";
export type { Deployment, Server, ServerLocation } from "./schema/server";
export type { Snapshot } from "./schema/snapshot";
export type { Zone } from "./schema/zone";
export type {
  DeployRequest,
  PowerAction,
  Servers,
} from "./servers";
export type { Deletion, Snapshots } from "./snapshots";
export type { ActionStatus, ServerStatus, SnapshotStatus, Status } from "./status";
export { parseWallTime, toInstant, type WallTime } from "./walltime";
export type { Zones } from "./zones";
