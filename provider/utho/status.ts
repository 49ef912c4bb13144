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
