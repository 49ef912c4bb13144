import { type RawInputs, textOf } from "../engine/inputs";
import { asSnapshotInputs } from "./check";
import type { SnapshotState } from "./contract";

/** A state's outputs, whatever version of this package wrote them: what is missing or of another type is left out. */
export function asSnapshotState(props: RawInputs): SnapshotState {
  const { cloudId, adoptId, resourceUrn, timeouts } = asSnapshotInputs(props);
  const text = (key: string): string | undefined => textOf(props, key);
  const amount = (key: string): number | undefined => {
    const value = props[key];
    return typeof value === "number" ? value : undefined;
  };
  return {
    cloudId,
    snapshotId: text("snapshotId") ?? "",
    name: text("name") ?? "",
    status: text("status") ?? "",
    serverName: text("serverName"),
    sizeGb: amount("sizeGb"),
    location: text("location"),
    storage: text("storage"),
    createdAt: text("createdAt"),
    monthlyCost: amount("monthlyCost"),
    costCurrency: text("costCurrency"),
    declaredName: text("declaredName"),
    recorded: asRecorded(props.recorded),
    triggersDigest: text("triggersDigest"),
    adoptId,
    resourceUrn,
    timeouts,
  };
}

function asRecorded(value: unknown): SnapshotState["recorded"] {
  if (typeof value !== "object" || value === null || !("name" in value)) return undefined;
  if (typeof value.name !== "string") return undefined;
  const sizeGb = "sizeGb" in value && typeof value.sizeGb === "number" ? value.sizeGb : undefined;
  return { name: value.name, sizeGb };
}
