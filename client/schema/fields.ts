import * as v from "valibot";
import type { Status } from "../status";
import { parseWallTime } from "../walltime";
import { parseSizeGb, parseSizeMb } from "./size";

/** An id: text or number in Utho's answers, text everywhere else. Without a usable one the answer is refused. */
export const id = v.pipe(v.unknown(), v.transform(readId), v.string());

/** A field that tolerates everything: missing, null and unreadable all become undefined. */
function tolerant<T>(read: (value: unknown) => T | undefined) {
  return v.optional(v.pipe(v.unknown(), v.transform(read)));
}

export const optionalId = tolerant((value) => {
  const read = readId(value);
  // Zero stands for "none" where ids count from one.
  return read === "0" ? undefined : read;
});
export const text = tolerant(readText);
/** Text, a number, or true and false as words. */
export const word = tolerant((value) => (typeof value === "boolean" ? String(value) : readText(value)));
export const number = tolerant(readNumber);
export const sizeGb = tolerant(parseSizeGb);
export const sizeMb = tolerant(parseSizeMb);
export const wallTime = tolerant(parseWallTime);

/** A status word, by what it says. */
export function statusBy<Is extends string>(read: (word: string) => Status<Is>) {
  return tolerant((value) => {
    const word = readText(value);
    return word === undefined ? undefined : read(word);
  });
}

/** Gives undefined for anything that is no id, such as a number too large to be exact. */
export function readId(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined;
  if (typeof value !== "string") return undefined;
  const trimmed = value.trim();
  return trimmed === "" ? undefined : trimmed;
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
