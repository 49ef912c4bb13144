import { toInstant } from "../../client/walltime";
import { INDIA, UTC } from "../utho/timezone";
import type { Member } from "./members";

const HOUR = 3_600_000;

/**
 * Whether the time in a snapshot's name is not the one that the cloud noted, in any zone that Utho may write: then our
 * clock or the cloud's was wrong, and nobody can say how old the snapshot is. The cloud's time may be later by the time
 * that a busy server was waited for.
 */
export function isMisdated(
  { takenAt, createdAt }: Member,
  waitMs: number,
  configuredZone: string | undefined,
): boolean {
  if (createdAt === undefined) return false;
  const zones = new Set([UTC, INDIA, configuredZone ?? UTC]);
  return [...zones].every((zone) => {
    const late = Date.parse(toInstant(createdAt, zone)) - takenAt;
    return late < -HOUR || late > HOUR + waitMs;
  });
}
