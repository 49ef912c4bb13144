/** One request to Utho and what came back. */
export interface Exchange {
  /** Who asked: the provider under test, or the kit. */
  by: "provider" | "kit";
  method: string;
  /** Below the endpoint, with its query. */
  path: string;
  /** What the request carried, decoded. */
  sent: unknown;
  /** Milliseconds since 1970, by this machine's clock. */
  sentAt: number;
  answeredAt: number;
  /** undefined: no answer, or a broken one. */
  answer: ReadAnswer | undefined;
  /** The kit did not wait for the answer. */
  hungUp?: boolean;
  /** The kit asked with a wrong token. */
  wrongToken?: boolean;
}

/** An answer and what its bytes are. */
export interface ReadAnswer {
  status: number;
  contentType: string | undefined;
  retryAfter: string | undefined;
  /** Whether it points elsewhere. */
  redirects: boolean;
  kind: "json" | "empty" | "null" | "html" | "text";
  bytes: number;
  /** What stood before the JSON. */
  stray: string;
  json: unknown;
}

/** Reads bytes without any knowledge of what Utho should answer; the client under test has no part in it. */
export function readBytes(bytes: Buffer): Pick<ReadAnswer, "kind" | "bytes" | "stray" | "json"> {
  const text = bytes.toString("utf8");
  const size = { bytes: bytes.length };
  if (text.trim() === "") return { ...size, kind: "empty", stray: "", json: undefined };
  if (text.trim() === "null") return { ...size, kind: "null", stray: "", json: undefined };
  const start = text.search(/[{[]/);
  if (start >= 0) {
    try {
      const json: unknown = JSON.parse(text.slice(start));
      return { ...size, kind: "json", stray: text.slice(0, start), json };
    } catch {
      // Not JSON; the report says what it looks like.
    }
  }
  const kind = /<(!doctype|html|head|body)\b/i.test(text.slice(0, 1000)) ? "html" : "text";
  return { ...size, kind, stray: "", json: undefined };
}
