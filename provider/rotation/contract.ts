import type { CloudId } from "../../client/id";
import {
  amountOf,
  byNumber,
  type FieldsOf,
  fieldsIn,
  flagOf,
  HIDDEN,
  isRecord,
  oneOf,
  orElse,
  type RawInputs,
  textOf,
  textsOf,
} from "../engine/inputs";
import type { SnapshotRef } from "../utho/names";
import { isActive, UNKNOWN_STATUS } from "../utho/status";
import { parseWithin } from "./plan/periods";
import type { KeepPolicy } from "./plan/types";

/**
 * What passes between the engine and the SnapshotRotation provider. All of it ends up in state files, so every name
 * here is a promise to states in the field.
 */

/** What becomes of the snapshots when the rotation, or a server of it, goes. */
export type OnRemove = "keep" | "delete" | "expire";

export const ON_REMOVE = ["keep", "delete", "expire"] as const satisfies readonly OnRemove[];

/** The rules of `keep` that are numbers. */
export const COUNTS = ["last", "hourly", "daily", "weekly", "monthly", "yearly"] as const;
/** The rules of `keep` that are time spans. */
export const SPANS = [
  "within",
  "withinHourly",
  "withinDaily",
  "withinWeekly",
  "withinMonthly",
  "withinYearly",
] as const;

/** What the program says, as `check` leaves it: defaults filled in, ids sorted and each once. */
const SETTINGS = {
  /** For example "24h" or "7d". */
  every: orElse(textOf, ""),
  /** From when on a day a snapshot is due: "02:00". */
  at: textOf,
  /** In which hours of a day, each time like `at`: ["01:00", "05:00"]. */
  between: textsOf,
  keep: keepOf,
  timeZone: orElse(textOf, "UTC"),
  minKeep: orElse(amountOf, 1),
  /** As the program gives it; left out, `ownPrefix` stands for it. */
  namePrefix: textOf,
  powerOff: orElse(flagOf, false),
  maxDowntime: textOf,
  paused: orElse(flagOf, false),
  onRemove: orElse<OnRemove>(oneOf(ON_REMOVE), "keep"),
  /** Whether the oldest unneeded snapshot goes before the new one is taken. */
  makeRoom: flagOf,
  /** Ids of lost snapshots that a person knows of. */
  acknowledgeLosses: textsOf,
};

export interface RotationSettings extends FieldsOf<typeof SETTINGS> {
  /** Ids of the servers, one or more. */
  cloudIds: CloudId[];
}

const INPUTS = {
  ...SETTINGS,
  /**
   * Hidden: six hex digits of the URN that the rotation was first declared with. Fixed by `check` and then kept, so that
   * a rotation that is renamed by an alias still knows its snapshots.
   */
  mark: orElse(textOf, ""),
  /** Hidden: `<stack>-<logical name>`, likewise. */
  ownPrefix: orElse(textOf, ""),
  ...HIDDEN,
};

export interface RotationInputs extends RotationSettings, FieldsOf<typeof INPUTS> {}

/** Inputs that `check` has passed, or those that a state holds, with the defaults filled in. */
export function asRotationInputs(values: RawInputs): RotationInputs {
  return { ...fieldsIn(INPUTS, values), cloudIds: serversOf(values) };
}

/** One snapshot of the rotation, as a user sees it in the outputs. */
export interface RotationEntry {
  /** `<cloudId>/<snapshotId>`. */
  id: SnapshotRef;
  /** Id of the server that it was taken of. */
  cloudId: CloudId;
  /** Hostname of the server, if known. */
  serverName?: string | undefined;
  /** Its name in Utho. */
  name: string;
  /** ISO 8601 in UTC: the time in the name, by the clock of the machine that asked for it. */
  takenAt: string;
  /** Utho's word; only `Active` counts as a backup. */
  status: string;
  /** Stored size in GB, if known. */
  sizeGb?: number | undefined;
  /** List price in INR. */
  monthlyCost?: number | undefined;
  /** Why it is kept: `last`, `daily`, `within 14d`, `minKeep`; empty: it is deleted next time. */
  reasons: string[];
}

/** A snapshot that the policy would keep and that is gone, though no run of the rotation deleted it. */
export type RotationLoss = Pick<RotationEntry, "id" | "cloudId" | "serverName" | "name" | "takenAt">;

