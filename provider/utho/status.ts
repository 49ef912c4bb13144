import type { Server } from "../../client";
import { compact } from "../../client/compact";
import { type SnapshotStatus, Status, serverStatus, snapshotStatus } from "../../client/status";

export const UNKNOWN_STATUS = "Unknown";

export const NO_STATUS: SnapshotStatus = new Status("pending", UNKNOWN_STATUS);

/** The status of an answer, or the word of it that a state holds. */
type AnyStatus = Status<string> | string | undefined;

export function isActive(status: AnyStatus): boolean {
  return meaning(status) === "ready";
}

/** Active, or shown by listings that have no status, which is no evidence against it. */
export function mayBeActive(status: string | undefined): boolean {
  return isActive(status) || status === UNKNOWN_STATUS;
}

/** Whether a snapshot or a server has failed, which is final. */
export function isFailure(status: AnyStatus): boolean {
  return meaning(status) === "failed";
}

/** Whether the snapshot is on its way out or gone, by a listing that still shows it. */
export function isDeleted(status: AnyStatus): boolean {
  return meaning(status) === "deleted" || isBeingDeleted(status);
}

/** Whether the snapshot is on its way out and not gone yet. */
export function isBeingDeleted(status: AnyStatus): boolean {
  return meaning(status) === "deleting";
}

function meaning(status: AnyStatus): string | undefined {
  return typeof status === "string" ? snapshotStatus(status).is : status?.is;
}

/** Whether a server is switched on. Utho knows the words Running and Stopped, and Active for a server as a whole. */
export function isRunning(server: Pick<Server, "status" | "powerStatus"> | undefined): boolean {
  const is = (server?.powerStatus ?? server?.status)?.is;
  return is === "running" || is === "active";
}

/** Whether a server is switched off. If that is unknown, it counts as running: switching it on again does no harm. */
export function isOff(server: Server | undefined): boolean {
  const is = (server?.powerStatus ?? server?.status)?.is;
  return is === "stopped" || is === "off";
}

/** What the words of a state say of its server. */
export function statusOf(words: {
  status: string;
  powerStatus?: string;
}): Pick<Server, "status" | "powerStatus"> {
  const { status, powerStatus } = words;
  return compact({
    status: serverStatus(status),
    powerStatus: powerStatus === undefined ? undefined : serverStatus(powerStatus),
  });
}

export function wordsOf(server: Server | undefined): string {
  if (server === undefined) return "not listed";
  return (
    [server.status, server.powerStatus].filter((one) => one !== undefined).join(", ") || "no status shown"
  );
}
