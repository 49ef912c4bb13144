import { isRecord } from "../../client/compact";
import type { CloudId } from "../../client/request";
import {
  amountOf,
  byNumber,
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
import type { SnapshotRef } from "../utho/names";
import { parseWithin } from "./plan/periods";
import { COUNTS, type KeepPolicy, SPANS } from "./plan/types";

/** All of this ends up in states, so every name here is a promise to those in the field. */

/** What becomes of the snapshots when the rotation, or a server of it, goes. */
export type OnRemove = "keep" | "delete" | "expire";

export const ON_REMOVE = ["keep", "delete", "expire"] as const satisfies readonly OnRemove[];

/** What the program says, as `check` leaves it: defaults filled in, ids sorted and each once. */
export const SETTINGS = {
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

const LONGEST_LIST = 5;

/** So many ids as a person reads, and how many more there are. */
export function describeIds(ids: readonly string[]): string {
  const more = ids.length - LONGEST_LIST;
  return more > 0 ? `${ids.slice(0, LONGEST_LIST).join(", ")} and ${more} more` : ids.join(", ");
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
