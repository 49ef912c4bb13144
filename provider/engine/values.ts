import { createHash, randomBytes } from "node:crypto";

/** How the engine writes a value that is not known yet during preview; part of Pulumi's provider protocol. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** By this key the engine marks a value that is more than JSON, and by this value a secret; in states too. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";

export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** Whether the value, or anything within it, is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return isUnknown(value);
  return Object.values(value).some(hasUnknown);
}

/** Without `undefined`, which the engine answers with "Unexpected struct type." after the object exists, and keeps no state. */
export function plain(record: object): Record<string, unknown> {
  const given = Object.entries(record).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, value]) => [key, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : plainValue(item)));
  if (typeof value === "object" && value !== null) return plain(value);
  return value;
}

/**
 * Triggers may be secret, so a state holds them only as a salted digest, `<salt>.<digest>`. The salt is random and
 * new whenever a digest is written: equal triggers look different in two resources, no prepared table reverses
 * them, and a resource that gets another URN keeps its own. `undefined` for no triggers.
 */
export function sealTriggers(triggers: unknown): string | undefined {
  if (isNone(triggers)) return undefined;
  const salt = randomBytes(8).toString("hex");
  return `${salt}.${hashOf(triggers, salt)}`;
}

/** In place of the digest of what was imported: the program's first triggers are recorded, and replace nothing. */
export const NO_SEAL_YET = "none-yet";

/** Whether a state's digest is that of these triggers. States before the salt hold `digestTriggers`. */
export function isSealOf(sealed: string | undefined, triggers: unknown): boolean {
  if (sealed === NO_SEAL_YET) return true;
  if (sealed === undefined || isNone(triggers)) return sealed === undefined && isNone(triggers);
  const [salt = "", digest] = sealed.split(".");
  return digest === undefined ? sealed === digestTriggers(triggers) : digest === hashOf(triggers, salt);
}

/** The same for equal triggers in every run, to find without a state what was made for them; never stored as it is. */
export function digestTriggers(triggers: unknown): string | undefined {
  return isNone(triggers) ? undefined : sha256(canonical(triggers)).slice(0, 16);
}

/** Whether these triggers are the first, and are still to be recorded. */
export function isFirstSeal(sealed: string | undefined, triggers: unknown): boolean {
  return sealed === NO_SEAL_YET && !isNone(triggers);
}

function isNone(triggers: unknown): boolean {
  return triggers === undefined || triggers === null;
}

function hashOf(triggers: unknown, salt: string): string {
  return sha256(`${salt}\n${canonical(triggers)}`).slice(0, 32);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** JSON of any value, the same whatever the order of object keys. */
function canonical(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  // A file or an archive comes to `create` with its path or text, and to `diff` with its hash alone.
  if (SIGNATURE in value && "hash" in value && typeof value.hash === "string") return [SIGNATURE, value.hash];
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, sorted(item)]);
}
