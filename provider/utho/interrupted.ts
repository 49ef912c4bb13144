import type { Snapshot } from "../../client";
import { formatDuration } from "../duration";
import { isNamedFor, parseGeneratedName } from "./names";
import { isFailure } from "./status";
import type { Operation, SnapshotsById } from "./turn";

/** What the search for an interrupted run's snapshot must know. */
export interface TakeoverSearch {
  urn: string;
  /** What is there for sure. */
  present: SnapshotsById;
  /** Ids that this resource is known to have had: the one being replaced, and those before it. */
  own: ReadonlySet<string>;
}

/**
 * The snapshot that an interrupted run of this very resource left in the cloud and in no state: it bears our mark,
 * its name's own time lies within `utho:takeoverWindow`, and it is none that this resource is known to have had.
 * Of several the newest good one; the others are told, because they cost money.
 */
export function findInterrupted(operation: Operation, search: TakeoverSearch): Snapshot | undefined {
  const { takeoverWindow } = operation.account.settings;
  const now = operation.clock.now();
  const age = ({ name }: Snapshot): number =>
    now - (parseGeneratedName(name)?.takenAt ?? Number.NEGATIVE_INFINITY);
  const left = [...search.present.values()]
    .filter((snapshot) => isNamedFor(search.urn, snapshot.name) && !search.own.has(snapshot.id))
    .filter((snapshot) => Math.abs(age(snapshot)) < takeoverWindow)
    .sort((a, b) => Number(isFailure(a.status)) - Number(isFailure(b.status)) || age(a) - age(b));
  const [chosen, ...others] = left;
  if (chosen !== undefined) tell(operation, chosen, others, age(chosen));
  return chosen;
}

function tell(operation: Operation, chosen: Snapshot, others: readonly Snapshot[], age: number): void {
  const { cloudId, progress } = operation;
  progress.warn(
    `Took over snapshot ${cloudId}/${chosen.id} (${chosen.name}), which an interrupted run of this resource left ${formatDuration(Math.max(0, age))} ago; no second one was made. To force a new one: pulumi config set utho:takeoverWindow 0`,
  );
  if (others.length === 0) return;
  const list = others.map(({ id, name }) => `${cloudId}/${id} (${name})`).join(", ");
  progress.warn(
    `Interrupted runs of this resource left more snapshots, which no state knows and which cost money: ${list}`,
  );
}
