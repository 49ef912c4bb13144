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
