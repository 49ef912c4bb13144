import { isActive, isFailure } from "../../utho/status";
import type { RotationSnapshot } from "./types";

const HOUR = 3_600_000;

/** Clocks differ: a time may lie this much ahead of ours and still be meant. */
const SKEW = HOUR / 4;

const LONGEST_TOLERANCE = HOUR;
const TOLERANCE_SHARE = 24;

/** Whether the time of a snapshot lies in the future, beyond what two clocks may differ. */
export function isInFuture(takenAt: number, now: number): boolean {
  return takenAt > now + SKEW;
}

/**
 * How much earlier than `every` a snapshot is due, in milliseconds: a 24th, at most an hour. A nightly job never runs
 * at the same second twice, and the one that comes a minute early must not wait for the next night.
 */
export function toleranceOf(everyMs: number): number {
  return Math.min(everyMs / TOLERANCE_SHARE, LONGEST_TOLERANCE);
}

/**
 * When the next snapshot is due, in milliseconds since the epoch; `now` where there is none to count from. They come
 * newest first. One that is still coming puts it off, or two jobs would take two. One that has failed does not, nor
 * does one with a time in the future, which would put it off for as long as that clock was wrong.
 */
export function dueAfter(snapshots: readonly RotationSnapshot[], everyMs: number, now: number): number {
  const newest = snapshots.find(({ status, takenAt }) => !isFailure(status) && !isInFuture(takenAt, now));
  return newest === undefined ? now : newest.takenAt + everyMs - toleranceOf(everyMs);
}

/** Whether a snapshot is still coming: a run waits for it, and takes another only should it fail. */
export function isUnderWay({ status, takenAt }: RotationSnapshot, everyMs: number, now: number): boolean {
  const isPending = !isActive(status) && !isFailure(status);
  return isPending && !isInFuture(takenAt, now) && takenAt > now - everyMs;
}
