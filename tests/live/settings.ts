import { resolve } from "node:path";
import { ArgumentError } from "../../client/errors";
import { DEFAULT_ENDPOINT, parseEndpoint } from "../../client/options";
import { parseDuration } from "../../provider/duration";

/** What a run needs to know. Times in milliseconds. */
export interface LiveSettings {
  token: string;
  endpoint: string;
  /** The server that the user gave up. */
  cloudId: string;
  /** What the user wrote to agree; it must equal the server's hostname. */
  confirmation: string | undefined;
  /** Whether the server's disk may be overwritten. */
  restore: boolean;
  /** Whether two more snapshots may be taken, to see what becomes of unusual names. */
  names: boolean;
  /** Whether one more may be asked for and hung up on, to see whether it is made. */
  hangUp: boolean;
  /** A token of the same account that may only read, to see how a write with it is refused. */
  readOnlyToken: string | undefined;
  /** Between two looks at the listings. */
  pollInterval: number;
  /** For one step at most. */
  patience: number;
  /** How long a snapshot that was asked for may stay out of all listings before cleanup stops looking. */
  grace: number;
  /** Folder of the reports. */
  reports: string;
}

/** Why nothing was done. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/** Reads the environment. @throws Refusal that names the variable and what it must hold */
export function readLiveSettings(env: NodeJS.ProcessEnv): LiveSettings {
  const text = (name: string): string | undefined => {
    const value = env[name]?.trim();
    return value === "" ? undefined : value;
  };
  const token = text("UTHO_TOKEN");
  if (token === undefined) {
    throw new Refusal("UTHO_TOKEN is not set: it must hold an API token of your Utho account.");
  }
  const cloudId = text("UTHO_LIVE_SERVER");
  if (cloudId === undefined) {
    throw new Refusal(
      "UTHO_LIVE_SERVER is not set: it must hold the id of a server that you can do without, a number such as 1234567.",
    );
  }
  if (!/^\d{1,20}$/.test(cloudId)) {
    throw new Refusal("UTHO_LIVE_SERVER must be the id of a server, digits only.");
  }
  const duration = (name: string, otherwise: string): number => {
    const ms = parseDuration(text(name) ?? otherwise);
    if (ms === undefined || ms <= 0) {
      throw new Refusal(`${name} must be a duration such as ${otherwise}.`);
    }
    return ms;
  };
  return {
    token,
    endpoint: readEndpoint(text("UTHO_ENDPOINT") ?? DEFAULT_ENDPOINT),
    cloudId,
    confirmation: text("UTHO_LIVE_CONFIRM"),
    restore: text("UTHO_LIVE_RESTORE") === "yes",
    names: text("UTHO_LIVE_NAMES") === "yes",
    hangUp: text("UTHO_LIVE_HANGUP") === "yes",
    readOnlyToken: text("UTHO_LIVE_READONLY_TOKEN"),
    pollInterval: duration("UTHO_LIVE_POLL", "5s"),
    patience: duration("UTHO_LIVE_PATIENCE", "40m"),
    grace: duration("UTHO_LIVE_GRACE", "3m"),
    reports: resolve(text("UTHO_LIVE_REPORTS") ?? resolve(process.cwd(), ".cache/live-reports")),
  };
}

function readEndpoint(text: string): string {
  try {
    return parseEndpoint(text);
  } catch (error) {
    if (error instanceof ArgumentError) throw new Refusal(`UTHO_ENDPOINT cannot be used: ${error.message}.`);
    throw error;
  }
}
