import { BlockList, isIP } from "node:net";
import { ArgumentError, type UthoErrorCode } from "./errors";
import type { Method } from "./request";
import { type Clock, systemClock } from "./time";

/** What `onAttempt` gets after each attempt. Never holds the token or anything of an answer's body. */
export interface Attempt {
  /** The client's call, for example "snapshots.create". */
  operation: string;
  /** HTTP method. */
  method: Method;
  /** Path below the endpoint, with its query. */
  path: string;
  /** 1 for the first. */
  attempt: number;
  /** HTTP status, where an answer came. */
  status?: number;
  /** Milliseconds from sending to the end of the answer, or to the failure. */
  durationMs: number;
  /** The Date header of a good answer: the time by Utho's clock, to the second. */
  date?: string;
  /** "ok", or the code of the error that this attempt alone would end in. */
  outcome: "ok" | UthoErrorCode;
}

/** Options of `UthoClient`. */
export interface UthoClientOptions {
  /** API token, from Utho's console. Sent as `Authorization: Bearer …`, kept nowhere else. */
  token: string;
  /** @default DEFAULT_ENDPOINT, "https://api.utho.com/v2" */
  endpoint?: string | undefined;
  /** Milliseconds allowed for one attempt of a call that reads, the answer's body included. @default 30000 */
  requestTimeout?: number | undefined;
  /** The same for a call that changes something: Utho may answer it only when it is done. @default 600000 */
  writeTimeout?: number | undefined;
  /** Further attempts after the first. @default 4 */
  maxRetries?: number | undefined;
  /** Bytes of an answer, unpacked; a larger one is refused. @default 33554432 (32 MiB) */
  maxAnswerBytes?: number | undefined;
  /** Called after each attempt. What it throws is ignored. */
  onAttempt?: ((attempt: Attempt) => void) | undefined;
  /** @default systemClock */
  clock?: Clock | undefined;
  /** Jitter between attempts, from 0 up to 1. @default Math.random */
  random?: (() => number) | undefined;
  /** @default "pulumi-utho" */
  userAgent?: string | undefined;
}

/** Options after checking, with all defaults in place. */
export type Settings = {
  [K in Exclude<keyof UthoClientOptions, "onAttempt">]-?: Exclude<UthoClientOptions[K], undefined>;
} & Pick<UthoClientOptions, "onAttempt">;

/** Utho's public API, as its own Go client uses it. */
export const DEFAULT_ENDPOINT = "https://api.utho.com/v2";

const LOOPBACK_V4 = /^127\.\d+\.\d+\.\d+$/;

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || LOOPBACK_V4.test(hostname);
}

/**
 * Checks an API endpoint and gives it back in its normal form, without a slash at the end.
 *
 * Plain http is allowed to loopback only, because every request carries the token.
 * No message quotes the text: people paste tokens into the wrong setting.
 *
 * @throws ArgumentError where the text is no such URL
 */
