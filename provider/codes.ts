import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";

/** By stable code, each with a section in docs/errors.md; a test compares the two lists. */
export const CODES = {
  UTHO_TOKEN_MISSING: "No API token is configured",
  UTHO_CONFIG_INVALID: "A configuration value cannot be used",
  UTHO_PACKAGE_NOT_FOUND: "The program's folder does not have this package",
  UTHO_INPUT_CLOUD_ID: "cloudId is not the id of a server",
  UTHO_INPUT_NAME: "The snapshot's name cannot be used",
  UTHO_INPUT_ADOPT_ID: "adoptId cannot be used",
  UTHO_INPUT_TIMEOUT: "A timeout is not a duration",
  UTHO_INPUT_UNKNOWN: "An input is unknown",
  UTHO_INPUT_TWICE: "An input is given under two names",
  UTHO_IMPORT: "The option import cannot be used",
  UTHO_INPUT_TYPE: "An input has the wrong type",
  UTHO_ID_FORMAT: "An id is not <cloudId>/<snapshotId>",
  UTHO_SERVER_NOT_FOUND: "The server does not exist",
  UTHO_SNAPSHOT_NOT_FOUND: "The snapshot does not exist",
  UTHO_SNAPSHOT_NAME_TAKEN: "The exact name is already taken on that server",
  UTHO_SNAPSHOT_AMBIGUOUS: "More than one new snapshot has the name",
  UTHO_SNAPSHOT_FAILED: "The snapshot ended in a failure status",
  UTHO_SNAPSHOT_NOT_READY: "The snapshot did not become Active in time",
  UTHO_SNAPSHOT_LIMIT: "Utho allows no more snapshots",
  UTHO_SNAPSHOT_NOT_LISTED: "The snapshot was accepted but never listed",
  UTHO_SNAPSHOT_VANISHED: "The snapshot vanished during the wait for it",
  UTHO_ANSWER_LOST: "The answer was lost and no snapshot appeared",
  UTHO_SERVER_BUSY: "The server stayed busy until the timeout",
  UTHO_TAKEN_OVER: "Refused to delete what this run has just taken over",
  UTHO_CANNOT_TELL: "It could not be determined whether the snapshot still exists",
  UTHO_DELETE_UNCONFIRMED: "The deletion could not be confirmed",
  UTHO_POWER: "The server did not reach the wanted power state",
  UTHO_POWER_NOTE: "The note of a server to be switched off cannot be written",
  UTHO_SNAPSHOT_FOREIGN: "The snapshot belongs to another server",
  UTHO_SNAPSHOT_NOT_ACTIVE: "The snapshot cannot be used, because it is not Active",
  UTHO_RESTORE_DATA_LOSS: "A restore without a safety snapshot is not acknowledged",
  UTHO_RESTORE_MOVING: "The snapshot of a restore changes",
  UTHO_RESTORE_DISK: "The server's disk is too small for the snapshot",
  UTHO_RESTORE_UNSURE: "It could not be determined whether the restore began",
  UTHO_RESTORE_FAILED: "The restore failed",
  UTHO_RESTORE_NOT_RUNNING: "The server did not run again after the restore",
  UTHO_RESTORE_SAFETY_NEEDED: "Refused to delete a safety snapshot that is about to be restored",
  UTHO_CLONE_INPUT: "An input of a clone cannot be used",
  UTHO_CLONE_ZONE: "The data centre of the clone could not be determined",
  UTHO_CLONE_PLAN: "The plan does not fit the snapshot",
  UTHO_CLONE_PLAN_DISK: "The plan has no disk of its own",
  UTHO_CLONE_ZONE_FULL: "The data centre has no room for the clone",
  UTHO_CLONE_REFUSED: "Utho refused to deploy the clone",
  UTHO_CLONE_HOSTNAME_TAKEN: "A new server already has the hostname",
  UTHO_CLONE_AMBIGUOUS: "More than one new server has the hostname",
  UTHO_CLONE_ANSWER_LOST: "No answer named a server and none appeared",
  UTHO_CLONE_FAILED: "The clone ended in a failure status",
  UTHO_CLONE_NOT_READY: "The clone did not become Active and Running in time",
  UTHO_CLONE_VANISHED: "The clone no longer exists",
  UTHO_CLONE_NOT_GONE: "The clone could not be confirmed as gone",
  UTHO_CLONE_FINAL_SNAPSHOT: "The final snapshot of a clone could not be taken",
  UTHO_ROTATION_INPUT: "An input of a rotation cannot be used",
  UTHO_ROTATION_PREFIX_TAKEN: "Another rotation of the stack uses the same snapshot names",
  UTHO_ROTATION_INCOMPLETE: "A rotation failed on some servers",
  UTHO_LOOKUP_NONE: "A look-up found nothing",
  UTHO_LOOKUP_MANY: "A look-up found more than one",
  UTHO_LOOKUP_FILTER: "A look-up filter cannot be used",
  UTHO_LOOKUP_PROVIDER: "The provider of a look-up cannot be used",
  UTHO_STACK: "The Pulumi stack could not be read or written",
  UTHO_PLUGIN_INSTALL: "The plugin could not be installed",
  UTHO_ADOPT_REFUSED: "Snapshots cannot be taken into the stack's state",
  UTHO_ADOPT_CHANGED: "The stack's state was changed meanwhile",
  UTHO_ADOPT_UNDO: "The adoption cannot be undone",
  UTHO_OTHER_ACCOUNT: "The token may belong to another account",
  UTHO_AUTH: "Utho refused the token",
  UTHO_NOT_FOUND: "Utho does not know the requested object",
  UTHO_BUSY: "Another operation runs on the server",
  UTHO_RATE_LIMITED: "Utho asked for fewer requests",
  UTHO_BAD_REQUEST: "Utho refused the request",
  UTHO_SERVER_ERROR: "Utho failed to answer",
  UTHO_UNEXPECTED_RESPONSE: "The answer was not one of Utho's API",
  UTHO_NETWORK: "Utho could not be reached",
  UTHO_TIMEOUT: "Utho did not answer in time",
  UTHO_ARGUMENT: "A value cannot be sent to Utho",
  UTHO_CANCELLED: "The operation was cancelled",
  UTHO_RUN_CANCELLED: "The run was cancelled",
  UTHO_PLUGIN_VERSION: "The plugin does not have what the program uses",
  UTHO_POLICY_OPTION: "An option of the policies cannot be used",
  UTHO_TEST_NO_ANSWER: "A test's mocks have no answer",
  UTHO_INTERNAL: "A mistake in pulumi-utho",
} as const;

export type Code = keyof typeof CODES;

/**
 * Where a person reads what to do about a code: the page of the installed package, as the program's folder sees it.
 */
export function pageOf(code: Code): string {
  return `${pagePath()}#${code.toLowerCase()}`;
}

const PAGE = "docs/errors.md";

function pagePath(): string {
  // A bundle has another folder, or none at all.
  const here = typeof __dirname === "string" ? __dirname : "";
  const page = ["../..", ".."].map((above) => resolve(here, above, PAGE)).find((file) => existsSync(file));
  if (page === undefined) return PAGE;
  const seen = relative(process.cwd(), page).replaceAll("\\", "/");
  return seen.startsWith("../../../") ? page : seen;
}
