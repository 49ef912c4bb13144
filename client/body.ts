import { isRecord } from "./compact";

/** What the bytes of an answer are. `text` is all of it. */
export type Body =
  | { kind: "empty" }
  | { kind: "json"; value: unknown }
  | { kind: "html"; text: string }
  /** Starts as JSON but ends early, or is garbled. */
  | { kind: "truncated"; text: string }
  | { kind: "text"; text: string };

/**
 * Reads the bytes of an answer. Utho puts stray bytes before the first { or [ at times, and answers power and
 * restore calls with nothing or with `null` (seen by third parties).
 *
 * Only the *first* bracket counts: the second one of half a body may open a complete list, which would
 * then look like a whole answer.
 */
export function readBody(bytes: Buffer): Body {
  const text = bytes.toString("utf8").replaceAll("\u0000", "").trim();
  if (text === "" || text === "null") return { kind: "empty" };
  const start = text.search(/[{[]/);
  if (start >= 0) {
    const parsed = parseJson(text.slice(start));
    if (parsed !== undefined) return { kind: "json", value: parsed.value };
  }
  if (looksLikeMarkup(text)) return { kind: "html", text };
  return { kind: start >= 0 ? "truncated" : "text", text };
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function looksLikeMarkup(text: string): boolean {
  return text.startsWith("<") || /<(!doctype|html|head|body)\b/i.test(text.slice(0, 1000));
}

/**
 * What the outer layer of a JSON answer says.
 * "unstated": neither status nor error, which Utho also uses for success.
 * "unclear": an undocumented status word.
 */
export interface Envelope {
  verdict: "success" | "refused" | "unstated" | "unclear";
  /** Everything the answer says in words, in one text. */
  message?: string | undefined;
  /** Its short words: the status, and codes of error entries such as "not_found". */
  codes: string[];
  /** An HTTP-like status (400 to 599) stated inside the body. */
  declaredStatus?: number | undefined;
}

const SUCCESS = new Set(["success", "ok", "true", "200"]);
const REFUSED = /^(error|errors|fail|failed|failure|false|invalid|denied|refused|unauthori[sz]ed|forbidden)$/;

/** Reads the envelope of a decoded answer. A bare list has none. */
export function readEnvelope(value: unknown): Envelope {
  if (!isRecord(value)) return { verdict: "unstated", codes: [] };
  const entries = errorEntries(value);
  const said = unique([...texts(value.message), ...entries.flatMap((entry) => entry.texts)]);
  const message = said.length === 0 ? undefined : said.join("; ");
  const codes = [
    ...shortWords(value.status),
    ...shortWords(value.code),
    ...entries.flatMap((entry) => entry.codes),
  ];
  const declaredStatus = codes.map(asErrorStatus).find((status) => status !== undefined);
  const hasErrors = entries.length > 0 || value.error === true;
  return { verdict: verdictOf(value.status, hasErrors, declaredStatus), message, codes, declaredStatus };
}

function verdictOf(status: unknown, hasErrors: boolean, declared: number | undefined): Envelope["verdict"] {
  const word = shortWords(status)[0]?.toLowerCase();
  if (word !== undefined && SUCCESS.has(word)) return "success";
  if (hasErrors || (word !== undefined && REFUSED.test(word))) return "refused";
  if (word === undefined) return declared === undefined ? "unstated" : "refused";
  return asErrorStatus(status) === undefined ? "unclear" : "refused";
}

interface ErrorEntry {
  texts: string[];
  codes: string[];
}

/** `errors` is a list of `{message, long_message, code}`; frameworks also send a map of lists, or one `error`. */
function errorEntries(value: Readonly<Record<string, unknown>>): ErrorEntry[] {
  const list = [value.errors, value.error].flatMap((errors) =>
    isRecord(errors) && !isEntry(errors) ? Object.values(errors) : errors,
  );
  return list.flat().flatMap((entry) => {
    const read = isRecord(entry)
      ? {
          texts: unique([...texts(entry.message), ...texts(entry.long_message)]),
          codes: shortWords(entry.code),
        }
      : { texts: typeof entry === "string" ? texts(entry) : [], codes: [] };
    return read.texts.length + read.codes.length > 0 ? [read] : [];
  });
}

function isEntry(value: Readonly<Record<string, unknown>>): boolean {
  return "message" in value || "long_message" in value || "code" in value;
}

function asErrorStatus(value: unknown): number | undefined {
  const status = typeof value === "string" && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === "number" && Number.isInteger(status) && status >= 400 && status <= 599
    ? status
    : undefined;
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return value.trim() === "" ? [] : [value.trim()];
  if (typeof value === "number") return [String(value)];
  if (Array.isArray(value)) return value.flatMap(texts);
  return isRecord(value) ? Object.values(value).flatMap(texts) : [];
}

function shortWords(value: unknown): string[] {
  return typeof value === "boolean"
    ? [String(value)]
    : Array.isArray(value) || isRecord(value)
      ? []
      : texts(value);
}

function unique(parts: string[]): string[] {
  return [...new Set(parts)];
}
