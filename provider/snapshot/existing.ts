import type { Snapshot } from "../../client";
import { UthoError } from "../../client/errors";
import { ProviderFailure } from "../failure";
import { judgeNamesakes } from "../utho/find";
import { formatSnapshotId } from "../utho/names";
import type { Operation } from "../utho/runtime";
import { isFailure } from "../utho/status";
import { pollFreshness, type SnapshotsById } from "../utho/turn";

/** The existing snapshot that the program names by `adoptId`; refused where it is not this server's, or not usable. */
export async function findAdopted(
  operation: Operation,
  adoptId: string,
  /** What is there for sure. */
  present: SnapshotsById,
): Promise<Snapshot> {
  const { cloudId } = operation;
  const id = formatSnapshotId({ cloudId, snapshotId: adoptId });
  const snapshot = present.get(adoptId);
  const attempted = `take over snapshot ${id}`;
  if (snapshot === undefined) {
    const listing = await operation.account.listing.account(pollFreshness(operation, 0), cloudId);
    const owner = listing.byId.get(adoptId)?.cloudId;
    if (owner !== undefined) throw ofAnotherServer(id, owner, attempted);
    throw new ProviderFailure({
      code: "UTHO_SNAPSHOT_NOT_FOUND",
      attempted,
      because: `server ${cloudId} has no snapshot ${adoptId}; it may have been deleted.`,
      kept: "nothing was made or changed.",
      next: `list the existing ones with getSnapshots({ cloudId: "${cloudId}" }), or leave adoptId out to take a new one.`,
    });
  }
  if (isFailure(snapshot.status)) {
    throw new ProviderFailure({
      code: "UTHO_SNAPSHOT_FAILED",
      attempted,
      because: `its status is "${snapshot.status}", so it holds no usable data.`,
      kept: "nothing was made or changed.",
      next: "leave adoptId out to take a new one.",
    });
  }
  return snapshot;
}

function ofAnotherServer(id: string, owner: string, attempted: string): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_INPUT_ADOPT_ID",
    attempted,
    because: `that snapshot belongs to server ${owner}.`,
    kept: "nothing was made or changed.",
    next: `set cloudId: "${owner}", or adopt a snapshot of the server you named; ${id} does not exist.`,
  });
}

/**
 * Looks once more, when the snapshot is ready, whether another new one has its name. Listings may lag, so that the
 * first one seen need not be ours: two programs that give one exact name at the same moment must not both stand for
 * the same snapshot. Costs no call where the wait has just read the listing, and fails nothing where it cannot.
 */
export async function lookForNamesakes(
  operation: Operation,
  before: ReadonlySet<string>,
  found: Snapshot,
): Promise<void> {
  const { account, cloudId } = operation;
  const own = await account.listing.polled(cloudId, 0, account.settings.pollInterval).then(
    (listing) => listing.of(cloudId),
    (error: unknown) => {
      if (error instanceof UthoError) return [];
      throw error;
    },
  );
  const others = own.filter(({ id, name }) => name === found.name && id !== found.id && !before.has(id));
  if (others.length > 0) judgeNamesakes(operation, found, found, others);
}
