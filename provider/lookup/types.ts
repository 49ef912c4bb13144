/** Filters that all look-ups share. They narrow one after the other, in this order. */
export interface LookupFilters {
  /** Id of a server, a number such as "1001". */
  cloudId?: string;
  /** Exact name: a snapshot's name, a server's hostname. */
  name?: string;
  /** JavaScript regular expression, without slashes, that the name must match somewhere. */
  nameRegex?: string;
  /**
   * Status word or words, compared without regard to case; `"any"` for all.
   * @default `"Active"` for snapshots, `"any"` for servers
   */
  status?: string | string[];
  /** Only what was created after this moment, ISO 8601. */
  createdAfter?: string;
  /** Only what was created before this moment, ISO 8601. */
  createdBefore?: string;
  /**
   * Only the newest of what is left.
   * @default false
   */
  mostRecent?: boolean;
}

/** One snapshot, as a look-up tells it. */
export interface SnapshotInfo {
  /** `<cloudId>/<snapshotId>`, as `Snapshot.get` takes it. */
  id: string;
  snapshotId: string;
  cloudId: string;
  name: string;
  /** Utho's word; `Active` is usable. `Unknown` where Utho offers no listing that tells. */
  status: string;
  /** Stored size in GB. */
  sizeGb?: number;
  storage?: string;
  /** ISO 8601 in UTC. */
  createdAt?: string;
  /** INR a month. */
  monthlyCost?: number;
}

/** One server, as a look-up tells it. */
export interface ServerInfo {
  cloudId: string;
  hostname: string;
  /** Utho's word: Active, Pending or Stopped. */
  status?: string;
  /** Running or Stopped. */
  powerStatus?: string;
  ip?: string;
  diskSizeGb?: number;
  location?: string;
  /** The data centre's slug, as Utho's deploy call takes it. */
  dcslug?: string;
  /** ISO 8601 in UTC. */
  createdAt?: string;
  /** What a snapshot of the whole disk costs a month at most, in INR. */
  snapshotMonthlyCost?: number;
}
