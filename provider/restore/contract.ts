import { isRecord } from "../../client/compact";
import type { CloudId } from "../../client/request";
import {
  type FieldsOf,
  fieldsIn,
  flagOf,
  HIDDEN,
  oneOf,
  orElse,
  type RawInputs,
  textOf,
  textsOf,
} from "../engine/inputs";
import { Facts, isTrue } from "../engine/journal";
import type { EngineMemory } from "../engine/memory";
import { isSealOf } from "../engine/values";
import { parseSnapshotId, type SnapshotRef, withSource } from "../utho/names";
import type { OperationSubject } from "../utho/turn";

/** All of this ends up in states, so every name here is a promise to those in the field. */

/**
 * Where a snapshot's id comes from that the program does not hold as text. "rotation": an output of a SnapshotRotation.
 * "computed": any other output or promise, a Snapshot, or what a look-up has found. "unseen": it may be text as well, and
 * no one can see it.
 */
const ORIGINS = ["rotation", "computed", "unseen"] as const;
export type Origin = (typeof ORIGINS)[number];

const INPUTS = {
  snapshot: orElse<SnapshotRef>(textOf, ""),
  triggers: (value: unknown): unknown => value,
  safetySnapshot: flagOf,
  acknowledgeDataLoss: flagOf,
  acknowledgeMoving: flagOf,
  /** Hidden: `undefined` for an id in the program's text. */
  origin: oneOf(ORIGINS),
  /** Hidden: the Snapshots that it comes from, by URN. */
  sources: textsOf,
  /** Hidden: six hex digits that end the safety snapshot's name; fixed when the restore is made. */
  mark: textOf,
  ...HIDDEN,
};

export type RestoreInputs = FieldsOf<typeof INPUTS>;

export function asRestoreInputs(checked: RawInputs): RestoreInputs {
  return fieldsIn(INPUTS, withSource(checked));
}

/**
 * How far a restore is. "safe": nothing was sent. "unsure": the call may have been applied. "sent": Utho accepted it.
 * "restored": done, and the server runs.
 */
const PHASES = ["safe", "unsure", "sent", "restored"] as const;
export type Phase = (typeof PHASES)[number];

const refOf: (value: unknown) => SnapshotRef | undefined = textOf;

/** The values a user sees, and how each is read from a state. */
const OUTPUTS = {
  /** The snapshot that the program names, `<cloudId>/<snapshotId>`. */
  snapshot: orElse<SnapshotRef>(textOf, ""),
  cloudId: orElse<CloudId>(textOf, ""),
  serverName: textOf,
  snapshotName: textOf,
  snapshotCreatedAt: textOf,
  /** What the server was last put back to by this resource; differs from `snapshot` after a change back. */
  restoredSnapshotId: refOf,
  /** ISO 8601, by the clock of the machine that ran the restore. */
  restoredAt: textOf,
  /** The server's state before the restore, `<cloudId>/<snapshotId>`. */
  safetySnapshotId: refOf,
  safetySnapshotName: textOf,
};

export type RestoreOutputs = FieldsOf<typeof OUTPUTS>;

const STATE = {
  ...OUTPUTS,
  /** Hidden. A phase that cannot be read must never fire a restore. */
  phase: orElse<Phase>(oneOf(PHASES), "restored"),
  /** Hidden: salted digest of `triggers`; the values themselves may be secret and stay out of the outputs. */
  triggersDigest: textOf,
  /** Hidden: every (snapshot, triggers) that this resource has restored; none of them is restored again. */
  done: textsOf,
  /** Hidden: the row of Utho's record of actions that is this restore. */
  actionId: textOf,
  /** Hidden: true where no restore was asked for since the safety snapshot, so that the server may have changed since. */
  unasked: flagOf,
  ...HIDDEN,
};

export type RestoreState = FieldsOf<typeof STATE>;

export function asRestoreState(props: RawInputs): RestoreState {
  return fieldsIn(STATE, withSource(props));
}

/** A safety snapshot takes 2 to 10 minutes by Utho's documentation, and the restore itself its own time. */
export const RESTORE_TIMEOUTS = { create: "1h", update: "1h", delete: "10m" } as const;

/** What a restore is done to. */
export function subjectOf({ resourceUrn, snapshot, timeouts }: RestoreInputs): OperationSubject {
  const { cloudId } = parseSnapshotId(snapshot);
  return { cloudId, resourceUrn, timeouts: { ...RESTORE_TIMEOUTS, ...timeouts } };
}

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

/** A replacement that `diff` has announced and `create` has not carried out yet. */
const ANNOUNCED = {
  done: textsOf,
  /** Safety snapshot of a restore that did not end: it holds the last good state, so the next restore keeps it. */
  carried: refOf,
  source: orElse(textOf, ""),
};

type AnnouncedRestore = FieldsOf<typeof ANNOUNCED>;

function announcedIn(written: unknown): AnnouncedRestore | undefined {
  return isRecord(written) ? fieldsIn(ANNOUNCED, written) : undefined;
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

  isNeeded(snapshotId: SnapshotRef): boolean {
    return this.announced.entries().some(([, { source }]) => source === snapshotId);
  }
}
