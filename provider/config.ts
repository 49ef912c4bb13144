import { ArgumentError } from "../client/errors";
import { DEFAULT_ENDPOINT, parseEndpoint } from "../client/options";
import { parseDuration } from "./duration";
import { ProviderFailure } from "./failure";

/** Where a configuration value comes from: the stack's value of a key such as "utho:token". */
export type ConfigSource = (key: string) => string | undefined;

/** The provider's configuration, checked. Times in milliseconds. */
export type Settings = ReturnType<typeof readSettings>;

/** Defaults, as a user would write them. docs/configuration.md lists the same. */
export const DEFAULTS = {
  endpoint: DEFAULT_ENDPOINT,
  pollInterval: "5s",
  requestTimeout: "30s",
  writeTimeout: "10m",
  maxRetries: "4",
  takeoverWindow: "1h",
  /** How long a snapshot may exist before it is listed: after a lost answer we look this long before asking again. */
  listingLag: "45s",
} as const;

/** Every key that the provider reads, with the environment variable that stands in for it where there is one. */
export const CONFIG_KEYS = {
  token: "UTHO_TOKEN",
  endpoint: "UTHO_ENDPOINT",
  pollInterval: undefined,
  requestTimeout: undefined,
  writeTimeout: undefined,
  maxRetries: undefined,
  takeoverWindow: undefined,
  listingLag: undefined,
  timeZone: undefined,
} as const;

/** The name of a setting, without `utho:`. */
export type Key = keyof typeof CONFIG_KEYS;

/** The variable of Utho's own tools, which is understood where ours is not set. */
const OTHER_VARIABLES: Partial<Record<Key, string>> = { token: "UTHO_API_KEY" };

/** What the environment says of a key such as "utho:token". */
export function environmentOf(key: string, env: NodeJS.ProcessEnv): string | undefined {
  const name = key.replace(/^utho:/, "");
  if (!isKey(name)) return undefined;
  const variables = [CONFIG_KEYS[name], OTHER_VARIABLES[name]];
  return variables.flatMap((one) => (one === undefined ? [] : (env[one] ?? [])))[0];
}

export function isKey(name: string): name is Key {
  return name in CONFIG_KEYS;
}

/** What a key was called before. The old name is understood where the new one is not given. */
const FORMER_NAMES: Partial<Record<Key, string>> = { takeoverWindow: "utho:adoptWindow" };

export const keysLookedAt: readonly string[] = [
  ...Object.keys(CONFIG_KEYS).map((key) => `utho:${key}`),
  ...Object.values(FORMER_NAMES),
];

/** What a configuration says of a setting, under its former name too. */
export function givenIn(stack: ConfigSource, key: Key): string | undefined {
  const former = FORMER_NAMES[key];
  return stack(`utho:${key}`) ?? (former === undefined ? undefined : stack(former));
}

/** Reads and checks the whole configuration. Stack configuration wins over the environment. */
export function readSettings(stack: ConfigSource, env: NodeJS.ProcessEnv) {
  const text = (key: Key): string | undefined => {
    const value = givenIn(stack, key) ?? environmentOf(key, env);
    return value === undefined || value.trim() === "" ? undefined : value.trim();
  };
  const duration = (key: keyof typeof DEFAULTS, least: number): number => {
    const value = text(key) ?? DEFAULTS[key];
    const ms = parseDuration(value);
    if (ms === undefined || ms < least) {
      throw invalid(
        key,
        value,
        `a duration${least > 0 ? " above 0" : ""}, such as ${DEFAULTS[key]} or 1h30m`,
      );
    }
    return ms;
  };
  return {
    token: readToken(text("token")),
    endpoint: readEndpoint(text("endpoint") ?? DEFAULTS.endpoint),
    pollInterval: duration("pollInterval", 1),
    requestTimeout: duration("requestTimeout", 1),
    writeTimeout: duration("writeTimeout", 1),
    maxRetries: readRetries(text("maxRetries") ?? DEFAULTS.maxRetries),
    takeoverWindow: duration("takeoverWindow", 0),
    listingLag: duration("listingLag", 0),
    timeZone: readTimeZone(text("timeZone")),
  };
}

