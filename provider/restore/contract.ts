import { complete } from "../../client/compact";
import type { CloudId } from "../../client/id";
import { isRecord, type RawInputs, type Timeouts, textOf, textsOf, timeoutsOf } from "../engine/inputs";
import { Facts, isTrue } from "../engine/journal";
import type { EngineMemory } from "../engine/memory";
import { isSealOf } from "../engine/values";
import { type SnapshotRef, sourceIn } from "../utho/names";

/**
 * What passes between the engine and the SnapshotRestore provider. All of it ends up in state files, so every name
 * here is a promise to states in the field.
 */

/**
 * Where a snapshot's id comes from that the program does not hold as text. "rotation": an output of a SnapshotRotation.
 * "computed": any other output or promise, a Snapshot, or what a look-up has found. "unseen": it may be text as well, and
 * no one can see it.
 */
export const ORIGINS = ["rotation", "computed", "unseen"] as const;
export type Origin = (typeof ORIGINS)[number];

/** Inputs as `check` leaves them. */
export interface RestoreInputs {
  /** `<cloudId>/<snapshotId>`. */
  snapshot: SnapshotRef;
  triggers?: unknown;
  safetySnapshot?: boolean;
  acknowledgeDataLoss?: boolean;
  acknowledgeMoving?: boolean;
  /** Hidden: `undefined` for an id in the program's text. */
  origin?: Origin;
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
  snapshot: SnapshotRef;
  cloudId: CloudId;
  serverName?: string;
  snapshotName?: string;
  snapshotCreatedAt?: string;
  /** What the server was last put back to by this resource; differs from `snapshot` after a change back. */
  restoredSnapshotId?: SnapshotRef;
  /** ISO 8601, by the clock of the machine that ran the restore. */
  restoredAt?: string;
  /** The server's state before the restore, `<cloudId>/<snapshotId>`. */
  safetySnapshotId?: SnapshotRef;
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
export function restoreKey(snapshot: SnapshotRef, triggersDigest: string | undefined): string {
  return `${snapshot}#${triggersDigest ?? ""}`;
}

/** Whether one of `done` is the restore of this snapshot with these triggers. */
export function isKeyOf(key: string, { snapshot, triggers }: RestoreInputs): boolean {
  const [id, digest] = key.split("#");
  return id === snapshot && isSealOf(digest === "" ? undefined : digest, triggers);
}

/** Whether the server may be overwritten in part. */
export function isUnfinished({ phase }: RestoreState): boolean {
  return phase === "unsure" || phase === "sent";
}

const PHASES: readonly Phase[] = ["safe", "unsure", "sent", "restored"];

/** A state's outputs, whatever version of this package wrote them: what is missing or of another type is left out. */
export function asRestoreState(props: RawInputs): RestoreState {
  const text = (key: string): string | undefined => textOf(props, key);
  return complete<RestoreState>({
    snapshot: sourceIn(props) ?? "",
    cloudId: text("cloudId") ?? "",
    serverName: text("serverName"),
    snapshotName: text("snapshotName"),
    snapshotCreatedAt: text("snapshotCreatedAt"),
    restoredSnapshotId: text("restoredSnapshotId"),
    restoredAt: text("restoredAt"),
    safetySnapshotId: text("safetySnapshotId"),
    safetySnapshotName: text("safetySnapshotName"),
    // A phase that cannot be read must never fire a restore.
    phase: PHASES.find((phase) => phase === props.phase) ?? "restored",
    triggersDigest: text("triggersDigest"),
    done: textsOf(props, "done"),
    actionId: text("actionId"),
    resourceUrn: text("resourceUrn"),
    timeouts: timeoutsOf(props),
  });
}

/** A replacement that `diff` has announced and `create` has not carried out yet. */
interface AnnouncedRestore {
  done: readonly string[];
  /** Safety snapshot of a restore that did not end: it holds the last good state, so the next restore keeps it. */
  carried: string | undefined;
  /** What is to be restored. */
  source: string;
}

function announcedIn(written: unknown): AnnouncedRestore | undefined {
  if (!isRecord(written)) return undefined;
  const source = textOf(written, "source") ?? "";
  return { done: textsOf(written, "done") ?? [], carried: textOf(written, "carried"), source };
}

/** What one operation's calls must know of each other beside what all resources remember. */
export class RestoreMemory {
  /** By URN. */
  readonly announced: Facts<AnnouncedRestore>;
  /** Safety snapshots that a restore has from the unfinished one that it replaces. */
  readonly carried: Facts<true>;

  constructor({ journal }: EngineMemory) {
    this.announced = new Facts(journal, "announced", announcedIn);
    this.carried = new Facts(journal, "carried", isTrue);
  }

  /** Whether a restore of this snapshot is announced and still to come. */
  isNeeded(snapshotId: SnapshotRef): boolean {
    return this.announced.entries().some(([, { source }]) => source === snapshotId);
  }
}
