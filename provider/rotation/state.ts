import { isRecord } from "../../client/compact";
import {
  amountOf,
  byNumber,
  type FieldsOf,
  fieldsIn,
  orElse,
  type RawInputs,
  recordsOf,
  textOf,
  textsOf,
} from "../engine/inputs";
import type { EngineMemory } from "../engine/memory";
import type { SnapshotRef } from "../utho/names";
import { isActive, mayBeActive, UNKNOWN_STATUS } from "../utho/status";
import {
  asRotationInputs,
  type RotationEntry,
  type RotationFailure,
  type RotationInputs,
  type RotationLoss,
} from "./contract";

const textBy = (values: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(isRecord(values) ? values : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );

/** The values a user sees, and how each is read from a state; `mark`, of the inputs, is one too. */
const OUTPUTS = {
  /** Newest first, server by server. */
  snapshots: (value: unknown): RotationEntry[] => entriesIn(value).sort(byServer),
  /** By id; absent in a state from before this output, until there is one. */
  losses: (value: unknown): Record<string, RotationLoss> | undefined =>
    isRecord(value)
      ? Object.fromEntries(
          recordsOf(value)
            .flatMap(entryOf)
            .map((one) => [one.id, lossOf(one)]),
        )
      : undefined,
  /** Id (`<cloudId>/<snapshotId>`) of the newest Active snapshot of each server that has one. */
  newest: textBy,
  /** ISO 8601: when the next snapshot of any of the servers is due; absent while paused. */
  nextDue: textOf,
  /** List price in `costCurrency`, of all snapshots whose size is known. */
  monthlyCost: orElse(amountOf, 0),
  /** INR; absent in a state from before this output, until its next update. */
  costCurrency: textOf,
  /** Of the last run; the next `up` goes on with them. */
  failures: (value: unknown): RotationFailure[] => recordsOf(value).map(failureOf),
  /** Every prefix that this rotation has used; its snapshots have one of them, and its mark. */
  prefixes: orElse(textsOf, []),
};

export type RotationOutputs = FieldsOf<typeof OUTPUTS> & Pick<RotationInputs, "mark">;

/** Outputs as state holds them, besides what the program says. */
const STATE = {
  ...OUTPUTS,
  /** Hidden: ids that were last seen Active by create or update; drift is judged against them. */
  recorded: orElse(textsOf, []),
  /** Hidden: ids that a run saw end as failed without ever being Active: they hold no data. */
  neverData: textsOf,
  /** Hidden: ids whose name's time is not the cloud's; nothing is deleted on the word of such a time. */
  misdated: textsOf,
  /** Hidden: servers that left the rotation and whose snapshots are still to be deleted. */
  leaving: textsOf,
  /** Hidden: ids that the last run asked Utho to delete, and those of earlier runs that still exist. */
  owed: textsOf,
  /** Hidden: ids that the policy does not keep, and that another resource had adopted by then. */
  spared: textsOf,
};

/** What is known of a rotation; state holds its snapshots by id, so that one that is missing shifts no other. */
export type RotationState = RotationInputs & FieldsOf<typeof STATE>;

export function asRotationState(props: RawInputs): RotationState {
  const state = { ...asRotationInputs(props), ...fieldsIn(STATE, props) };
  const baseline = new Set([...state.recorded, ...idsOfActive(state.snapshots)]);
  for (const id of state.spared ?? []) baseline.delete(id);
  return { ...state, recorded: [...baseline] };
}

/** Whether what was good when create or update saw it last is gone or not Active any more. */
export function hasDrifted({ snapshots, recorded }: Pick<RotationState, "snapshots" | "recorded">): boolean {
  const statuses = new Map(snapshots.map(({ id, status }) => [id, status]));
  return !recorded.every((id) => mayBeActive(statuses.get(id)));
}

/** A state's snapshots, in whatever form it holds them. */
export function recordsIn(snapshots: unknown): RawInputs[] {
  if (!isRecord(snapshots)) return recordsOf(snapshots);
  return Object.entries(snapshots)
    .map(([id, one]) => (typeof one === "string" ? read(id, one) : one))
    .filter(isRecord);
}

/** The same, of those that say what a rotation must know. */
function entriesIn(snapshots: unknown): RotationEntry[] {
  return recordsIn(snapshots).flatMap(entryOf);
}

/** The same by id, as users know them. */
export function opened<T>(snapshots: T): T | Record<string, RotationEntry> {
  const hasLines = isRecord(snapshots) && Object.values(snapshots).some((one) => typeof one === "string");
  return hasLines ? Object.fromEntries(entriesIn(snapshots).map((one) => [one.id, one])) : snapshots;
}

function read(id: SnapshotRef, line: string): unknown {
  try {
    return { ...JSON.parse(line), id, cloudId: id.split("/")[0] };
  } catch {
    return undefined;
  }
}

export function idsOfActive(snapshots: readonly RotationEntry[]): SnapshotRef[] {
  return snapshots.flatMap(({ id, status }) => (isActive(status) ? [id] : []));
}

/** As the outputs list them: server by server, the newest first. A map in a state is sorted by its keys. */
function byServer(a: RotationEntry, b: RotationEntry): number {
  return byNumber(a.cloudId, b.cloudId) || Date.parse(b.takenAt) - Date.parse(a.takenAt);
}

/** What is known of a snapshot that is gone. */
export function lossOf({ id, cloudId, serverName, name, takenAt }: RotationLoss): RotationLoss {
  return { id, cloudId, serverName, name, takenAt };
}

const ENTRY = {
  id: textOf,
  cloudId: textOf,
  serverName: textOf,
  name: textOf,
  takenAt: textOf,
  status: orElse(textOf, UNKNOWN_STATUS),
  sizeGb: amountOf,
  monthlyCost: amountOf,
  reasons: orElse(textsOf, []),
};

function entryOf(values: RawInputs): RotationEntry[] {
  const { id, cloudId, name, takenAt, ...others } = fieldsIn(ENTRY, values);
  if (id === undefined || cloudId === undefined || name === undefined || takenAt === undefined) return [];
  return Number.isNaN(Date.parse(takenAt)) ? [] : [{ id, cloudId, name, takenAt, ...others }];
}

function failureOf(values: RawInputs): RotationFailure {
  const text = (key: string): string => textOf(values[key]) ?? "";
  return { cloudId: text("cloudId"), code: text("code"), reason: text("reason") };
}

/** By what a rotation of the program knows its snapshots. */
export type Declared = Pick<RotationInputs, "mark" | "ownPrefix" | "namePrefix">;

/**
 * The rotation as which a deleted one lives on: the delete is that of a replacement. A state holds the former URN of
 * one that `stack rename` or `state move` has moved since it was last written; stack and project alone differ then.
 */
export function successorOf(memory: EngineMemory, urn: string | undefined): Declared | undefined {
  if (urn === undefined) return undefined;
  const wherever = withoutStack(urn);
  const program = memory.programOf(urn) ?? memory.programWhere((one) => withoutStack(one) === wherever);
  return program && asRotationInputs(program);
}

/** Type and name of a URN: `urn:pulumi:<stack>::<project>::<type>::<name>`. */
function withoutStack(urn: string): string {
  return urn.split("::").slice(2).join("::");
}