/** Checks one value of an explicit provider, which has an account of its own: what is wrong with it, the stack cannot correct. */
export function checkOfProvider(name: string, key: Key, text: string): void {
  const alone: Record<string, string> = { "utho:token": "not-looked-at", [`utho:${key}`]: text };
  try {
    readSettings((wanted) => alone[wanted], {});
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    const attempted = `read \`${key}\` of the Provider "${name}"`;
    if (error.code === "UTHO_TOKEN_MISSING") throw missingToken(attempted);
    const next = `give another \`${key}\`, or leave it out for the stack's.`;
    throw new ProviderFailure({ ...error.story, attempted, next });
  }
}

/** What to say of each key that the stack gives under the name that it had before. */
export function formerNamesIn(stack: ConfigSource): string[] {
  return Object.entries(FORMER_NAMES).flatMap(([key, former]) => {
    if (stack(former) === undefined) return [];
    const current = `utho:${key}`;
    const remove = `\`pulumi config rm ${former}\``;
    const advice =
      stack(current) === undefined
        ? `Rename it with \`pulumi config set ${current} <the same value>\` and ${remove}.`
        : `Both are given, so ${former} is ignored; remove it with ${remove}.`;
    return [`The configuration value ${former} is now called ${current}. ${advice}`];
  });
}

/** A token goes into a header: only printable characters without spaces can be one. It is never quoted. */
function readToken(value: string | undefined): string {
  if (value === undefined) throw missingToken();
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw invalid(
      "token",
      "the given text",
      "a token as Utho's console shows it, without spaces or line breaks",
    );
  }
  return value;
}

/** @param ofProvider what was attempted for an explicit provider, which takes no token from elsewhere */
function missingToken(ofProvider?: string): ProviderFailure {
  const isOwn = ofProvider !== undefined;
  return new ProviderFailure({
    code: "UTHO_TOKEN_MISSING",
    attempted: ofProvider ?? "talk to Utho's API",
    because: isOwn
      ? "it is missing or blank, and the token of the stack is that of another account."
      : "no stack's configuration and no environment variable gives a token, or that of the Provider is blank.",
    kept: "nothing was touched.",
    next: `${isOwn ? "give the API token of its account." : SET_TOKEN} Utho's console makes tokens under API.`,
  });
}

const SET_TOKEN =
  "set the environment variable UTHO_TOKEN, or run `pulumi config set --secret utho:token <token>` in the stack's folder (commands of pulumi-utho read it with --stack).";

function readEndpoint(value: string): string {
  try {
    return parseEndpoint(value);
  } catch (error) {
    // The value is not quoted: it may hold a password, and people paste the token into the wrong setting.
    if (error instanceof ArgumentError) throw refused("endpoint", `${error.message}.`);
    throw error;
  }
}

function readRetries(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 0 || count > 20) {
    throw invalid("maxRetries", value, "a whole number from 0 to 20");
  }
  return count;
}

function readTimeZone(value: string | undefined): string | undefined {
  // The first use of Intl loads its tables: 8 ms beside Pulumi's packages, 25 ms without them.
  if (value === undefined) return undefined;
  try {
    // Not the client's own question: a program would load all that it knows of time.
    new Intl.DateTimeFormat("en", { timeZone: value });
    return value;
  } catch {
    throw invalid("timeZone", value, "an IANA time zone, such as Asia/Kolkata or UTC");
  }
}

function invalid(key: Key, value: string, wanted: string): ProviderFailure {
  return refused(key, `"${value}" cannot be used; wanted: ${wanted}.`);
}

function refused(key: Key, because: string): ProviderFailure {
  const variable = CONFIG_KEYS[key];
  const place = variable === undefined ? "" : ` (or the environment variable ${variable})`;
  return new ProviderFailure({
    code: "UTHO_CONFIG_INVALID",
    attempted: `read the configuration value utho:${key}${place}`,
    because,
    kept: "nothing was touched.",
    next: `run \`pulumi config set utho:${key} <value>\`, or \`pulumi config rm utho:${key}\` for the default; in a Provider, change its \`${key}\`.`,
  });
}
