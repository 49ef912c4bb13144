/** Filters that all look-ups share. They narrow one after the other, in this order. */
export interface LookupFilters {
  /** Id of a server, a number such as "1001". */
  cloudId?: string | undefined;
  /**
   * Status word or words, compared without regard to case; `"any"` for all.
   * @default `"Active"` for snapshots, `"any"` for servers
   */
  status?: string | string[] | undefined;
  /** Exact name: a snapshot's name, a server's hostname. */
  name?: string | undefined;
  /** JavaScript regular expression, without slashes, that the name must match somewhere. */
  nameRegex?: string | undefined;
  /** Only what was created after this moment, ISO 8601. */
  createdAfter?: string | undefined;
  /** Only what was created before this moment, ISO 8601. */
  createdBefore?: string | undefined;
  /**
   * Only the newest of what is left. The newest snapshot may be the safety snapshot of a restore; `nameRegex` chooses among others.
   * @default false
   */
  mostRecent?: boolean | undefined;
}

/** One snapshot, as a look-up returns it. */
export interface SnapshotInfo {
  /** `<cloudId>/<snapshotId>`, as `Snapshot.get` takes it. */
  id: string;
  /** Utho's number of the snapshot, such as `"5001"`; `adoptId` takes it. */
  snapshotId: string;
  /** Id of the server that it was taken of. */
  cloudId: string;
  /** Its name in Utho. */
  name: string;
  /** Utho's word; `Active` is usable. `Unknown` when no listing of Utho shows a status. */
  status: string;
  /** Stored size in GB. */
  sizeGb?: number;
  /** Utho's storage class, such as `general` or `ebs`; absent when no listing shows it. */
  storage?: string;
  /** ISO 8601 in UTC. */
  createdAt?: string;
  /** Utho's list price for a month, in `costCurrency`. */
  monthlyCost?: number;
  /** `"INR"`, also where the account is billed in another currency: Utho's list price is in rupees. */
  costCurrency?: string;
}

/** One server, as a look-up returns it. */
export interface ServerInfo {
  /** Utho's number of the server, such as `"1001"`. */
  cloudId: string;
  /** Its hostname. Utho does not promise that it is unique. */
  hostname: string;
  /** Utho's word: Active, Pending or Stopped. */
  status?: string;
  /** Running or Stopped. */
  powerStatus?: string;
  /** Its IP address, as Utho shows it. */
  ip?: string;
  /** Size of its disk in GB. */
  diskSizeGb?: number;
  /** Name of the place where it stands, such as "Delhi (Noida)". */
  location?: string;
  /** The data centre's slug, as Utho's deploy call takes it. */
  dcslug?: string;
  /** ISO 8601 in UTC. */
  createdAt?: string;
  /** What a snapshot of the whole disk costs a month at most, by the list price in INR. */
  snapshotMonthlyCost?: number;
}
