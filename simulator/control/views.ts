import { isBusy } from "../rules/busy";
import { serverStatus, visiblePower } from "../rules/servers";
import { snapshotStatus } from "../rules/snapshots";
import type { World } from "../rules/world";
import type { OperationKind, OperationRecord, PowerState } from "../store/operation";
import type { ServerRecord } from "../store/server";
import type { SnapshotRecord } from "../store/snapshot";

/** A server as it truly is, whatever the listings show. */
export interface ServerView {
  /** Its id, such as "1001". */
  cloudId: string;
  /** Its hostname. */
  hostname: string;
  /** The data centre where it stands. */
  dcslug: string;
  /** Id of its plan. */
  planId: string;
  /** Operating system image that it was deployed from. */
  image: string;
  /** Size of its disk in GB. */
  diskGb: number;
  /** Its IP address. */
  ip: string;
  /** Password of root, a made-up one. */
  rootPassword: string;
  /** Utho's status word. */
  status: string;
  /** Whether it is switched on. */
  powerState: PowerState;
  /** Whether an operation that holds it is under way. */
  busy: boolean;
  /** Stands for everything on its disk. */
  contents: string;
  /** ISO 8601. */
  createdAt: string;
}

/** A snapshot as it truly is, whatever the listings show. */
export interface SnapshotView {
  /** Its id, such as "5001". */
  id: string;
  /** The server that it is of. */
  cloudId: string;
  /** Its name. */
  name: string;
  /** The word that the account's listings would show. */
  status: string;
  /** Stored size in GB. */
  sizeGb: number;
  /** Storage class. */
  storage: string;
  /** The data centre where it is stored. */
  dcslug: string;
  /** What its server's contents were at the moment of its creation. */
  contents: string;
  /** ISO 8601. */
  createdAt: string;
}

/** An operation, under way or ended. */
export interface OperationView {
  /** Its id, such as "9001"; also that of its row of `/actions`. */
  id: string;
  /** What is done. */
  kind: OperationKind;
  /** The server that it is done to. */
  cloudId: string;
  /** The snapshot that it is about, if any. */
  snapshotId?: string;
  /** Whether it is under way, or how it ended. */
  state: "underway" | "success" | "failure";
}

export function viewServer(world: World, server: ServerRecord): ServerView {
  return {
    cloudId: server.cloudId,
    hostname: server.hostname,
    dcslug: server.zone,
    planId: server.planId,
    image: server.image,
    diskGb: server.diskGb,
    ip: server.ip,
    rootPassword: server.rootPassword,
    status: serverStatus(world, server),
    powerState: visiblePower(world, server),
    busy: isBusy(world, server.cloudId),
    contents: server.contents,
    createdAt: new Date(server.createdAt).toISOString(),
  };
}

export function viewSnapshot(world: World, snapshot: SnapshotRecord): SnapshotView {
  return {
    id: snapshot.id,
    cloudId: snapshot.cloudId,
    name: snapshot.name,
    status: snapshotStatus(world, snapshot),
    sizeGb: snapshot.sizeGb,
    storage: snapshot.storage,
    dcslug: snapshot.zone,
    contents: snapshot.contents,
    createdAt: new Date(snapshot.createdAt).toISOString(),
  };
}

export function viewOperation(operation: OperationRecord, now: number): OperationView {
  return {
    id: operation.id,
    kind: operation.kind,
    cloudId: operation.cloudId,
    ...(operation.snapshotId === undefined ? {} : { snapshotId: operation.snapshotId }),
    state: operation.endsAt > now ? "underway" : operation.outcome,
  };
}
