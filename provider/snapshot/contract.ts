/**
 * What passes between the engine and the Snapshot provider. All of it ends up in state files, so every name here is a
 * promise to states in the field.
 */
import type { Timeouts } from "../engine/inputs";
import type { SnapshotFacts } from "../utho/facts";

/** Inputs as `check` leaves them. */
export interface SnapshotInputs {
  cloudId: string;
  /** Exact or generated; absent only together with `adoptId`. */
  name?: string;
  triggers?: unknown;
  powerOff?: boolean;
  adoptId?: string;
  waitForReady?: boolean;
  /** Hidden: the resource's own URN, for its progress row and its generated name. The engine drops the key `urn`. */
  resourceUrn?: string;
  /** Hidden: `customTimeouts` of the resource options, which never reach a dynamic provider by themselves. */
  timeouts?: Timeouts;
}

/** Outputs as state holds them: the facts, and what later operations must know. */
export interface SnapshotState extends SnapshotFacts {
  /** Hidden: the name the program asked for, where the snapshot bears another (adopted, taken over, renamed). */
  declaredName?: string;
  /**
   * Hidden: what was true when the snapshot was last seen Active by create or update. Drift is judged against it,
   * since the engine hands `diff` only fresh outputs and old inputs on refresh. Absent: never Active so far.
   */
  recorded?: { name: string; sizeGb?: number };
  /** Hidden: salted digest of `triggers`; the values themselves may be secret and stay out of the outputs. */
  triggersDigest?: string;
  /** Hidden: earlier snapshots of this resource that its replacement left, so that none is taken for an interrupted run's. */
  predecessors?: string[];
  /** Hidden: the `adoptId` that the resource was created with. */
  adoptId?: string;
  resourceUrn?: string;
  timeouts?: Timeouts;
}
