import * as pulumi from "@pulumi/pulumi";
import type { LookupFilters, SnapshotInfo } from "../provider/lookup/types";
import { type LookupInputs, lookUp } from "./lookup";
import { onceMade } from "./made";

/** Filters for snapshots. Only Active ones are found unless `status` says otherwise. */
export type GetSnapshotsArgs = LookupFilters;

/** The same with inputs that may not be known yet. */
export type GetSnapshotsOutputArgs = LookupInputs;

/** What {@link getSnapshots} has found. */
export interface GetSnapshotsResult {
  /** One entry for each snapshot that passed every filter; empty where none did. */
  snapshots: SnapshotInfo[];
}

/**
 * Lists the account's snapshots that pass every filter; an empty list is an answer.
 *
 * Errors: `UTHO_LOOKUP_FILTER` (a filter cannot be read), and those of the API, such as `UTHO_AUTH`.
 *
 * @param args filters, which narrow one after the other; without any all Active ones are found
 */
export function getSnapshots(args: GetSnapshotsArgs = {}): Promise<GetSnapshotsResult> {
  return lookUp("utho:index:getSnapshots", args, async ({ lookups, runtime, maxAgeMs }) => ({
    snapshots: await lookups.findSnapshots(runtime, args, maxAgeMs),
  }));
}

/**
 * {@link getSnapshots} for inputs that may not be known yet; it asks when the resources that they come from are made.
 *
 * @param args filters, which narrow one after the other
 */
export function getSnapshotsOutput(args: GetSnapshotsOutputArgs = {}): pulumi.Output<GetSnapshotsResult> {
  return onceMade(pulumi.output(args)).apply((known) => getSnapshots(known));
}

/**
 * Finds the one snapshot that passes every filter.
 *
 * Errors: `UTHO_LOOKUP_NONE` and `UTHO_LOOKUP_MANY`, which tell how many were left after each filter (set
 * `mostRecent: true` for the newest of several), `UTHO_LOOKUP_FILTER`, and those of the API.
 *
 * @param args filters, which narrow one after the other; one must be left
 */
export function getSnapshot(args: GetSnapshotsArgs): Promise<SnapshotInfo> {
  return lookUp("utho:index:getSnapshot", args, ({ lookups, runtime, maxAgeMs }) =>
    lookups.findSnapshot(runtime, args, maxAgeMs),
  );
}

/**
 * {@link getSnapshot} for inputs that may not be known yet; it asks when the resources that they come from are made.
 *
 * @param args filters, which narrow one after the other; one must be left
 */
export function getSnapshotOutput(args: GetSnapshotsOutputArgs): pulumi.Output<SnapshotInfo> {
  return onceMade(pulumi.output(args)).apply((known) => getSnapshot(known));
}
