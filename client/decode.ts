import * as v from "valibot";
import type { Answer } from "./answer";
import { compact } from "./compact";
import { toError, type UthoError } from "./errors";
import type { CloudId, SnapshotId } from "./request";
import type { Status } from "./status";

/**
 * Reads an answer into its domain type.
 *
 * @throws UnexpectedResponseError where the shape is another; it names the place, never the value
 */
export function decode<T extends v.GenericSchema>(answer: Answer, schema: T): v.InferOutput<T> {
  const result = v.safeParse(schema, answer.json);
  if (result.success) return result.output;
  const place = v.getDotPath(result.issues[0]) ?? "the answer as a whole";
  throw unexpectedShape(answer, `${place} is missing or unusable`);
}

/** The error for an answer that is no refusal and yet not what the call promises. */
export function unexpectedShape(answer: Answer, what: string): UthoError {
  return toError(
    {
      kind: "unexpected",
      reason: "shape",
      what: `the answer has an unknown shape: ${what}`,
      effect: "unknown",
      status: answer.status,
      apiMessage: answer.message,
    },
    answer.request,
    answer.attempts,
  );
}

/** What Utho says to a request that changes something. */
export interface Acknowledgement {
  /**
   * False where HTTP says success but the body says nothing: empty, `null`, or without status and message.
   * Power and restore calls are known to answer so.
   */
  acknowledged: boolean;
  /** Utho's words. */
  message?: string;
}

/** Reads the acknowledgement of an answer that is no refusal. */
export function acknowledgementOf(answer: Answer): Acknowledgement {
  const { message, verdict } = answer;
  return compact({ acknowledged: verdict === "success" || message !== undefined, message });
}

/** An id: text or number in Utho's answers, text everywhere else. Without a usable one the answer is refused. */
export const id = v.pipe(v.unknown(), v.transform(readId), v.string());
/** Ids by what they are the number of, so that the compiler sees one in the place of another. */
export const cloudId: v.GenericSchema<unknown, CloudId> = id;
export const snapshotId: v.GenericSchema<unknown, SnapshotId> = id;

// Of the other fields what is missing, null or unreadable is left out. They are read in one step, without a schema for
// each, since a listing may have tens of thousands of rows.

/** A status word, by what it says. */
export function statusIn<Is extends string>(
  read: (word: string) => Status<Is>,
  value: unknown,
): Status<Is> | undefined {
  const word = readText(value);
  return word === undefined ? undefined : read(word);
}

/** Gives undefined for anything that is no id, such as a number too large to be exact. */
export function readId(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined;
  if (typeof value !== "string") return undefined;
  const trimmed = value.trim();
  return trimmed === "" ? undefined : trimmed;
}

/** The same where zero stands for "none", since ids count from one. */
export function readOptionalId(value: unknown): string | undefined {
  const read = readId(value);
  return read === "0" ? undefined : read;
}

/** Text as it is, so that names compare exactly; a number as its digits; empty text as missing. */
export function readText(value: unknown): string | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A number, or text that is one ("12.50", "1,200"). */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string") return undefined;
  const plain = value.trim().replace(/,(?=\d{3}(?:\D|$))/g, "");
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined;
}

const SIZE = /^(\d+(?:\.\d+)?|\.\d+)\s*([a-z]*)$/i;

/** Units as Utho writes them, and their longer and shorter forms; in bytes, by powers of 1024. */
const BYTES = new Map(
  [
    ["b", "byte", "bytes"],
    ["k", "kb", "kib"],
    ["m", "mb", "mib"],
    ["g", "gb", "gib"],
    ["t", "tb", "tib"],
  ].flatMap((names, power) => names.map((name): [string, number] => [name, 1024 ** power])),
);
const ALONE = { MB: 1024 ** 2, GB: 1024 ** 3 };

/**
 * Reads a size: "50GB", "50 GB", "0.5 TB". Undefined for anything else.
 * @param unit what a number alone means: GB of disks and snapshots, MB of a server's memory
 */
export function parseSize(value: unknown, unit: "GB" | "MB"): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) && value >= 0 ? value : undefined;
  if (typeof value !== "string") return undefined;
  const match = SIZE.exec(value.trim().replace(/,(?=\d{3}(?:\D|$))/g, ""));
  if (match === null) return undefined;
  const [, digits, name = ""] = match;
  const bytes = name === "" ? ALONE[unit] : BYTES.get(name.toLowerCase());
  return bytes === undefined ? undefined : (Number(digits) * bytes) / ALONE[unit];
}

/**
 * A list of items. PHP writes a list with gaps as an object with digits for keys, and that is read as the list it
 * is; so it is with an empty one that was made to be an object. One bad item makes the whole list unreadable: a
 * listing that loses an item looks like a vanished snapshot.
 *
 * @param ownKey a key by which a single item in place of the list is recognised
 */
export function listOf<T extends v.GenericSchema>(item: T, ownKey?: string) {
  return v.pipe(
    v.unknown(),
    v.transform((value) => asList(value, ownKey)),
    v.array(item),
  );
}

/**
 * A list that may be left out. Where there is nothing to list, Go writes `null` for it and PHP an empty text or
 * `false`; all three are read as null, which is not the same as left out.
 */
export function optionalListOf<T extends v.GenericSchema>(item: T, ownKey?: string) {
  return v.optional(
    v.pipe(
      v.unknown(),
      v.transform((value) => (value === "" || value === false ? null : value)),
      v.nullish(listOf(item, ownKey)),
    ),
  );
}

function asList(value: unknown, ownKey: string | undefined): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if (ownKey !== undefined && ownKey in value) return [value];
  const keys = Object.keys(value);
  return keys.every((key) => /^\d+$/.test(key)) ? Object.values(value) : value;
}
