import type * as pulumi from "@pulumi/pulumi";
import type { LookupFilters, ServerInfo } from "../provider/lookup/types";
import { type LookupInputs, lookUp, lookUpOutput } from "./lookup";

/** Filters for servers; `name` and `nameRegex` look at the hostname. Servers of any status are found by default. */
export type GetServersArgs = LookupFilters;

/** The same with inputs that may not be known yet. */
export type GetServersOutputArgs = LookupInputs;

/** What {@link getServers} has found. */
export interface GetServersResult {
  /** One entry for each server that passed every filter; empty where none did. */
  servers: ServerInfo[];
}

/**
 * Lists the account's servers that pass every filter; an empty list is an answer.
 *
 * Errors: `UTHO_LOOKUP_FILTER` (a filter is unknown or cannot be read), `UTHO_LOOKUP_PROVIDER` (the given
 * provider cannot be used), and those of the API, such as `UTHO_AUTH`.
 *
 * @param args filters, which narrow one after the other; without any all are found
 * @param opts `provider`, or a `parent` that has one: the account to ask; without either, the stack's
 */
export function getServers(
  args: GetServersArgs = {},
  opts: pulumi.InvokeOptions = {},
): Promise<GetServersResult> {
  return lookUp("utho:index:getServers", args, opts, async ({ lookups, runtime }) => ({
    servers: await lookups.findServers(runtime, args),
  }));
}

/**
 * {@link getServers} for inputs that may not be known yet; it asks when the resources that they come from are made.
 *
 * @param args filters, which narrow one after the other
 * @param opts `dependsOn`, and as in {@link getServers}
 */
export function getServersOutput(
  args: GetServersOutputArgs = {},
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetServersResult> {
  return lookUpOutput("utho:index:getServers", args, opts, getServers);
}

/**
 * Finds the one server that passes every filter.
 *
 * Errors: `UTHO_LOOKUP_NONE` and `UTHO_LOOKUP_MANY`, which say how many were left after each filter,
 * `UTHO_LOOKUP_FILTER`, and those of the API.
 *
 * @param args filters, which narrow one after the other; one must be left
 * @param opts `provider`, or a `parent` that has one: the account to ask; without either, the stack's
 */
export function getServer(args: GetServersArgs, opts: pulumi.InvokeOptions = {}): Promise<ServerInfo> {
  return lookUp("utho:index:getServer", args, opts, ({ lookups, runtime }) =>
    lookups.findServer(runtime, args),
  );
}

/**
 * {@link getServer} for inputs that may not be known yet; it asks when the resources that they come from are made.
 *
 * @param args filters, which narrow one after the other; one must be left
 * @param opts `dependsOn`, and as in {@link getServers}
 */
export function getServerOutput(
  args: GetServersOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<ServerInfo> {
  return lookUpOutput("utho:index:getServer", args, opts, getServer);
}
