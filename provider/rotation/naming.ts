import { formatGeneratedName, parseGeneratedName } from "../utho/names";

/** What a rotation's snapshots are recognised by, since Utho knows no tags. */
export interface Membership {
  mark: string;
  /** Every prefix that the rotation has used. */
  prefixes: readonly string[];
}

/** Name of a new snapshot: `<prefix>-<UTC time>-<mark>`, for example `prod-nightly-20261122T010000Z-a1b2c3`. */
export function rotationName(prefix: string, mark: string, now: number): string {
  return formatGeneratedName({ label: prefix, takenAt: now, mark });
}

/**
 * When a snapshot of this rotation was asked for, by its name; `undefined`: it is none. The mark is of the rotation's
 * URN, so neither another rotation's snapshots nor those of a Snapshot resource are ever members, whatever their label.
 */
export function memberTime(name: string, { mark, prefixes }: Membership): number | undefined {
  const parts = parseGeneratedName(name);
  if (parts === undefined || parts.mark !== mark || !prefixes.includes(parts.label)) return undefined;
  return parts.takenAt;
}
