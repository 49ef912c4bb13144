import type { Snapshot } from "../../client";
import { grouped } from "../../client/compact";
import { formatSnapshotId } from "../../provider/utho/names";
import { type Owner, type Ownership, ownerOf, serverOf } from "../stack/ownership";
import type { StackState } from "../stack/state";
import type { Cloud } from "./cloud";
import type { PendingEntry } from "./model";

/** A run that had begun and did not end, with what it left. */
export interface Interruption {
  shown: PendingEntry;
  owner: Owner;
  left: readonly Snapshot[];
}

/** Operations that may leave something: reading and importing change nothing. */
const LEAVING = new Set(["creating", "updating", "deleting"]);

/** What interrupted runs left: snapshots that no state lists, with the generated name of what was begun. */
export function pendingOf(states: readonly StackState[], ownership: Ownership, cloud: Cloud): Interruption[] {
  const leftBy = grouped(cloud.snapshots, (snapshot) => {
    const claim = ownership.claimOn(snapshot);
    return claim?.by === "interrupted" ? claim.owner.urn : undefined;
  });
  return states.flatMap(({ stack, pending }) =>
    pending
      .filter(({ operation }) => LEAVING.has(operation))
      .map(({ operation, resource }): Interruption => {
        const { urn } = resource;
        const cloudId = serverOf(resource);
        const left = leftBy.get(urn) ?? [];
        const snapshotIds = left.map((one) =>
          formatSnapshotId({ cloudId: one.cloudId ?? cloudId ?? "", snapshotId: one.id }),
        );
        const shown = { stack, urn, operation, cloudId: cloudId ?? null, snapshotIds };
        return { shown, owner: ownerOf(stack, resource), left };
      }),
  );
}
