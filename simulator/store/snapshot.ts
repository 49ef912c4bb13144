export interface SnapshotRecord {
  id: string;
  cloudId: string;
  name: string;
  /** Slug of the data centre that keeps it: its server's. */
  zone: string;
  image: string;
  sizeGb: number;
  storage: string;
  note: string;
  /** The server's disk contents at the moment of creation. */
  contents: string;
  createdAt: number;
  /** When it came to be in the simulator, for listings that lag; `-Infinity` for what was there from the start. */
  knownSince: number;
  state: "pending" | "active" | "failed";
  /** A status word set from outside; wins over the computed one. */
  statusOverride?: string;
  formerName?: { name: string; until: number };
  deletedAt?: number;
}
