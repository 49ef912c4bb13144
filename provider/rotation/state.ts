import {
  amountOf,
  byNumber,
  fieldsIn,
  isRecord,
  orElse,
  type RawInputs,
  recordsOf,
  textOf,
  textsOf,
} from "../engine/inputs";
import type { EngineMemory } from "../engine/memory";
import type { SnapshotRef } from "../utho/names";
import { isActive, UNKNOWN_STATUS } from "../utho/status";
import {
  asRotationInputs,
  type RotationEntry,
  type RotationFailure,
  type RotationInputs,
  type RotationLoss,
  type RotationState,
} from "./contract";
import { prefixOf } from "./settings";

export function asRotationState(props: RawInputs): RotationState {
  const snapshots = entriesIn(props.snapshots).sort(byServer);
  return {
    ...asRotationInputs(props),
    snapshots,
    losses: isRecord(props.losses)
      ? Object.fromEntries(recordsOf(props.losses).flatMap(entryOf).map(lossOf))
      : undefined,
    newest: Object.fromEntries(
      Object.entries(isRecord(props.newest) ? props.newest : {}).flatMap(([cloudId, id]) =>
        typeof id === "string" ? [[cloudId, id]] : [],
      ),
    ),
    nextDue: textOf(props.nextDue),
    monthlyCost: amountOf(props.monthlyCost) ?? 0,
    costCurrency: textOf(props.costCurrency),
    failures: recordsOf(props.failures).map(failureOf),
    prefixes: textsOf(props.prefixes) ?? [],
    recorded: [...new Set([...(textsOf(props.recorded) ?? []), ...idsOfActive(snapshots)])],
    neverData: textsOf(props.neverData),
    misdated: textsOf(props.misdated),
    leaving: textsOf(props.leaving),
    owed: textsOf(props.owed),
  };
}

/**
 * How a state holds its snapshots. A mere read leaves it as it is, or each refresh would show a difference; what `create`
 * and `update` write is as small as it can be (docs/decisions/0181).
 */
export interface Form {
  /** A list, or by id: records, or lines of JSON. */
  snapshots: "list" | "records" | "lines";
  /** Whether `recorded` names also what is listed as Active. */
  baseline: "whole" | "others";
}

export const SMALL: Form = { snapshots: "lines", baseline: "others" };

export function formOf({ snapshots, recorded }: RawInputs, state: RotationState): Form {
  const held = new Set(textsOf(recorded));
  const whole = idsOfActive(state.snapshots).every((id) => held.has(id));
  const values = isRecord(snapshots) ? Object.values(snapshots) : [];
  const map = values.some(isRecord) ? "records" : "lines";
  return {
    snapshots: Array.isArray(snapshots) ? "list" : map,
    baseline: held.size > 0 && whole ? "whole" : "others",
  };
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

function idsOfActive(snapshots: readonly RotationEntry[]): SnapshotRef[] {
  return snapshots.flatMap(({ id, status }) => (isActive(status) ? [id] : []));
}

/** As the outputs list them: server by server, the newest first. A map in a state is sorted by its keys. */
function byServer(a: RotationEntry, b: RotationEntry): number {
  return byNumber(a.cloudId, b.cloudId) || Date.parse(b.takenAt) - Date.parse(a.takenAt);
}

function lossOf({ id, cloudId, serverName, name, takenAt }: RotationEntry): [string, RotationLoss] {
  return [id, { id, cloudId, serverName, name, takenAt }];
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

/** Whose a mark and a prefix are; of this process alone, since another one may be another account's. */
export class Claims {
  /** URNs by the mark and by the prefix. */
  private readonly owners = new Map<string, string>();

  /** Takes a rotation's names for it; returns who has them already. */
  claim(inputs: RotationInputs): { what: "mark" | "prefix"; owner: string } | undefined {
    const urn = inputs.resourceUrn ?? "";
    const wanted = { mark: inputs.mark, prefix: prefixOf(inputs) };
    for (const what of ["mark", "prefix"] as const) {
      const owner = this.owners.get(`${what} ${wanted[what]}`);
      if (owner !== undefined && owner !== urn) return { what, owner };
    }
    this.owners.set(`mark ${wanted.mark}`, urn);
    this.owners.set(`prefix ${wanted.prefix}`, urn);
    return undefined;
  }
}

/** Type and name of a URN: `urn:pulumi:<stack>::<project>::<type>::<name>`. */
function withoutStack(urn: string): string {
  return urn.split("::").slice(2).join("::");
}