/** What went wrong on one server in the last run. */
export interface RotationFailure {
  /** Id of the server. */
  cloudId: CloudId;
  /** Stable code, as docs/errors.md has it. */
  code: string;
  /** What stood in the way, in words for people. */
  reason: string;
}

/** What is known of a rotation; state holds its snapshots by id, so that one that is missing shifts no other. */
export interface RotationState extends RotationInputs {
  /** Newest first, server by server. */
  snapshots: RotationEntry[];
  /** By id; absent in a state from before this output, until there is one. */
  losses?: Record<string, RotationLoss> | undefined;
  /** Id (`<cloudId>/<snapshotId>`) of the newest Active snapshot of each server that has one. */
  newest: Record<string, string>;
  /** ISO 8601: when the next snapshot of any of the servers is due; absent while paused. */
  nextDue?: string | undefined;
  /** List price in `costCurrency`, of all snapshots whose size is known. */
  monthlyCost: number;
  /** INR; absent in a state from before this output, until its next update. */
  costCurrency?: string | undefined;
  /** Of the last run; the next `up` goes on with them. */
  failures: RotationFailure[];
  /** Every prefix that this rotation has used; its snapshots have one of them, and its mark. */
  prefixes: string[];
  /** Hidden: ids that were last seen Active by create or update; drift is judged against them. */
  recorded: string[];
  /** Hidden: ids that a run saw end as failed without ever being Active: they hold no data. */
  neverData?: string[] | undefined;
  /** Hidden: ids whose name's time is not the cloud's; nothing is deleted on the word of such a time. */
  misdated?: string[] | undefined;
  /** Hidden: servers that left the rotation and whose snapshots are still to be deleted. */
  leaving?: string[] | undefined;
  /** Hidden: ids that the last run asked Utho to delete, and those of earlier runs that still exist. */
  owed?: string[] | undefined;
}

const LONGEST_LIST = 5;

/** So many ids as a person reads, and how many more there are. */
export function describeIds(ids: readonly string[]): string {
  const more = ids.length - LONGEST_LIST;
  return more > 0 ? `${ids.slice(0, LONGEST_LIST).join(", ")} and ${more} more` : ids.join(", ");
}

/** What became of snapshots that were good when create or update saw them last. */
export interface Drift {
  /** Ids that are not there any more: deleted or renamed outside. */
  gone: string[];
  /** Those that are there and not Active. */
  bad: { id: SnapshotRef; status: string }[];
}

/** Compares what a state shows with the record that it holds. A missing status is no evidence. */
export function driftOf({ snapshots, recorded }: Pick<RotationState, "snapshots" | "recorded">): Drift {
  const statuses = new Map(snapshots.map(({ id, status }) => [id, status]));
  const drift: Drift = { gone: [], bad: [] };
  for (const id of recorded) {
    const status = statuses.get(id);
    if (status === undefined) drift.gone.push(id);
    else if (!isActive(status) && status !== UNKNOWN_STATUS) drift.bad.push({ id, status });
  }
  return drift;
}

export function hasDrifted(state: Pick<RotationState, "snapshots" | "recorded">): boolean {
  const { gone, bad } = driftOf(state);
  return gone.length > 0 || bad.length > 0;
}

/** Each id once, in the order of their numbers: the program's order means nothing. */
export function sortedIds(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort(byNumber);
}

/** The servers that checked inputs, or a state, name. */
export function serversOf(values: RawInputs): string[] {
  const { cloudId, cloudIds } = values;
  const given: readonly unknown[] = Array.isArray(cloudIds) ? cloudIds : [cloudIds ?? cloudId];
  return sortedIds(given.filter((id): id is string => typeof id === "string"));
}

/** The policy of checked inputs, or of a state: what is missing or of another type is left out. */
export function keepOf(keep: unknown): KeepPolicy {
  const policy: KeepPolicy = {};
  if (!isRecord(keep)) return policy;
  for (const key of COUNTS) {
    const count = keep[key];
    if (typeof count === "number") policy[key] = count;
  }
  for (const key of SPANS) {
    const span = keep[key];
    if (typeof span === "string" && parseWithin(span) !== undefined) policy[key] = span;
  }
  return policy;
}
