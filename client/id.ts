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
