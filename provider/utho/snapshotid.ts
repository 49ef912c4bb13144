import type { Fail } from "../engine/inputs";
import { isUnknown } from "../engine/unknown";
import { ProviderFailure } from "../failure";

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

/** `<cloudId>/<snapshotId>`; a snapshot's number alone would not say which server is meant. */
export function checkSnapshotId(inputs: Record<string, unknown>, fail: Fail): void {
  const value = inputs.snapshotId;
  if (isUnknown(value)) return;
  if (typeof value === "string") inputs.snapshotId = value.trim();
  if (typeof value === "string" && /^\d{1,20}\/\d{1,20}$/.test(value.trim())) return;
  fail(
    "snapshotId",
    "UTHO_ID_FORMAT",
    `${JSON.stringify(value ?? null)} is not the id of a snapshot: wanted <cloudId>/<snapshotId>, such as "1001/9001", as Snapshot.id shows it`,
  );
}
