import type { Progress } from "../engine/progress";
import { monthlyCost } from "../utho/facts";
import type { RotationEntry, RotationState } from "./contract";
import { driftOf } from "./drift";
import { describeIds } from "./list";
import type { ServerOutcome } from "./outcome";

/** What this run took and deleted; silent where that is nothing. */
export function tellWork(row: Progress, outcomes: readonly ServerOutcome[]): void {
  const taken = outcomes.flatMap((one) => one.taken);
  const deleted = outcomes.flatMap((one) => one.deleted);
  const parts = [
    ...(taken.length > 0 ? [`took ${taken.length} (${describeIds(taken)})`] : []),
    ...(deleted.length > 0 ? [`deleted ${deleted.length} (${describeIds(deleted)})`] : []),
  ];
  if (parts.length > 0) row.info(`The rotation ${parts.join(" and ")}.`);
}

/** What happened to its snapshots outside, before it becomes the record that later drift is judged against. */
export function tellDrift(
  row: Progress,
  known: RotationState | undefined,
  state: RotationState,
  outcomes: readonly ServerOutcome[],
): void {
  if (known === undefined) return;
  const ours = new Set(outcomes.flatMap((one) => one.deleted));
  const stayed = known.recorded.filter(
    (id) => state.cloudIds.includes(id.split("/")[0] ?? "") && !ours.has(id),
  );
  const { gone, bad } = driftOf({ snapshots: state.snapshots, recorded: stayed });
  // One that a killed run deleted is missed by nobody.
  const missed = gone.filter(
    (id) => !known.snapshots.some((one) => one.id === id && one.reasons.length === 0),
  );
  if (missed.length > 0) {
    const one = missed.length === 1;
    row.warn(
      `${one ? "Snapshot" : "Snapshots"} ${describeIds(missed)} ${one ? "is" : "are"} no longer in the rotation: deleted or renamed outside, or by another run.`,
    );
  }
  for (const { id, status } of bad) {
    row.warn(
      `Snapshot ${id} was Active once and its status is now "${status}". It counts as no backup any more and is not deleted; ask Utho's support about it.`,
    );
  }
}

/** The snapshots of servers that left the rotation stay, and cost what they cost. */
export function tellLeft(row: Progress, known: RotationState | undefined, leaving: readonly string[]): void {
  for (const cloudId of leaving) {
    const left = (known?.snapshots ?? []).filter((one) => one.cloudId === cloudId);
    if (left.length > 0) row.info(`Server ${cloudId} left the rotation. ${remainder(left)}`);
  }
}

/** How many stay, and what they cost. */
export function remainder(entries: readonly RotationEntry[]): string {
  const cost = costOf(entries);
  const price = cost === undefined ? "" : ` and cost ₹${cost} a month`;
  const ids = describeIds(entries.map(({ id }) => id));
  const count = entries.length === 1 ? "1 snapshot of it stays" : `${entries.length} snapshots of it stay`;
  return `${count}${price} (${ids}); delete them in Utho's console, or set onRemove: "delete" before you remove it.`;
}

/** INR a month, of those whose size is known; `undefined`: of none. */
export function costOf(snapshots: readonly { sizeGb?: number | undefined }[]): number | undefined {
  const sizes = snapshots.flatMap(({ sizeGb }) => sizeGb ?? []);
  return sizes.length === 0 ? undefined : monthlyCost(sizes.reduce((sum, size) => sum + size, 0));
}
