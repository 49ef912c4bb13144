import type {
  KeepPolicy,
  RotationPolicy,
  RotationSnapshot,
  ServerPlan,
} from "../../../../provider/rotation/plan/types";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** No time before which a snapshot would be due: for cases in which only the retention matters. */
export const NEVER = Number.MAX_SAFE_INTEGER;

let lastId = 0;

export function snapshotAt(time: string | number, given: Partial<RotationSnapshot> = {}): RotationSnapshot {
  const takenAt = typeof time === "number" ? time : Date.parse(time);
  const cloudId = given.cloudId ?? "1001";
  lastId += 1;
  return {
    id: `${cloudId}/${100_000 + lastId}`,
    cloudId,
    name: new Date(takenAt).toISOString(),
    takenAt,
    status: "Active",
    ...given,
  };
}

export function policyOf(keep: KeepPolicy, given: Partial<RotationPolicy> = {}): RotationPolicy {
  return { everyMs: NEVER, keep, timeZone: "UTC", minKeep: 1, ...given };
}

/** One snapshot at this time of day, on each of so many days back from this one. */
export function nightly(newest: string, days: number): RotationSnapshot[] {
  const last = Date.parse(newest);
  return Array.from({ length: days }, (_, day) => snapshotAt(last - day * DAY));
}

/** What a plan keeps as "2026-11-24 02:00: daily, weekly", newest first. */
export function keptLines({ keep }: ServerPlan): string[] {
  return keep.map(({ snapshot, reasons }) => `${minuteOf(snapshot)}: ${reasons.join(", ")}`);
}

export function deletedLines(plan: ServerPlan): string[] {
  return plan.delete.map(minuteOf);
}

function minuteOf({ takenAt }: RotationSnapshot): string {
  return new Date(takenAt).toISOString().slice(0, 16).replace("T", " ");
}
