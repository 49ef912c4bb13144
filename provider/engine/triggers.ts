import { createHash } from "node:crypto";

/** A digest of any JSON value, the same whatever the order of object keys; `undefined` for no triggers. */
export function digestTriggers(triggers: unknown): string | undefined {
  if (triggers === undefined || triggers === null) return undefined;
  return createHash("sha256")
    .update(JSON.stringify(sorted(triggers)))
    .digest("hex")
    .slice(0, 16);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, sorted(item)]);
}
