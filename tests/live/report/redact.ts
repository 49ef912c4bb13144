import { redact } from "../../../client/redact";
import { isObject, textOf } from "../json";
import type { Exchange } from "../observer/exchange";

/** Fields whose values say how the API speaks, and nothing about the account. */
const SHOWN = new Set([
  "status",
  "powerstatus",
  "size",
  "disksize",
  "storage",
  "created_at",
  "createdate",
  "message",
  "long_message",
  "code",
  "total",
  "totalpages",
  "currentpage",
  "process",
  "action",
  "resource_type",
  "rcode",
  "product",
]);
/** Shorter values are words that anything may contain. */
const SHORTEST = 3;
const SHORTEST_NUMBER = 4;
const ADDRESS =
  /\b\d{1,3}(\.\d{1,3}){3}\b|[0-9a-f]{1,4}(:[0-9a-f]{1,4})*::[0-9a-f:]*|([0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}/gi;
const EMAIL = /[\w.+-]+@[\w-]+(\.[\w-]+)+/g;
const LONG_NUMBER = /\b\d{4,}\b/g;
const WALL_TIME = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?$/;

/** Takes everything that belongs to the account out of what a report says. */
export class Redactor {
  private readonly secrets: string[];

  constructor(
    private readonly token: string,
    exchanges: readonly Exchange[],
    more: readonly string[],
  ) {
    const collected: Collected = { values: new Set(), fields: new Set() };
    for (const { sent, answer } of exchanges) {
      collect(answer?.json, collected);
      collect(sent, collected);
    }
    // A value that is also a field's name ("cloud") is a word of the API's.
    const values = [...collected.values].filter(
      (value) => isRevealing(value) && !collected.fields.has(value.toLowerCase()),
    );
    this.secrets = [...new Set([...values, ...more])].sort((a, b) => b.length - a.length);
  }

  /** Text that an answer had a part in. */
  text(value: string): string {
    let clean = redact(value, this.token);
    for (const secret of this.secrets) clean = replaceWord(clean, secret);
    clean = clean.replace(EMAIL, "<email>").replace(ADDRESS, "<address>");
    return WALL_TIME.test(clean) ? clean : clean.replace(LONG_NUMBER, "<number>");
  }

  /** The shape of an answer: its fields, and the values of those that show how the API writes. */
  shape(value: unknown): unknown {
    if (Array.isArray(value)) {
      const [first] = value;
      return value.length === 0
        ? []
        : [this.shape(first), ...(value.length > 1 ? [`… ${value.length} in all`] : [])];
    }
    if (!isObject(value)) return placeholder(value);
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        this.text(key),
        SHOWN.has(key) ? this.shown(inner) : this.shape(inner),
      ]),
    );
  }

  private shown(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    return typeof value === "number" && value < 1000 ? value : this.shape(value);
  }
}

function placeholder(value: unknown): unknown {
  if (value === null || typeof value === "boolean") return value;
  return value === "" ? "" : `<${typeof value}>`;
}

interface Collected {
  values: Set<string>;
  fields: Set<string>;
}

/** Gathers the values of all fields except those that may be shown. */
function collect(value: unknown, into: Collected, key = ""): void {
  if (Array.isArray(value)) for (const one of value) collect(one, into, key);
  else if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      into.fields.add(name.toLowerCase());
      collect(inner, into, name);
    }
  } else if (!SHOWN.has(key)) {
    const text = textOf(value)?.trim();
    if (text !== undefined) into.values.add(text);
  }
}

function isRevealing(value: string): boolean {
  return value.length >= (/^[\d.]+$/.test(value) ? SHORTEST_NUMBER : SHORTEST);
}

/** Replaces where it stands alone, so that an id does not tear a longer number and a name no longer word. */
function replaceWord(text: string, secret: string): string {
  if (!text.includes(secret)) return text;
  const pattern = secret.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.replace(new RegExp(`(?<![A-Za-z0-9])${pattern}(?![A-Za-z0-9])`, "g"), "<redacted>");
}
