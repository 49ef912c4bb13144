import type { Snapshot } from "../../client";
import { formatDuration } from "../duration";
import { isNamedFor, parseGeneratedName } from "./names";
import { isFailure } from "./status";
import type { Operation, SnapshotsById } from "./turn";

/** Whose snapshot it is that is looked for. */
export interface TakeoverSearch {
  urn: string;
  mark: string;
  /** What is there for sure. */
  present: SnapshotsById;
  /** Whether it is known to be in state: no interrupted run left that one. */
  isInState: (snapshot: Snapshot) => boolean;
}

/**
 * The snapshot that an interrupted run of this very resource left in the cloud and in no state: it has our mark, the
 * time in its name lies within `utho:takeoverWindow`, and this run has not met it in state. Of several the newest good
 * one; the others are named, because they cost money.
 */
export function findInterrupted(operation: Operation, search: TakeoverSearch): Snapshot | undefined {
  const { takeoverWindow } = operation.account.settings;
  const now = operation.clock.now();
  const age = ({ name }: Snapshot): number =>
    now - (parseGeneratedName(name)?.takenAt ?? Number.NEGATIVE_INFINITY);
  const left = [...search.present.values()]
    .filter((snapshot) => isNamedFor(search.urn, snapshot.name, search.mark) && !search.isInState(snapshot))
    .filter((snapshot) => Math.abs(age(snapshot)) < takeoverWindow)
    .sort((a, b) => Number(isFailure(a.status)) - Number(isFailure(b.status)) || age(a) - age(b));
  const [chosen, ...others] = left;
  if (chosen !== undefined) report(operation, chosen, others, age(chosen));
  return chosen;
}

/** When a snapshot was asked for, by its generated name; `undefined` for any other name, and for an adopted one. */
export function takenAtOf(snapshot: {
  name?: string | undefined;
  adoptId?: string | undefined;
}): number | undefined {
  if (snapshot.adoptId !== undefined) return undefined;
  return parseGeneratedName(snapshot.name ?? "")?.takenAt;
}

/** Says what is known. Whether the run was interrupted, or the resource removed and its snapshot kept, is not. */
function report(operation: Operation, chosen: Snapshot, others: readonly Snapshot[], age: number): void {
  const { cloudId, progress } = operation;
  const ago = formatDuration(Math.max(0, age));
  progress.warn(
    `Took over snapshot ${cloudId}/${chosen.id} (${chosen.name}), which a run of this resource with the same triggers asked for ${ago} ago and which this run found in no state; no second one was made. It shows the disk of that time. An interrupted run left it, or the resource was destroyed, or removed from state, and the snapshot kept. For a new one: change \`triggers\`, or run \`pulumi config set utho:takeoverWindow 0\` and replace it.`,
  );
  if (others.length === 0) return;
  const list = others.map(({ id, name }) => `${cloudId}/${id} (${name})`).join(", ");
  progress.warn(`More snapshots of this resource are in no state, and cost money: ${list}`);
}
