import { type Clock, UthoClient } from "../../client";
import type { Settings } from "../config";
import { Identity } from "./identity";
import { SharedListing } from "./listing";
import { PowerLedger } from "./powerledger";
import { ServerLocks } from "./serverlock";

/** What is shared by all resources of one plugin process, once it is configured. */
export interface Account {
  settings: Settings;
  client: UthoClient;
  listing: SharedListing;
  locks: ServerLocks;
  powerLedger: PowerLedger;
  identity: Identity;
}

/** Connects to the account that the settings name. No call is made yet. */
export function connectAccount(
  settings: Settings,
  clock: Clock,
  env: NodeJS.ProcessEnv,
  expected: ReadonlySet<string>,
): Account {
  const client = new UthoClient({
    token: settings.token,
    endpoint: settings.endpoint,
    requestTimeout: settings.requestTimeout,
    writeTimeout: settings.writeTimeout,
    maxRetries: settings.maxRetries,
    clock,
  });
  return {
    settings,
    client,
    listing: new SharedListing(client, clock),
    locks: new ServerLocks(),
    powerLedger: PowerLedger.ofThisMachine(env, settings.endpoint),
    identity: new Identity(client, expected),
  };
}
