import type { RotationSettings } from "./contract";
import { planServer } from "./plan/server";
import type { RotationSnapshot, ServerPlan } from "./plan/types";
import { policyOf } from "./settings";

export const PAUSED = "paused";
export const MISDATED = "its name and Utho tell different times";

/**
 * What is to be done on one server now. A snapshot whose time is not certain puts the next one off, but is neither
 * deleted nor counted: what else is kept must not depend on it.
 */
export function decide(
  settings: RotationSettings,
  cloudId: string,
  snapshots: readonly RotationSnapshot[],
  misdated: ReadonlySet<string>,
  now: number,
): ServerPlan {
  const policy = policyOf(settings);
  const whole = planServer(cloudId, snapshots, policy, now);
  const own = snapshots.filter((one) => one.cloudId === cloudId);
  const doubtful = own.filter(({ id }) => misdated.has(id));
  if (doubtful.length > 0 && !settings.paused) {
    const certain = own.filter(({ id }) => !misdated.has(id));
    // Nothing is coming that these could make room for, unless a snapshot is due by all of them.
    const everyMs = whole.take ? policy.everyMs : Number.POSITIVE_INFINITY;
    const judged = planServer(cloudId, certain, { ...policy, everyMs }, now);
    const kept = doubtful.map((snapshot) => ({ snapshot, reasons: [MISDATED] }));
    const keep = [...judged.keep, ...kept].sort((a, b) => b.snapshot.takenAt - a.snapshot.takenAt);
    return { ...whole, keep, delete: judged.delete };
  }
  if (!settings.paused) return whole;
  const spared = whole.delete.map((snapshot) => ({ snapshot, reasons: [PAUSED] })).reverse();
  return { ...whole, take: false, keep: [...whole.keep, ...spared], delete: [] };
}
