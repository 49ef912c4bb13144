const MARK = "[redacted]";
const QUOTE_LIMIT = 300;
// Shorter pieces of base64 would hit innocent text.
const MIN_ENCODED_LENGTH = 8;
// So would a slip of the keyboard that was given for a token, and it opens nothing.
const MIN_TOKEN_LENGTH = 4;

/**
 * Replaces the token wherever it stands in `text`: plain, URL-encoded, as JSON escapes it, and in
 * base64 (both alphabets), also where it was encoded together with other text.
 */
export function redact(text: string, token: string): string {
  if (token.length < MIN_TOKEN_LENGTH) return text;
  return spellings(token).reduce((result, spelling) => result.split(spelling).join(MARK), text);
}

function spellings(token: string): string[] {
  const encoded = encodeURIComponent(token);
  const all = [
    token,
    encoded,
    encoded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    JSON.stringify(token).slice(1, -1),
    token.replaceAll("/", "\\/"),
    ...base64Spellings(token),
  ];
  // Longest first, so that no spelling leaves the rest of a longer one behind.
  return [...new Set(all)].sort((a, b) => b.length - a.length);
}

function base64Spellings(token: string): string[] {
  const whole = [Buffer.from(token).toString("base64"), Buffer.from(token).toString("base64url")];
  const inside = [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(token)]);
    // Only characters that are made of the token's bits alone are the same whatever stands around it.
    const from = Math.ceil((offset * 8) / 6);
    const to = Math.floor((bytes.length * 8) / 6);
    return [bytes.toString("base64").slice(from, to), bytes.toString("base64url").slice(from, to)];
  });
  return [...whole, ...inside].filter((spelling) => spelling.length >= MIN_ENCODED_LENGTH);
}

// Answers about servers carry passwords (password, root_password, consolepassword); half a body may end inside one.
const PASSWORD = /("[\w-]*password[\w-]*"\s*:\s*)("(?:[^"\\]|\\.)*("|\\?$)|[^",}\s]+)/gi;

const MARKUP = /<(?:!doctype|html|head|title|body|center|h[1-6]|div|p|pre|br)\b/i;
// What a page is called says in a line what its markup says in many.
const TITLE = /<(?:title|h1)(?:\s[^<>]*)?>([^<]*[^<\s][^<]*)</i;
const UNSHOWN = /^(?:script|style)\b/i;
const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", "#39": "'" };

/** A web page as a plain line: its title, else what a reader would see of it. Other text as it is. */
function withoutMarkup(text: string): string {
  if (!MARKUP.test(text.slice(0, 1000))) return text;
  const shown = text.split(/<(?=\/?(?:script|style)\b)/i).filter((part) => !UNSHOWN.test(part));
  const line = TITLE.exec(text)?.[1] ?? shown.join("<").replace(/<[^<>]*>/g, " ");
  return line.replace(/&(#?\w+);/g, (_all, name) => ENTITIES[name] ?? " ");
}

/** Makes text of an answer fit to be quoted in a message: no token, no password, one plain line, at most 300 characters. */
export function quote(text: string, token: string): string {
  const redacted = redact(text, token);
  const shown = withoutMarkup(redacted);
  // A token may look like markup, or be spelled with entities, so in a page it is looked for before and after.
  const safe = shown === redacted ? redacted : redact(shown, token);
  const clean = safe.replace(PASSWORD, `$1"${MARK}"`);
  const line = clean.replace(/[\s\p{Cc}\uFFFD\uFEFF]+/gu, " ").trim();
  // Cutting can not reveal anything: what must go is gone by now.
  return line.length > QUOTE_LIMIT ? `${line.slice(0, QUOTE_LIMIT - 1)}…` : line;
}
