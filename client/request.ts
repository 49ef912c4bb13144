import { ArgumentError } from "./errors";

declare const kind: unique symbol;

/** Text that names one kind of thing: any text may become it, but not the name of another kind of thing. */
export type NameOf<Kind extends string> = string & {
  /** Known to the compiler alone. */
  readonly [kind]?: Kind;
};

/** Utho's number of a server. */
export type CloudId = NameOf<"server">;

/** Utho's bare number of a snapshot. */
export type SnapshotId = NameOf<"snapshot">;

/** An id of Utho's: digits, as text or as a number. */
export type Id<Name extends string = string> = Name | number;

const DIGITS = /^\d{1,20}$/;

/**
 * Checks an id before it becomes part of a path.
 *
 * @param what how the id is called in the message, for example "cloudId"
 * @throws ArgumentError where it is anything but digits
 */
export function parseId(value: Id, what: string, operation: string): string {
  const text = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text === "string" && DIGITS.test(text)) return text;
  throw new ArgumentError(
    `${operation}: ${what} must be a number as Utho shows it (digits only), but it is ${describe(value)}`,
    operation,
  );
}

function describe(value: unknown): string {
  if (value === "") return "empty";
  if (typeof value === "string" || typeof value === "number")
    return JSON.stringify(String(value).slice(0, 60));
  return value === null ? "null" : `of type ${typeof value}`;
}

/** Methods that Utho's API uses. */
export type Method = "GET" | "POST" | "DELETE";

/** One request, before it knows of endpoint, token or attempts. */
export interface ApiRequest {
  /** The client's call it belongs to, for example "snapshots.create". */
  readonly operation: string;
  readonly method: Method;
  /** Path below the endpoint with its query; starts with a slash. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
}

/** What every call of the client takes last. */
export interface CallOptions {
  /** Aborting it ends the call with CancelledError. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for one attempt, where the client's own timeouts allow more. @default theirs */
  timeoutMs?: number | undefined;
  /** Called with the milliseconds that an attempt is held back, because Utho asked for fewer requests. */
  onHeld?: ((ms: number) => void) | undefined;
}

/**
 * Builds a path whose values cannot leave their segment: `path\`/cloud/${id}\``.
 * Ids are checked before already; this holds also if a check is forgotten.
 */
export function path(parts: TemplateStringsArray, ...values: string[]): string {
  return parts.reduce((text, part, index) => {
    const value = values[index - 1];
    return value === undefined ? text + part : `${text}${escapeSegment(value)}${part}`;
  }, "");
}

function escapeSegment(value: string): string {
  // encodeURIComponent keeps dots, and URL parsers resolve dot segments even when they are escaped.
  return value === "." || value === ".." ? "_" : encodeURIComponent(value);
}

/** Appends a query to a path. */
export function withQuery(base: string, query: Record<string, string | number>): string {
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return pairs.length === 0 ? base : `${base}?${pairs.join("&")}`;
}
