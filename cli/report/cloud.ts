import type { Server, Snapshot } from "../../client";
import { toFailure } from "../../provider/failure";
import { allSnapshots } from "../../provider/lookup/find";
import { zoneOf } from "../../provider/utho/facts";
import { locate } from "../../provider/utho/find";
import { formatSnapshotId, type SnapshotAddress, type SnapshotRef } from "../../provider/utho/names";
import type { ProviderRuntime } from "../../provider/utho/runtime";

/** What became of a snapshot that a state names. */
export type Sighting =
  | { seen: "there"; snapshot: Snapshot }
  | { seen: "gone" }
  /** It is unknown whether it exists, and why. */
  | { seen: "unknown"; reason: string };

/** The account, as Utho showed it at one moment. */
export interface Cloud {
  /** Milliseconds since the epoch. */
  askedAt: number;
  /** Zone of the cloud's clock, an IANA name. */
  zone: string;
  snapshots: readonly Snapshot[];
  servers: readonly Server[];
  /** By `<cloudId>/<snapshotId>`, of each snapshot that a state names. */
  sightings: ReadonlyMap<SnapshotRef, Sighting>;
}

/**
 * Asks Utho for all servers and all snapshots: one call each, and one more for the server of a snapshot that the
 * account's listing lacks. An unclear answer is an error, or "unknown" if it concerns only one snapshot.
 * @throws ProviderFailure
 */
export async function askCloud(runtime: ProviderRuntime, named: readonly SnapshotAddress[]): Promise<Cloud> {
  try {
    const account = await runtime.account();
    const askedAt = runtime.clock.now();
    const servers = await account.listing.servers(askedAt);
    const snapshots = await allSnapshots(account, askedAt, undefined);
    const sightings = new Map<SnapshotRef, Sighting>();
    for (const address of named) {
      // One after the other: most are answered by the listing, and the rest must not storm the API.
      sightings.set(formatSnapshotId(address), await sight(runtime, address, askedAt));
    }
    const zone = zoneOf(snapshots, account.settings.timeZone, askedAt);
    return { askedAt, zone, snapshots, servers, sightings };
  } catch (error) {
    throw toFailure(error, "ask Utho for the account's servers and snapshots");
  }
}

/** What is known of an account that cannot be asked: nothing of any snapshot that a state names. */
export function untoldCloud(named: readonly SnapshotAddress[], reason: string): Cloud {
  const sightings = new Map(
    named.map((address) => [formatSnapshotId(address), { seen: "unknown", reason }] as const),
  );
  return { askedAt: Date.now(), zone: "UTC", snapshots: [], servers: [], sightings };
}

/** Several accounts as one; Utho gives each server and each snapshot a number of its own. */
export function togetherOf(clouds: readonly Cloud[]): Cloud {
  const [first = untoldCloud([], ""), ...others] = clouds;
  const seen = new Set<string>();
  const once = <T>(items: readonly T[], id: (item: T) => string): T[] =>
    items.filter((item) => !seen.has(id(item)) && seen.add(id(item)));
  return {
    askedAt: Math.max(...[first, ...others].map(({ askedAt }) => askedAt)),
    zone: first.zone,
    snapshots: once(
      clouds.flatMap(({ snapshots }) => snapshots),
      ({ id }) => `snapshot ${id}`,
    ),
    servers: once(
      clouds.flatMap(({ servers }) => servers),
      ({ cloudId }) => `server ${cloudId}`,
    ),
    sightings: new Map(clouds.flatMap(({ sightings }) => [...sightings])),
  };
}

async function sight(runtime: ProviderRuntime, address: SnapshotAddress, since: number): Promise<Sighting> {
  try {
    const { snapshot } = await locate(await runtime.account(), address, since);
    return snapshot === undefined ? { seen: "gone" } : { seen: "there", snapshot };
  } catch (error) {
    const { code, story } = toFailure(error, `look for snapshot ${formatSnapshotId(address)}`);
    return { seen: "unknown", reason: `${code}: ${story.because}${story.said ? ` ${story.said}` : ""}` };
  }
}
