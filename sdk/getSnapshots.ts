import type * as pulumi from "@pulumi/pulumi";
import type { LookupFilters, SnapshotInfo } from "../provider/lookup/types";
import { type LookupInputs, lookUp, lookUpOutput } from "./lookup";
import { noteAnswered } from "./run";

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
 * Errors: `UTHO_LOOKUP_FILTER` (a filter is unknown or cannot be read), `UTHO_LOOKUP_PROVIDER` (the given
 * provider cannot be used), and those of the API, such as `UTHO_AUTH`.
 *
 * @param args filters, which narrow one after the other; without any all Active ones are found
 * @param opts `provider`, or a `parent` that has one: the account to ask; without either, the stack's
 */
export async function getSnapshots(
  args: GetSnapshotsArgs = {},
  opts: pulumi.InvokeOptions = {},
): Promise<GetSnapshotsResult> {
  const token = "utho:index:getSnapshots";
  const found = await lookUp(token, args, opts, async ({ lookups, runtime, maxAgeMs }) => ({
    snapshots: await lookups.findSnapshots(runtime, args, maxAgeMs),
  }));
  // A test's own mocks may answer anything.
  noteAnswered(found?.snapshots ?? []);
  return found;
}

/**
 * {@link getSnapshots} for inputs that may not be known yet; it asks when the resources that they come from are made.
 *
 * @param args filters, which narrow one after the other
 * @param opts `dependsOn`, and as in {@link getSnapshots}
 */
export function getSnapshotsOutput(
  args: GetSnapshotsOutputArgs = {},
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetSnapshotsResult> {
  return lookUpOutput("utho:index:getSnapshots", args, opts, getSnapshots);
}

/**
 * Finds the one snapshot that passes every filter.
 *
 * Errors: `UTHO_LOOKUP_NONE` and `UTHO_LOOKUP_MANY`, which say how many were left after each filter (set
 * `mostRecent: true` for the newest of several), `UTHO_LOOKUP_FILTER`, and those of the API.
 *
 * @param args filters, which narrow one after the other; one must be left
 * @param opts `provider`, or a `parent` that has one: the account to ask; without either, the stack's
 */
export async function getSnapshot(
  args: GetSnapshotsArgs,
  opts: pulumi.InvokeOptions = {},
): Promise<SnapshotInfo> {
  const found = await lookUp("utho:index:getSnapshot", args, opts, ({ lookups, runtime, maxAgeMs }) =>
    lookups.findSnapshot(runtime, args, maxAgeMs),
  );
  noteAnswered(found === undefined ? [] : [found]);
  return found;
}

/**
 * {@link getSnapshot} for inputs that may not be known yet; it asks when the resources that they come from are made.
 *
 * @param args filters, which narrow one after the other; one must be left
 * @param opts `dependsOn`, and as in {@link getSnapshots}
 */
export function getSnapshotOutput(
  args: GetSnapshotsOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<SnapshotInfo> {
  return lookUpOutput("utho:index:getSnapshot", args, opts, getSnapshot);
}
