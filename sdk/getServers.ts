import * as pulumi from "@pulumi/pulumi";
import type { LookupFilters, ServerInfo } from "../provider/lookup/types";
import { type LookupInputs, lookUp } from "./lookup";
import { onceMade } from "./made";

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
 * Errors: `UTHO_LOOKUP_FILTER` (a filter cannot be read), and those of the API, such as `UTHO_AUTH`.
 *
 * @param args filters, which narrow one after the other; without any all are found
 */
export function getServers(args: GetServersArgs = {}): Promise<GetServersResult> {
  return lookUp("utho:index:getServers", args, async ({ lookups, runtime }) => ({
    servers: await lookups.findServers(runtime, args),
  }));
}

/**
 * {@link getServers} for inputs that may not be known yet; it asks when the resources that they come from are made.
 *
 * @param args filters, which narrow one after the other
 */
export function getServersOutput(args: GetServersOutputArgs = {}): pulumi.Output<GetServersResult> {
  return onceMade(pulumi.output(args)).apply((known) => getServers(known));
}

/**
 * Finds the one server that passes every filter.
 *
 * Errors: `UTHO_LOOKUP_NONE` and `UTHO_LOOKUP_MANY`, which tell how many were left after each filter,
 * `UTHO_LOOKUP_FILTER`, and those of the API.
 *
 * @param args filters, which narrow one after the other; one must be left
 */
export function getServer(args: GetServersArgs): Promise<ServerInfo> {
  return lookUp("utho:index:getServer", args, ({ lookups, runtime }) => lookups.findServer(runtime, args));
}

/**
 * {@link getServer} for inputs that may not be known yet; it asks when the resources that they come from are made.
 *
 * @param args filters, which narrow one after the other; one must be left
 */
export function getServerOutput(args: GetServersOutputArgs): pulumi.Output<ServerInfo> {
  return onceMade(pulumi.output(args)).apply((known) => getServer(known));
}
