/**
 * What passes between the engine and the SnapshotRestore provider. All of it ends up in state files, so every name
 * here is a promise to states in the field.
 */
import type { Timeouts } from "../engine/inputs";
import { isSealOf } from "../engine/triggers";

/** Inputs as `check` leaves them. */
export interface RestoreInputs {
  /** `<cloudId>/<snapshotId>`. */
  snapshotId: string;
  triggers?: unknown;
  safetySnapshot?: boolean;
  acknowledgeDataLoss?: boolean;
  /** Hidden: six hex digits that end the safety snapshot's name; fixed when the restore is made. */
  mark?: string;
  /** Hidden: the resource's own URN. The engine drops the key `urn`. */
  resourceUrn?: string;
  /** Hidden: `customTimeouts` of the resource options, which never reach a dynamic provider by themselves. */
  timeouts?: Timeouts;
}

/**
 * How far a restore is. "safe": nothing was sent. "unsure": the call may have been applied. "sent": Utho accepted it.
 * "restored": done, and the server runs.
 */
export type Phase = "safe" | "unsure" | "sent" | "restored";

/** Outputs as state holds them. */
export interface RestoreState {
  /** The snapshot that the program names, `<cloudId>/<snapshotId>`. */
  snapshotId: string;
  cloudId: string;
  serverName?: string;
  snapshotName?: string;
  snapshotCreatedAt?: string;
  /** What the server was last put back to by this resource; differs from `snapshotId` after a change back. */
  restoredSnapshotId?: string;
  /** ISO 8601, by the clock of the machine that ran the restore. */
  restoredAt?: string;
  /** The server's state before the restore, `<cloudId>/<snapshotId>`. */
  safetySnapshotId?: string;
  safetySnapshotName?: string;
  /** Hidden. */
  phase: Phase;
  /** Hidden: salted digest of `triggers`; the values themselves may be secret and stay out of the outputs. */
  triggersDigest?: string;
  /** Hidden: every (snapshot, triggers) that this resource has restored; none of them is restored again. */
  done?: string[];
  /** Hidden: the row of Utho's record of actions that is this restore. */
  actionId?: string;
  resourceUrn?: string;
  timeouts?: Timeouts;
}

/** A safety snapshot takes 2 to 10 minutes by Utho's documentation, and the restore itself its own time. */
export const RESTORE_TIMEOUTS = { create: "1h", update: "1h", delete: "10m" } as const;

/** What is restored once: the snapshot together with a digest of the triggers. */
export function restoreKey(snapshotId: string, triggersDigest: string | undefined): string {
  return `${snapshotId}#${triggersDigest ?? ""}`;
}

/** Whether one of `done` is the restore of this snapshot with these triggers. */
export function isKeyOf(key: string, { snapshotId, triggers }: RestoreInputs): boolean {
  const [id, digest] = key.split("#");
  return id === snapshotId && isSealOf(digest === "" ? undefined : digest, triggers);
}

/** Whether the server may be overwritten in part. */
export function isUnfinished({ phase }: RestoreState): boolean {
  return phase === "unsure" || phase === "sent";
}
