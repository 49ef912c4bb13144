import type { CloudId, SnapshotId } from "../../client/request";
import type { Owner } from "../stack/ownership";

export type { Owner };

/**
 * What `pulumi-utho report` finds, as every format shows it and as `--format json` prints it. docs/report.schema.json
 * describes the JSON; a change that breaks readers raises `schemaVersion`.
 */
export const SCHEMA_VERSION = 1;

/** What a run can alarm about, in the order of how bad it is. */
export const FINDING_KINDS = [
  "missing",
  "failed",
  "drift",
  "interrupted",
  "uncovered",
  "stale",
  "unmanaged",
] as const;

export type FindingKind = (typeof FINDING_KINDS)[number];

/** How a snapshot is. Where several things are to be said of one, the first of these wins. */
export const SNAPSHOT_STATES = [
  "undetermined",
  "missing",
  "failed",
  "drifted",
  "interrupted",
  "unmanaged",
  "in-sync",
] as const;

export type SnapshotStateName = (typeof SNAPSHOT_STATES)[number];

/** A property that was changed outside. */
export interface Change {
  property: string;
  from: string | number | null;
  to: string | number | null;
}

/** One snapshot. `null`: unknown. */
export interface SnapshotEntry {
  /** `<cloudId>/<snapshotId>`; only the second half if the server is unknown. */
  id: string;
  snapshotId: SnapshotId;
  cloudId: CloudId | null;
  name: string;
  state: SnapshotStateName;
  /** What is to be said of it beyond its state, in one sentence; empty where nothing is. */
  detail: string;
  drift: Change[];
  /** Utho's word. */
  status: string | null;
  /** Whether a restore can use it: Active, or without a status. */
  usable: boolean;
  /** Whether it is in the cloud. `null`: unknown. */
  exists: boolean | null;
  serverName: string | null;
  serverExists: boolean;
  sizeGb: number | null;
  /** List price in INR a month. */
  monthlyCost: number | null;
  /** ISO 8601 in UTC. */
  createdAt: string | null;
  ageSeconds: number | null;
  owners: Owner[];
  /** Stacks that read it without owning it. */
  readBy: string[];
}

/** One server, with what a recovery of it would reach back to. */
export interface ServerEntry {
  cloudId: CloudId;
  hostname: string;
  /** "covered": its newest usable snapshot is young enough; "stale": too old; "uncovered": it has no snapshot. */
  coverage: "covered" | "stale" | "uncovered";
  /** Its newest usable snapshot: `id`, and when it was taken. */
  recoveryPoint: { id: string; createdAt: string; ageSeconds: number } | null;
  snapshots: number;
  sizeGb: number;
  monthlyCost: number;
}

/** A run that had begun and did not end. */
export interface PendingEntry {
  stack: string;
  urn: string;
  operation: string;
  cloudId: CloudId | null;
  /** Ids of snapshots that it left, recognised by their generated names. */
  snapshotIds: string[];
}

export interface Finding {
  kind: FindingKind;
  /** The same as long as the same is wrong: what `--baseline` compares. */
  key: string;
  /** Snapshot (`<cloudId>/<snapshotId>`), server (`<cloudId>`) or resource (urn) that it is about. */
  subject: { snapshot?: string; server?: string; urn?: string };
  title: string;
  /** What to do about it. */
  next: string;
  /** Not in the baseline; true where there is no baseline. */
  isNew: boolean;
  ignored: { reason: string | null; until: string | null } | null;
  /** Counts for the exit code. */
  alarms: boolean;
}

export interface Source {
  stack: string;
  project: string | null;
  origin: string;
  /** Snapshots that its resources stand for. */
  snapshots: number;
}

export interface Amount {
  count: number;
  sizeGb: number;
  /** List price in INR a month. */
  monthlyCost: number;
}

export interface Totals {
  /** Everything that exists in the account. */
  account: Amount;
  managed: Amount;
  unmanaged: Amount;
  /** Snapshots of unknown size; they are in no sum of sizes and costs. */
  sizeUnknown: number;
  states: Record<SnapshotStateName, number>;
  servers: { covered: number; stale: number; uncovered: number };
}

export interface Report {
  schemaVersion: typeof SCHEMA_VERSION;
  tool: { name: "pulumi-utho"; version: string };
  /** ISO 8601 in UTC: when Utho was asked. */
  createdAt: string;
  maxAgeSeconds: number;
  failOn: FindingKind[];
  hasBaseline: boolean;
  sources: Source[];
  snapshots: SnapshotEntry[];
  servers: ServerEntry[];
  pending: PendingEntry[];
  findings: Finding[];
  totals: Totals;
  /** What a reader must know to judge the rest, such as ignore entries that have expired. */
  notes: string[];
  verdict: Verdict;
}

/** 0: nothing of the wanted kinds; 1: findings; 2: something could not be determined. */
export interface Verdict {
  exitCode: 0 | 1 | 2;
  /** Findings that count. */
  alarms: number;
  /** Snapshots that may or may not exist. */
  undetermined: number;
}
