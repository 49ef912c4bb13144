import { createHash } from "node:crypto";
import type { CloudId, NameOf, SnapshotId } from "../../client/request";
import { DYNAMIC_TOKENS, type Fail, type RawInputs, textOf } from "../engine/inputs";
import { type EngineMemory, isHeld } from "../engine/memory";
import { digestTriggers, hasUnknown, isUnknown, UNKNOWN } from "../engine/values";
import { ProviderFailure } from "../failure";

/**
 * Generated names: `<stack>-<logical name>-<6 hex>-<UTC time>`, for example `prod-web-a1b2c3-20261122t212051z`. They can
 * be read in Utho's console, and they are how a run recognises what an interrupted run of the same resource left behind,
 * since Utho knows no tags and its create call returns no id. Utho documents no rule for names, so they hold nothing that
 * an API may change: small letters, digits and hyphens, at most 40 of them.
 */
interface GeneratedName {
  /** Milliseconds since the epoch, by the clock of the machine that made the name. */
  takenAt: number;
  /** Six hex digits that stand for the resource, see {@link markFor}. */
  mark: string;
  label: string;
}

/** Utho documents no limit; 255 is what the fields of such an API hold, and no console shows more. */
export const LONGEST_NAME = 255;
/** Limits of such APIs begin at 50 (and at 63 where a name must be one of the DNS): with mark and time it stays below. */
const LONGEST_LABEL = 16;
/** A name that is cut for being too long is never cut to less than this. */
const SHORTEST_CUT = 15;

const GENERATED = /^(?<label>.+)-(?<mark>[0-9a-f]{6})-(?<day>\d{8})t(?<time>\d{2,6})z?$/;
/** Up to 0.1.0 the mark came last, where a cut takes it away; such names are still out there. */
const FORMER = /^(?<label>.+)-(?<day>\d{8})[Tt](?<time>\d{6})[Zz]-(?<mark>[0-9a-f]{6})$/;

/** When a snapshot was asked for, by its generated name; `undefined` for any other name, and for an adopted one. */
export function takenAtOf(snapshot: {
  name?: string | undefined;
  adoptId?: string | undefined;
}): number | undefined {
  if (snapshot.adoptId !== undefined) return undefined;
  return parseGeneratedName(snapshot.name ?? "")?.takenAt;
}

export function generateName(urn: string, now: number, mark: string = markOf(urn)): string {
  return formatGeneratedName({ label: labelOf(urn), takenAt: now, mark });
}

/** The name that has these parts; its time is cut to the second, and a label that is too long to 16 characters. */
export function formatGeneratedName({ label, takenAt, mark }: GeneratedName): string {
  const time = new Date(takenAt)
    .toISOString()
    .replace(/[-:]|\.\d+/g, "")
    .toLowerCase();
  return `${label.slice(0, LONGEST_LABEL)}-${mark}-${time}`;
}

/** The parts of a generated name, also when its end was cut off; `undefined` for any other name. */
export function parseGeneratedName(name: string): GeneratedName | undefined {
  const { label, mark, day = "", time = "" } = (GENERATED.exec(name) ?? FORMER.exec(name))?.groups ?? {};
  if (label === undefined || mark === undefined) return undefined;
  const iso = `${day}${time.padEnd(6, "0")}`.replace(/(....)(..)(..)(..)(..)(..)/, "$1-$2-$3T$4:$5:$6Z");
  const takenAt = Date.parse(iso);
  return Number.isNaN(takenAt) ? undefined : { takenAt, mark, label };
}

/** The label of a generated name as people read it: "…" where it was cut, or may have been. */
export function shownLabel(name: string): string | undefined {
  const label = parseGeneratedName(name)?.label;
  return label === undefined || label.length < LONGEST_LABEL ? label : `${label}…`;
}

/** Whether the name was generated for the resource with this URN, and for this mark. */
export function isNamedFor(urn: string, name: string, mark: string = markOf(urn), label?: string): boolean {
  const parts = parseGeneratedName(name);
  // Of most names the mark is another one already.
  if (parts?.mark !== mark) return false;
  return [label ?? labelOf(urn), fullLabelOf(urn)].some((one) => isLabelledBy(parts.label, one));
}

/** Whether a name with this label was made from `wanted`, which Utho may have changed and formatting shortened. */
export function isLabelledBy(label: string, wanted: string): boolean {
  return [wanted, wanted.slice(0, LONGEST_LABEL)].some((one) => isSameName(one, label));
}

/** What is left of a name in an API that changes it: neither case nor anything but letters and digits is sure to stay. */
function surviving(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "-");
}

/** Whether two names are the same in an API that changes names. */
export function isSameName(one: string, other: string): boolean {
  return one === other || surviving(one) === surviving(other);
}

/** Whether Utho may have stored the name `sent` as `stored`: in another form, or cut. */
export function mayBeStoredAs(sent: string, stored: string): boolean {
  const [whole, part] = [surviving(sent), surviving(stored)];
  return whole === part || (part.length >= SHORTEST_CUT && whole.startsWith(part));
}

/** What a mark stands for beside the URN. */
interface Marked {
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
  // Triggers may be secret, and marks are public: however many marks there are, they reveal 24 bits of the triggers.
  const wanted = digest === undefined ? "" : markOf(`${urn}\n${digest}`);
  return markOf([urn, wanted, former ?? ""].join("\n"));
}

export function markOf(urn: string): string {
  return createHash("sha256").update(urn).digest("hex").slice(0, 6);
}

