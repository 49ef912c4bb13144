import { amountOf, isRecord, type RawInputs, textOf, textsOf } from "../engine/inputs";
import { UNKNOWN_STATUS } from "../utho/status";
import type { RotationEntry, RotationFailure, RotationState } from "./contract";
import { asRotationInputs } from "./settings";

/** A state's outputs, whatever version of this package wrote them: what is missing or of another type is left out. */
export function asRotationState(props: RawInputs): RotationState {
  return {
    ...asRotationInputs(props),
    snapshots: recordsOf(props.snapshots).flatMap(entryOf),
    newest: Object.fromEntries(
      Object.entries(isRecord(props.newest) ? props.newest : {}).flatMap(([cloudId, id]) =>
        typeof id === "string" ? [[cloudId, id]] : [],
      ),
    ),
    nextDue: textOf(props, "nextDue"),
    monthlyCost: amountOf(props, "monthlyCost") ?? 0,
    costCurrency: textOf(props, "costCurrency"),
    failures: recordsOf(props.failures).map(failureOf),
    prefixes: textsOf(props, "prefixes") ?? [],
    recorded: textsOf(props, "recorded") ?? [],
    neverData: textsOf(props, "neverData"),
    misdated: textsOf(props, "misdated"),
    leaving: textsOf(props, "leaving"),
  };
}

function recordsOf(value: unknown): RawInputs[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function entryOf(values: RawInputs): RotationEntry[] {
  const text = (key: string): string | undefined => textOf(values, key);
  const [id, cloudId, name, takenAt] = [text("id"), text("cloudId"), text("name"), text("takenAt")];
  if (id === undefined || cloudId === undefined || name === undefined || takenAt === undefined) return [];
  const entry = {
    id,
    cloudId,
    serverName: text("serverName"),
    name,
    takenAt,
    status: text("status") ?? UNKNOWN_STATUS,
    sizeGb: amountOf(values, "sizeGb"),
    monthlyCost: amountOf(values, "monthlyCost"),
    reasons: textsOf(values, "reasons") ?? [],
  };
  return Number.isNaN(Date.parse(takenAt)) ? [] : [entry];
}

function failureOf(values: RawInputs): RotationFailure {
  const text = (key: string): string => textOf(values, key) ?? "";
  return { cloudId: text("cloudId"), code: text("code"), reason: text("reason") };
}
