import type { CloudId } from "../../../client/request";
import type { SnapshotRef } from "../../utho/names";

/** A snapshot that a rotation made; the plan never sees those of others. */
export interface RotationSnapshot {
  id: SnapshotRef;
  /** Id of the server: retention is judged for each server by itself. */
  cloudId: CloudId;
  serverName?: string | undefined;
  name: string;
  /**
   * When it was asked for, in milliseconds since the epoch: the time in its own name, by our clock. The cloud's time
   * has no zone and a clock of its own, so it decides nothing.
   */
  takenAt: number;
  /** Utho's word; only `Active` counts as a backup. */
  status: string;
  sizeGb?: number | undefined;
  /** Its name and Utho give different times, so that its age is not known. */
  isMisdated?: boolean | undefined;
  /** A run saw it fail before it was ever Active. */
  neverData?: boolean | undefined;
}

/** The rules of `keep` that count: the newest N of all, or of each of the last N periods that have one. -1: all. */
export const COUNTS = ["last", "hourly", "daily", "weekly", "monthly", "yearly"] as const;
/** Those that keep all, or the newest of each period, within a time before the newest: `14d` or `1y6m` (m: months). */
export const SPANS = [
  "within",
  "withinHourly",
  "withinDaily",
  "withinWeekly",
  "withinMonthly",
  "withinYearly",
] as const;

/** By restic's rules. At least one must be given. */
export type KeepPolicy = Partial<
  Record<(typeof COUNTS)[number], number> & Record<(typeof SPANS)[number], string>
>;

/** What a rotation wants, for each of its servers. */
export interface RotationPolicy {
  /** Milliseconds between two snapshots. */
  everyMs: number;
  /** When on a day a snapshot is due, in milliseconds after midnight; left out: at midnight. */
  from?: number | undefined;
  /** When its window closes, likewise, and after `from`: more than a day where that is past midnight. */
  until?: number | undefined;
  keep: KeepPolicy;
  /** IANA name of the zone in which hours, days, weeks, months and years begin. */
  timeZone: string;
  /** Active snapshots that always stay, whatever `keep` says; 1 or more. */
  minKeep: number;
}

/** The policy by which nothing is due, so that only what is there is judged. */
export function withoutTake(policy: RotationPolicy): RotationPolicy {
  return { ...policy, everyMs: Number.POSITIVE_INFINITY };
}

/** What a plan wants to know of this run and of those before it, in milliseconds since the epoch. */
export interface RunFacts {
  /** When it began, `now` unless given: one that begins inside the window ends its work after it. */
  begunAt?: number | undefined;
  /** When an earlier run said that a snapshot of the server would be due. */
  promisedAt?: number | undefined;
}

/** One snapshot that stays, and why: `last`, `daily`, `within 14d`, `minKeep`, `not Active` … */
export interface Kept {
  snapshot: RotationSnapshot;
  reasons: readonly string[];
}

export interface ServerPlan {
  cloudId: CloudId;
  /** The server has left the rotation: nothing more is taken of it. */
  hasLeft?: true;
  take: boolean;
  /** When the next one is due, in milliseconds since the epoch; not after `now` where `take`. */
  dueAt: number;
  /** Whether no run fell into the window in which it was due. */
  missedWindow: boolean;
  /** Existing snapshots that stay, newest first. */
  keep: readonly Kept[];
  /** Existing snapshots to delete, oldest first; where `take`, only once the new one is Active. */
  delete: readonly RotationSnapshot[];
}
