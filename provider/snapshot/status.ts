/**
 * Utho documents one status word of snapshots, "Active" (usable). Others are not documented: a word that says failure
 * is final, any other means "not ready yet".
 */
const FAILURE_WORDS = /\b(error|errored|fail|failed|failure|corrupt|corrupted|broken|invalid|unusable)\b/i;

/** Status shown where no listing of the API tells one. */
export const UNKNOWN_STATUS = "Unknown";

export function isActive(status: string | undefined): boolean {
  return status !== undefined && status.trim().toLowerCase() === "active";
}

export function isFailure(status: string | undefined): boolean {
  return status !== undefined && FAILURE_WORDS.test(status.replace(/[_-]+/g, " "));
}
