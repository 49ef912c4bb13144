import type { Server } from "../../client";

/**
 * Utho documents one status word of snapshots, "Active" (usable). Others are not documented: a word that says failure
 * is final, any other means "not ready yet".
 */
const FAILURE_WORDS = /\b(error|errored|fail|failed|failure|corrupt|corrupted|broken|invalid|unusable)\b/i;

/** Status shown where no listing of the API tells one. */
export const UNKNOWN_STATUS = "Unknown";

/** Words of a listing that goes on showing what was deleted. */
const DELETED_WORDS =
  /\b(deleting|deleted|deletion|removing|removed|destroying|destroyed|terminating|terminated|trashed|purged)\b/i;

export function isActive(status: string | undefined): boolean {
  return status !== undefined && status.trim().toLowerCase() === "active";
}

export function isFailure(status: string | undefined): boolean {
  return status !== undefined && FAILURE_WORDS.test(status.replace(/[_-]+/g, " "));
}

/** Whether the snapshot is on its way out or gone, by a listing that still shows it. "Failed to delete" is neither. */
export function isDeleted(status: string | undefined): boolean {
  return status !== undefined && !isFailure(status) && DELETED_WORDS.test(status.replace(/[_-]+/g, " "));
}

/** The words of a server, or of a state that holds them. */
export type PowerWords = Pick<Server, "status" | "powerStatus">;

/** Whether a server is switched on. Utho knows the words Running and Stopped, and Active for a server as a whole. */
export function isRunning(server: PowerWords | undefined): boolean {
  return /^(running|active|on|powered ?on)$/i.test(
    (server?.powerStatus ?? server?.status ?? "").trim().replace(/[_-]+/g, " "),
  );
}

/** Whether a server is switched off. Where nobody tells, it is taken to run: switching it on again does no harm. */
export function isOff(server: Server | undefined): boolean {
  return isOffWord(server?.powerStatus ?? server?.status ?? "");
}

/** Whether the word says "off"; Utho knows Stopped, the others are what such APIs say too. */
export function isOffWord(word: string): boolean {
  return /^(stopped|off|halted|inactive|(powered|shut) ?(off|down))$/i.test(
    word.trim().replace(/[_-]+/g, " "),
  );
}

/** The server's own words about how it is. */
export function wordsOf(server: Server | undefined): string {
  if (server === undefined) return "not listed";
  const words = [server.status, server.powerStatus].filter((word) => word !== undefined && word !== "");
  return words.length > 0 ? words.join(", ") : "no status told";
}
