import type { Snapshot } from "../../client";
import { UthoError } from "../../client/errors";
import { judgeNamesakes } from "../utho/discover";
import type { Operation } from "../utho/turn";

/**
 * Looks once more, when the snapshot is ready, whether another new one bears its name. Listings may lag, so that the
 * first one seen need not be ours: two programs that give one exact name at the same moment must not both stand for
 * the same snapshot. Costs no call where the wait has just read the listing, and fails nothing where it cannot.
 */
export async function lookForNamesakes(
  operation: Operation,
  before: ReadonlySet<string>,
  found: Snapshot,
): Promise<void> {
  const others = (await listed(operation)).filter(
    ({ id, name }) => name === found.name && id !== found.id && !before.has(id),
  );
  if (others.length > 0) judgeNamesakes(operation, found, found, others);
}

async function listed({ account, cloudId }: Operation): Promise<Snapshot[]> {
  try {
    const { byId } = await account.listing.polled(cloudId, 0, account.settings.pollInterval);
    return [...byId.values()].filter((one) => one.cloudId === cloudId);
  } catch (error) {
    if (error instanceof UthoError) return [];
    throw error;
  }
}