export function parseEndpoint(text: string): string {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw new ArgumentError(`the endpoint is not a URL; give one such as ${DEFAULT_ENDPOINT}`, "endpoint");
  }
  if (url.username !== "" || url.password !== "") {
    throw new ArgumentError("the endpoint must not contain a user name or password; remove them", "endpoint");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new ArgumentError(
      `the endpoint must start with https://, for example ${DEFAULT_ENDPOINT}`,
      "endpoint",
    );
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new ArgumentError(
      `the endpoint would send the token unencrypted to ${url.hostname}; use https:// (plain http is allowed to localhost, 127.0.0.0/8 and [::1] only)`,
      "endpoint",
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw new ArgumentError("the endpoint must end with its path; remove what follows ? or #", "endpoint");
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

const MAX_TIMER_MS = 2 ** 31 - 1;
const PRINTABLE = /^[\x21-\x7e]+$/;
const PRINTABLE_OR_SPACE = /^[\x20-\x7e]+$/;

/**
 * Checks the options and fills in the defaults.
 *
 * @throws ArgumentError for the first option that cannot be used
 */
export function settle(options: UthoClientOptions): Settings {
  return {
    token: checkToken(options.token),
    endpoint: parseEndpoint(options.endpoint ?? DEFAULT_ENDPOINT),
    requestTimeout: whole("requestTimeout", options.requestTimeout ?? 30_000, 1, MAX_TIMER_MS),
    writeTimeout: whole("writeTimeout", options.writeTimeout ?? 600_000, 1, MAX_TIMER_MS),
    maxRetries: whole("maxRetries", options.maxRetries ?? 4, 0, 100),
    maxAnswerBytes: whole("maxAnswerBytes", options.maxAnswerBytes ?? 32 * 1024 * 1024, 1, 2 ** 30),
    userAgent: checkUserAgent(options.userAgent ?? "pulumi-utho"),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    onAttempt: options.onAttempt,
  };
}

function checkToken(token: unknown): string {
  if (typeof token !== "string" || token.trim() === "") {
    throw new ArgumentError(
      "the API token is missing; create one in Utho's console and give it as `token`",
      "token",
    );
  }
  if (!PRINTABLE.test(token)) {
    throw new ArgumentError(
      "the API token contains a space, a line break or another character that no token has; copy it again",
      "token",
    );
  }
  return token;
}

function checkUserAgent(text: string): string {
  if (PRINTABLE_OR_SPACE.test(text)) return text;
  throw new ArgumentError("userAgent must be printable ASCII on one line", "userAgent");
}

function whole(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new ArgumentError(`${name} must be a whole number from ${min} to ${max}, but it is ${value}`, name);
}

/** The variables that name a proxy for an https address, the first that is set wins. */
const VARIABLES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] as const;

/** The proxy that requests go through. */
export interface WebProxy {
  /** Without its user and password: "HTTPS_PROXY (proxy.example:3128)". */
  shown: string;
  /** Where to connect, with user and password; `undefined` where the variable holds no address of a web proxy. */
  url?: URL;
}

/** The proxy of requests to `endpoint`. `undefined`: none is configured, or NO_PROXY excepts the endpoint. */
export function proxyFor(endpoint: string, env: NodeJS.ProcessEnv): WebProxy | undefined {
  const target = new URL(endpoint);
  // Plain http goes to this machine only, and never through a proxy.
  if (target.protocol !== "https:" || isExcepted(target, env.no_proxy || env.NO_PROXY || ""))
    return undefined;
  for (const variable of VARIABLES) {
    const value = env[variable]?.trim() ?? "";
    if (value === "") continue;
    const url = addressOf(value);
    const place = url === undefined || url.host === "" ? "which is no address" : url.host;
    const usable = url !== undefined && url.host !== "" && /^https?:$/.test(url.protocol);
    return { shown: `${variable} (${place})`, ...(usable ? { url } : {}) };
  }
  return undefined;
}

/** Without a scheme it is an http proxy, as for curl. */
function addressOf(value: string): URL | undefined {
  try {
    return new URL(value.includes("://") ? value : `http://${value}`);
  } catch {
    return undefined;
  }
}

/** Names except their subdomains too; an entry may have a port, or be a range of addresses ("10.0.0.0/8"). */
function isExcepted({ hostname, port }: URL, exceptions: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*" || isInRange(host, entry)) return true;
      const [, name = entry, wanted] = /^(.*[^:]):(\d+)$/.exec(isIP(entry) === 6 ? "" : entry) ?? [];
      if (wanted !== undefined && wanted !== (port === "" ? "443" : port)) return false;
      const domain = name.replace(/^\[|\]$/g, "").replace(/^\*?\.?/, "");
      return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
    });
}

function isInRange(host: string, entry: string): boolean {
  const [, network = "", prefix = ""] = /^(.+)\/(\d+)$/.exec(entry) ?? [];
  const version = isIP(network);
  if (version === 0 || version !== isIP(host) || Number(prefix) > (version === 4 ? 32 : 128)) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  const range = new BlockList();
  range.addSubnet(network, Number(prefix), family);
  return range.check(host, family);
}
