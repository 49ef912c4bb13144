import type { Progress } from "../engine/progress";
import { monthlyCost } from "../utho/facts";
import type { RotationEntry, RotationState } from "./contract";
import { driftOf } from "./drift";
import type { ServerOutcome } from "./outcome";

const LONGEST_LIST = 5;

/** What this run took and deleted; silent where that is nothing. */
export function tellWork(row: Progress, outcomes: readonly ServerOutcome[]): void {
  const taken = outcomes.flatMap((one) => one.taken);
  const deleted = outcomes.flatMap((one) => one.deleted);
  const parts = [
    ...(taken.length > 0 ? [`took ${taken.length} (${list(taken)})`] : []),
    ...(deleted.length > 0 ? [`deleted ${deleted.length} (${list(deleted)})`] : []),
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
      `${one ? "Snapshot" : "Snapshots"} ${list(missed)} ${one ? "is" : "are"} no longer in the rotation: deleted or renamed outside, or by another run.`,
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
  const sizes = entries.flatMap(({ sizeGb }) => sizeGb ?? []);
  const sizeGb = sizes.reduce((sum, size) => sum + size, 0);
  const price = sizes.length === 0 ? "" : ` and cost ₹${monthlyCost(sizeGb)} a month`;
  const ids = list(entries.map(({ id }) => id));
  const count = entries.length === 1 ? "1 snapshot of it stays" : `${entries.length} snapshots of it stay`;
  return `${count}${price} (${ids}); delete them in Utho's console, or set onRemove: "delete" before you remove it.`;
}

function list(ids: readonly string[]): string {
  const more = ids.length - LONGEST_LIST;
  return more > 0 ? `${ids.slice(0, LONGEST_LIST).join(", ")} and ${more} more` : ids.join(", ");
}
