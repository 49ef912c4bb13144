/** A status: Utho's word, and what it says. As text and as JSON it is the word alone. */
export class Status<Is extends string> {
  constructor(
    /** What the word says. */
    readonly is: Is,
    /** Utho's word, as it came. */
    readonly word: string,
  ) {}

  /** Utho's word. */
  toString(): string {
    return this.word;
  }

  /** Utho's word. */
  toJSON(): string {
    return this.word;
  }
}

/**
 * `ready`: usable. `failed` and `deleted` are final; one that is `deleting` may still stay. `pending`: every other word;
 * Utho documents "Active" alone.
 */
export type SnapshotStatus = Status<"ready" | "pending" | "failed" | "deleting" | "deleted">;

/**
 * Of a server as a whole or of its power. Utho knows Active, Pending and Stopped of the one, Running and Stopped of the
 * other; `running` and `off` are what such APIs say too, and `pending` is every other word.
 */
export type ServerStatus = Status<"active" | "running" | "stopped" | "off" | "failed" | "pending">;

/** Of an action. Utho knows Pending, Support and Success; `pending` is every other word. */
export type ActionStatus = Status<"success" | "failed" | "pending">;

const FAILED = /\b(error|errored|fail|failed|failure|corrupt|corrupted|broken|invalid|unusable)\b/i;
/** Words of a listing that goes on showing what was deleted. "Failed to delete" is not one of them. */
const DELETED = /\b(deleted|removed|destroyed|terminated|trashed|purged)\b/i;
const DELETING =
  /\b(deleting|deletion|removing|destroying|terminating|be(ing)? (deleted|removed|destroyed|terminated))\b/i;
const RUNNING = /^(running|on|powered ?on)$/i;
const OFF = /^(off|halted|inactive|(powered|shut) ?(off|down))$/i;
const SUCCESS = /^(success|succeeded|complete|completed|done|finished)$/i;
// "Support" is Utho's word for an action that its staff has to look at.
const ACTION_FAILED = /\b(support|fail|failed|failure|error|cancelled|canceled|aborted)\b/i;

/** Reads a snapshot's status word. */
export function snapshotStatus(word: string): SnapshotStatus {
  const said = plain(word);
  if (said === "active") return new Status("ready", word);
  if (FAILED.test(said)) return new Status("failed", word);
  if (DELETING.test(said)) return new Status("deleting", word);
  return new Status(DELETED.test(said) ? "deleted" : "pending", word);
}

/** Reads a server's status word, or that of its power. */
export function serverStatus(word: string): ServerStatus {
  const said = plain(word);
  if (said === "active" || said === "stopped") return new Status(said, word);
  if (RUNNING.test(said)) return new Status("running", word);
  if (OFF.test(said)) return new Status("off", word);
  return new Status(FAILED.test(said) ? "failed" : "pending", word);
}

/** Reads an action's status word. */
export function actionStatus(word: string): ActionStatus {
  const said = plain(word);
  if (SUCCESS.test(said)) return new Status("success", word);
  return new Status(ACTION_FAILED.test(said) ? "failed" : "pending", word);
}

function plain(word: string): string {
  return word.trim().toLowerCase().replace(/[_-]+/g, " ");
}
