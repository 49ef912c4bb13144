import { ProviderFailure } from "./failure";

/** The two halves of a Snapshot's resource id. */
export interface SnapshotAddress {
  cloudId: string;
  snapshotId: string;
}

/** `<cloudId>/<snapshotId>`: a text that a user can read in Utho's console and give back. */
export function formatSnapshotId(address: SnapshotAddress): string {
  return `${address.cloudId}/${address.snapshotId}`;
}

export function parseSnapshotId(id: string): SnapshotAddress {
  const match = /^(\d{1,20})\/(\d{1,20})$/.exec(id.trim());
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new ProviderFailure({
      code: "UTHO_ID_FORMAT",
      attempted: `read the snapshot id "${id}"`,
      because: "it is not of the form <cloudId>/<snapshotId>, two numbers with a slash between them.",
      kept: "nothing was touched.",
      next: 'give the id as Snapshot.id shows it, for example "1001/9001"; `getSnapshots` lists what there is.',
    });
  }
  return { cloudId: match[1], snapshotId: match[2] };
}
