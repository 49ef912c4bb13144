import type { Snapshot } from "../../client";
import { ProviderFailure } from "../failure";
import { parseGeneratedName } from "./names";
import { merged, type Operation, pollFreshness, type SnapshotsById } from "./turn";
import { watch } from "./watch";

/** What is looked for after a create call. */
export interface Wanted {
  name: string;
  /** Ids that were there before the call. */
  before: ReadonlySet<string>;
  /** When the call was made; older listings know nothing of it. */
  since: number;
}

/** Looks in the account's listing that come before the server itself is asked too, in case that listing lags. */
const PATIENT_LOOKS = 3;

/**
 * Finds the snapshot that a create call made, since the call tells no id: it was not there before, and it bears the
 * name. `undefined` if none appears until `until`.
 */
export async function discover(
  operation: Operation,
  wanted: Wanted,
  until: number,
): Promise<Snapshot | undefined> {
  let looks = 0;
  const outcome = await watch<Snapshot[]>(operation, `creating snapshot ${wanted.name}`, until, async () => {
    looks += 1;
    const newcomers = await newcomersOf(operation, wanted, looks > PATIENT_LOOKS);
    return newcomers.length > 0 ? { done: newcomers } : { waiting: "not listed yet" };
  });
  if ("timedOut" in outcome) return undefined;
  return choose(operation, wanted, outcome.done);
}

async function newcomersOf(operation: Operation, wanted: Wanted, alsoServer: boolean): Promise<Snapshot[]> {
  const { account, cloudId } = operation;
  const listing = await account.listing.polled(cloudId, wanted.since, account.settings.pollInterval);
  const found: SnapshotsById = new Map();
  const consider = (snapshot: Snapshot): void => {
    if (snapshot.name !== wanted.name || wanted.before.has(snapshot.id)) return;
    found.set(snapshot.id, merged(found.get(snapshot.id), snapshot));
  };
  for (const snapshot of listing.byId.values()) if (snapshot.cloudId === cloudId) consider(snapshot);
  if (found.size === 0 && (alsoServer || listing.source === "none" || listing.source === "servers")) {
    const server = await account.listing.server(cloudId, pollFreshness(operation, wanted.since));
    for (const snapshot of server?.snapshots ?? []) consider(snapshot);
  }
  return [...found.values()];
}

/**
 * A generated name is this run's alone, so a second snapshot that bears it is a repetition of our own call. An exact
 * name may have been given by somebody else at the same moment: then nobody can tell, and nobody should guess.
 */
export function choose(
  operation: Operation,
  wanted: Pick<Wanted, "name">,
  newcomers: readonly Snapshot[],
): Snapshot | undefined {
  const [first, ...others] = [...newcomers].sort(byAge);
  if (first === undefined || others.length === 0) return first;
  judgeNamesakes(operation, wanted, first, others);
  return first;
}

/** Utho counts its ids up. */
function byAge({ id: a }: Snapshot, { id: b }: Snapshot): number {
  return a.length - b.length || a.localeCompare(b);
}

/** Tells of snapshots that appeared beside `mine` under the same name; refuses to guess where the name is exact. */
export function judgeNamesakes(
  operation: Operation,
  wanted: Pick<Wanted, "name">,
  mine: Snapshot,
  others: readonly Snapshot[],
): void {
  const { cloudId, progress } = operation;
  const extra = others.map(({ id }) => id).join(", ");
  const count = others.length + 1;
  if (parseGeneratedName(wanted.name) === undefined) {
    throw new ProviderFailure({
      code: "UTHO_SNAPSHOT_AMBIGUOUS",
      attempted: `find the new snapshot "${wanted.name}" of server ${cloudId}`,
      because: `${count} snapshots of that name appeared at the same time (ids ${mine.id}, ${extra}), so somebody else gave the same name at the same moment, and Utho does not tell whose is whose.`,
      kept: "all of them exist; none is in this stack's state.",
      next: `choose one by its creation time in Utho's console and set adoptId: "<id>", or leave the name out: generated names never collide.`,
    });
  }
  progress.warn(
    `Utho made ${count} snapshots named ${wanted.name} on server ${cloudId}; this resource stands for ${mine.id}. Delete what you do not need: ${extra}.`,
  );
}
