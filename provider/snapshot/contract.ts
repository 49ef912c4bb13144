/**
 * What passes between the engine and the Snapshot provider. All of it ends up in state files, so every name here is a
 * promise to states in the field.
 */
import type { CloudId } from "../../client/id";
import type { Timeouts } from "../engine/inputs";
import type { SnapshotFacts } from "../utho/facts";

/** What becomes of a snapshot that another one replaces. */
export type OnReplace = "keep" | "delete";

/** Inputs as `check` leaves them. */
export interface SnapshotInputs {
  cloudId: CloudId;
  /** Exact; left out, `create` generates one. */
  name?: string;
  triggers?: unknown;
  powerOff?: boolean;
  /** Such as "10m". */
  maxDowntime?: string;
  adoptId?: string;
  waitForReady?: boolean;
  /** In effect at once, also for the snapshot of an earlier program. */
  onReplace?: OnReplace;
  /** Hidden: six hex digits that end a generated name; fixed when the snapshot is made. */
  mark?: string;
  /** Hidden: the resource's own URN, for its progress row and its generated name. The engine drops the key `urn`. */
  resourceUrn?: string;
  /** Hidden: `customTimeouts` of the resource options, which never reach a dynamic provider by themselves. */
  timeouts?: Timeouts;
}

/** Outputs as state holds them: the facts, and what later operations must know. */
export interface SnapshotState extends SnapshotFacts {
  /** Hidden: the name the program asked for, if the snapshot has another (adopted, taken over, renamed). */
  declaredName?: string;
  /**
   * Hidden: what was true when the snapshot was last seen Active by create or update. Drift is judged against it,
   * since the engine hands `diff` only fresh outputs and old inputs on refresh. Absent: never Active so far.
   */
  recorded?: { name: string; sizeGb?: number };
  /** Hidden: salted digest of `triggers`; the values themselves may be secret and stay out of the outputs. */
  triggersDigest?: string;
  /** Hidden: the `adoptId` that the resource was created with. */
  adoptId?: string;
  resourceUrn?: string;
  timeouts?: Timeouts;
}
