import type { PowerState } from "./operation";

export interface ServerRecord {
  cloudId: string;
  hostname: string;
  /** Slug of its data centre. */
  zone: string;
  planId: string;
  image: string;
  diskGb: number;
  cpu: number;
  ramMb: number;
  /** INR a month. */
  monthlyCost: number;
  ip: string;
  rootPassword: string;
  createdAt: number;
  /** When `GET /cloud` begins to show it; `-Infinity` for what was there from the start. */
  knownSince: number;
  /** Stands for everything on the disk: snapshots copy it, restores write it back. */
  contents: string;
  power: PowerState;
  deployment: "underway" | "done" | "failed";
  /** From when it is Active although it is still being imaged, switched off, and about to start by itself. */
  imagedFrom?: number;
  /** A status word set from outside; wins over the computed one. */
  statusOverride?: string;
}
