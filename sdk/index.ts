/**
 * Snapshots of Utho cloud servers, declared in Pulumi programs.
 *
 * ```ts
 * import * as utho from "pulumi-utho";
 *
 * const web = await utho.getServer({ name: "web-1" });
 * const snapshot = new utho.Snapshot("web", { cloudId: web.cloudId });
 * export const id = snapshot.id;
 * ```
 *
 * @module pulumi-utho
 */
export type { LookupFilters, ServerInfo, SnapshotInfo } from "../provider/lookup/types";
export type { OnRemove, RotationEntry, RotationFailure, RotationLoss } from "../provider/rotation/contract";
export type { OnReplace } from "../provider/snapshot/contract";
export type { SnapshotRef } from "../provider/utho/names";
export {
  type GetServersArgs,
  type GetServersOutputArgs,
  type GetServersResult,
  getServer,
  getServerOutput,
  getServers,
  getServersOutput,
} from "./getServers";
export {
  type GetSnapshotsArgs,
  type GetSnapshotsOutputArgs,
  type GetSnapshotsResult,
  getSnapshot,
  getSnapshotOutput,
  getSnapshots,
  getSnapshotsOutput,
} from "./getSnapshots";
export type { LookupInputs } from "./lookup";
export { Provider, type ProviderArgs } from "./provider";
export { ServerClone, type ServerCloneArgs } from "./serverClone";
export { Snapshot, type SnapshotArgs } from "./snapshot";
export { SnapshotRestore, type SnapshotRestoreArgs } from "./snapshotRestore";
export {
  SnapshotRotation,
  type SnapshotRotationArgs,
  type SnapshotRotationKeepArgs,
} from "./snapshotRotation";