/** `<stack>-<logical name>`, of which the logical name keeps more where both are too long. */
export function labelOf(urn: string, longest: number = LONGEST_LABEL): string {
  const [stack = "", name = ""] = partsOf(urn).map((part) => surviving(part).replace(/[^a-z0-9]+/g, "-"));
  const room = Math.max(longest - 1 - name.length, 5);
  return `${stack.slice(0, room)}-${name}`.slice(0, longest).replace(/^-+|-+$/g, "");
}

/** What a resource keeps the state of a server for: before a restore, and before the end of a clone. */
export type Purpose = "before" | "final";

/** The label of the snapshot that a resource with this URN takes for a purpose of its own. */
export function keptLabelOf(urn: string, purpose: Purpose): string {
  return `${labelOf(urn, LONGEST_LABEL - purpose.length - 1)}-${purpose}`;
}

/** The label as names of 0.1.0 had it. */
function fullLabelOf(urn: string): string {
  return partsOf(urn)
    .join("-")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .slice(0, 80);
}

/** Stack and logical name: urn:pulumi:<stack>::<project>::<type>::<name>; only the name may hold "::" itself. */
function partsOf(urn: string): [stack: string, name: string] {
  const [head = "", , , ...name] = urn.split("::");
  return [head.slice(head.lastIndexOf(":") + 1), name.join("::")];
}

/**
 * The hidden input `mark`, by which a run recognises what an interrupted one left. It follows from the URN, from what
 * is wanted, and from the mark of what is replaced, so that it is equal in a preview and in the `up` after it. It is
 * fixed when a thing is made; a state that was written before there were marks has none until its next replacement.
 */
export function fixMark(
  memory: EngineMemory,
  olds: RawInputs,
  inputs: RawInputs,
  wanted: unknown,
): string | undefined {
  if (isHeld(olds)) return textOf(olds.mark);
  if (hasUnknown(wanted)) return UNKNOWN;
  const urn = textOf(inputs.resourceUrn) ?? "";
  const replaced = memory.formerOf(urn);
  const former =
    replaced === undefined
      ? undefined
      : (textOf(replaced.mark) ?? markOf(textOf(replaced.resourceUrn) ?? urn));
  return markFor(urn, { digest: digestTriggers(wanted), former });
}

/** `<cloudId>/<snapshotId>`: the id of a Snapshot. */
export type SnapshotRef = NameOf<"snapshot of a server">;

export interface SnapshotAddress {
  cloudId: CloudId;
  snapshotId: SnapshotId;
}

/** `<cloudId>/<snapshotId>`: a text that a user can read in Utho's console and give back. */
export function formatSnapshotId(address: SnapshotAddress): SnapshotRef {
  return `${address.cloudId}/${address.snapshotId}`;
}

export function parseSnapshotId(id: SnapshotRef): SnapshotAddress {
  // Utho writes no leading zeros: with them an id would be another text than the same one in a listing.
  const match = /^(0|[1-9]\d{0,19})\/(0|[1-9]\d{0,19})$/.exec(id.trim());
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new ProviderFailure({
      code: "UTHO_ID_FORMAT",
      attempted: `read the snapshot id "${id}"`,
      because:
        "it is not of the form <cloudId>/<snapshotId>, two numbers as Utho writes them with a slash between.",
      kept: "nothing was touched.",
      next: 'give the id as Snapshot.id shows it, for example "1001/9001"; `getSnapshots` lists the existing ones.',
    });
  }
  return { cloudId: match[1], snapshotId: match[2] };
}

/** The values with the snapshot that a restore or a clone is made from under its present name. */
export function withSource(values: RawInputs): RawInputs {
  return { ...values, snapshot: textOf(values.snapshot) ?? values.snapshotId };
}

/** Checks that source, and leaves it under its present name. A number alone would not say which server is meant. */
export function checkSource(inputs: Record<string, unknown>, fail: Fail): void {
  const { snapshot, snapshotId: former } = inputs;
  delete inputs.snapshotId;
  const value = snapshot ?? former;
  inputs.snapshot = typeof value === "string" ? value.trim() : value;
  if ((former ?? value) !== value && !isUnknown(former) && !isUnknown(value)) {
    const both = `snapshot is ${JSON.stringify(value)} and snapshotId, its former name, ${JSON.stringify(former)}`;
    fail("snapshotId", "UTHO_INPUT_TWICE", `${both}; leave snapshotId out`);
  }
  if (isUnknown(value)) return;
  if (typeof value === "string" && /^\d{1,20}\/\d{1,20}$/.test(value.trim())) return;
  fail(
    "snapshot",
    "UTHO_ID_FORMAT",
    `${JSON.stringify(value ?? null)} is not the id of a snapshot: wanted <cloudId>/<snapshotId>, such as "1001/9001", as Snapshot.id shows it`,
  );
}

/** What begins the type of each resource of the plugin. */
export const TOKENS = "utho:index:";

/** The types in a URN, the resource's own last: urn:pulumi:<stack>::<project>::<type>$<type>::<name>. */
export function typesOf(urn: string): string[] {
  return urn.split("::")[2]?.split("$") ?? [];
}

/** The type that the resource has as one of the dynamic provider. */
export function dynamicType(type: string): string {
  return type.startsWith(TOKENS) ? type.replace(TOKENS, DYNAMIC_TOKENS) : type;
}

/** The URN that the resource has, or had, as one of the dynamic provider: both doors make the same names of it. */
export function dynamicUrn(urn: string): string {
  const [stack = "", project = "", , ...name] = urn.split("::");
  return [stack, project, typesOf(urn).map(dynamicType).join("$"), ...name].join("::");
}
