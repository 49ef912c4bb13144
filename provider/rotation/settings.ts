import { amountOf, flagOf, type RawInputs, textOf, timeoutsOf } from "../engine/inputs";
import type { RotationInputs, RotationSettings } from "./contract";
import { parseEvery } from "./every";
import { keepOf } from "./keep";
import type { RotationPolicy } from "./plan/types";
import { serversOf } from "./servers";

/** Inputs that `check` has passed, or those that a state holds, with the defaults filled in. */
export function asRotationInputs(values: RawInputs): RotationInputs {
  return {
    cloudIds: serversOf(values),
    every: textOf(values, "every") ?? "",
    keep: keepOf(values),
    timeZone: textOf(values, "timeZone") ?? "UTC",
    minKeep: amountOf(values, "minKeep") ?? 1,
    namePrefix: textOf(values, "namePrefix"),
    powerOff: flagOf(values, "powerOff") ?? false,
    paused: flagOf(values, "paused") ?? false,
    onRemove: values.onRemove === "delete" ? "delete" : "keep",
    mark: textOf(values, "mark") ?? "",
    ownPrefix: textOf(values, "ownPrefix") ?? "",
    resourceUrn: textOf(values, "resourceUrn"),
    timeouts: timeoutsOf(values),
  };
}

/** The prefix of new snapshots. */
export function prefixOf({
  namePrefix,
  ownPrefix,
}: Pick<RotationInputs, "namePrefix" | "ownPrefix">): string {
  return namePrefix ?? ownPrefix;
}

/** What the plan goes by. An `every` that cannot be read makes nothing due. */
export function policyOf({ every, keep, timeZone, minKeep }: RotationSettings): RotationPolicy {
  return { everyMs: parseEvery(every) ?? Number.POSITIVE_INFINITY, keep, timeZone, minKeep };
}

/**
 * Whether the program now says something else. Order of keys and of servers means nothing, and nor does what is hidden:
 * another URN is a resource that was moved, and says nothing of its snapshots.
 */
export function sameSettings(a: RotationSettings, b: RotationSettings): boolean {
  return fingerprint(a) === fingerprint(b);
}

function fingerprint(inputs: RotationSettings): string {
  const { cloudIds, every, timeZone, minKeep, namePrefix, powerOff, paused, onRemove } = inputs;
  const rules = Object.entries(inputs.keep).sort(([a], [b]) => (a < b ? -1 : 1));
  const settings = [cloudIds, every, rules, timeZone, minKeep, namePrefix, powerOff, paused, onRemove];
  return JSON.stringify(settings);
}
