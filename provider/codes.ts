/**
 * Every failure that the provider can report, by its stable code. docs/errors.md has a section for each; a test
 * compares the two lists.
 */
export const CODES = {
  UTHO_TOKEN_MISSING: "No API token is configured",
  UTHO_CONFIG_INVALID: "A configuration value cannot be used",
  UTHO_INPUT_CLOUD_ID: "cloudId is not the id of a server",
  UTHO_INPUT_NAME: "The snapshot's name cannot be used",
  UTHO_INPUT_ADOPT_ID: "adoptId cannot be used",
  UTHO_INPUT_TIMEOUT: "A timeout is not a duration",
  UTHO_INPUT_TYPE: "An input has the wrong type",
  UTHO_ID_FORMAT: "An id is not <cloudId>/<snapshotId>",
  UTHO_SERVER_NOT_FOUND: "The server does not exist",
  UTHO_SNAPSHOT_NOT_FOUND: "The snapshot does not exist",
  UTHO_SNAPSHOT_NAME_TAKEN: "The exact name is already taken on that server",
  UTHO_SNAPSHOT_AMBIGUOUS: "More than one new snapshot bears the name",
  UTHO_SNAPSHOT_FAILED: "The snapshot ended in a failure status",
  UTHO_SNAPSHOT_NOT_READY: "The snapshot did not become Active in time",
  UTHO_SNAPSHOT_NOT_LISTED: "The snapshot was accepted but never listed",
  UTHO_SNAPSHOT_VANISHED: "The snapshot vanished while it was waited for",
  UTHO_ANSWER_LOST: "The answer was lost and no snapshot appeared",
  UTHO_SERVER_BUSY: "The server stayed busy until the timeout",
  UTHO_TAKEN_OVER: "Refused to delete a snapshot that this run has just taken over",
  UTHO_CANNOT_TELL: "Whether the snapshot still exists cannot be told",
  UTHO_DELETE_UNCONFIRMED: "The deletion could not be confirmed",
  UTHO_POWER: "The server did not reach the wanted power state",
  UTHO_LOOKUP_NONE: "A look-up found nothing",
  UTHO_LOOKUP_MANY: "A look-up found more than one",
  UTHO_LOOKUP_FILTER: "A look-up filter cannot be used",
  UTHO_AUTH: "Utho refused the token",
  UTHO_NOT_FOUND: "Utho does not know what was asked for",
  UTHO_BUSY: "Another operation runs on the server",
  UTHO_RATE_LIMITED: "Utho asked for fewer requests",
  UTHO_BAD_REQUEST: "Utho refused the request",
  UTHO_SERVER_ERROR: "Utho failed to answer",
  UTHO_UNEXPECTED_RESPONSE: "The answer was not one of Utho's API",
  UTHO_NETWORK: "Utho could not be reached",
  UTHO_TIMEOUT: "Utho did not answer in time",
  UTHO_ARGUMENT: "A value cannot be sent to Utho",
  UTHO_CANCELLED: "The operation was cancelled",
  UTHO_WAIT_TIMEOUT: "Waiting took too long",
  UTHO_INTERNAL: "A mistake in pulumi-utho",
} as const;

/** A stable code of a failure. */
export type Code = keyof typeof CODES;
