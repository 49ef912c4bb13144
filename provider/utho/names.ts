import { createHash } from "node:crypto";

/**
 * Generated names: `<stack>-<logical name>-<UTC time>-<6 hex>`, for example
 * `prod-web-20261122T212051Z-a1b2c3`. They can be read in Utho's console, and they are how a run recognises what an
 * interrupted run of the same resource left behind, since Utho knows no tags and its create call returns no id.
 */
export interface GeneratedName {
  /** Milliseconds since the epoch, by the clock of the machine that made the name. */
  takenAt: number;
  /** Six hex digits that stand for the resource, see {@link markFor}. */
  mark: string;
  /** `<stack>-<logical name>`, cleaned. */
  label: string;
}

/** Utho documents no limit; 255 is what the fields of such an API hold, and no console shows more. */
export const LONGEST_NAME = 255;
/** With time and mark a name then fits into 128 characters, the shortest limit that such an API is likely to have. */
export const LONGEST_LABEL = 80;

const GENERATED = /^(.+)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-([0-9a-f]{6})$/;

/** A name for the resource with this URN. */
export function generateName(urn: string, now: number, mark: string = markOf(urn)): string {
  return formatGeneratedName({ label: labelOf(urn), takenAt: now, mark });
}

/** The name that has these parts; its time is cut to the second. */
export function formatGeneratedName({ label, takenAt, mark }: GeneratedName): string {
  const time = new Date(takenAt)
    .toISOString()
    .replace(/[-:]/g, "")
    .replace(/\.\d+Z$/, "Z");
  return `${label}-${time}-${mark}`;
}

/** The parts of a generated name; `undefined` if the name is none. */
export function parseGeneratedName(name: string): GeneratedName | undefined {
  const [, label, year, month, day, hour, minute, second, mark] = GENERATED.exec(name) ?? [];
  if (label === undefined || mark === undefined) return undefined;
  const takenAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(takenAt) ? undefined : { takenAt, mark, label };
}

/** Whether the name was generated for the resource with this URN, and for this mark. */
export function isNamedFor(urn: string, name: string, mark: string = markOf(urn)): boolean {
  const parts = parseGeneratedName(name);
  return parts !== undefined && parts.mark === mark && parts.label === labelOf(urn);
}

/** What a mark stands for beside the URN. */
export interface Marked {
  /** Digest of what the program wants, such as its triggers. */
  digest: string | undefined;
  /** The mark of what this one replaces; `undefined`: it replaces nothing. */
  former: string | undefined;
}

/**
 * The mark of the next thing that a resource makes. It is the same in each run that tries to make that thing, and
 * another for every other thing: for other triggers, and for a replacement by the same ones. So what was kept of an
 * earlier one is never taken for what an interrupted run left.
 */
export function markFor(urn: string, { digest, former }: Marked): string {
  if (digest === undefined && former === undefined) return markOf(urn);
  // Triggers may be secret, and marks are public: however many marks there are, they tell 24 bits of the triggers.
  const wanted = digest === undefined ? "" : markOf(`${urn}\n${digest}`);
  return markOf([urn, wanted, former ?? ""].join("\n"));
}

export function markOf(urn: string): string {
  return createHash("sha256").update(urn).digest("hex").slice(0, 6);
}

export function labelOf(urn: string): string {
  // urn:pulumi:<stack>::<project>::<type>::<name>; only the name may hold "::" itself.
  const [head = "", , , ...name] = urn.split("::");
  const stack = head.slice(head.lastIndexOf(":") + 1);
  return `${stack}-${name.join("::")}`.replace(/[^A-Za-z0-9._-]+/g, "-").slice(0, LONGEST_LABEL);
}
