import { SECRET, SIGNATURE } from "../../provider/engine/values";

/** Properties with their encrypted ones opened, as far as they were decrypted. */
export interface Revealed {
  values: Record<string, unknown>;
  /** Names of properties that are secret, or hold a secret. */
  secrets: Set<string>;
  /** Those of them that are still encrypted; they are not among the values. */
  hidden: Set<string>;
}

/** Opens secrets that `pulumi stack export --show-secrets` has decrypted, and leaves out the others. */
export function reveal(properties: Readonly<Record<string, unknown>>): Revealed {
  const revealed: Revealed = { values: {}, secrets: new Set(), hidden: new Set() };
  for (const [name, value] of Object.entries(properties)) {
    const found = { secret: false, hidden: false };
    const opened = open(value, found);
    if (found.secret) revealed.secrets.add(name);
    if (found.hidden) revealed.hidden.add(name);
    if (opened !== undefined) revealed.values[name] = opened;
  }
  return revealed;
}

function open(value: unknown, found: { secret: boolean; hidden: boolean }): unknown {
  if (Array.isArray(value)) return value.map((item) => open(item, found));
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value && value[SIGNATURE] === SECRET) {
    found.secret = true;
    const plain =
      "plaintext" in value && typeof value.plaintext === "string" ? parse(value.plaintext) : undefined;
    if (plain === undefined) found.hidden = true;
    return plain;
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, open(inner, found)]));
}

function parse(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return value;
  } catch {
    return undefined;
  }
}
