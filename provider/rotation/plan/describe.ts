import type { RotationSnapshot, ServerPlan } from "./types";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** So many are listed by name; a longer list says how many more there are. */
const LONGEST_LIST = 3;

/**
 * A rotation's plan in one sentence without its end: "takes 1, deletes 2 (of 14 days ago, of 15 days ago)", or "takes
 * nothing (next due in 5h), deletes nothing". Of several servers it says on which.
 */
export function describePlan(plans: readonly ServerPlan[], now: number): string {
  return `${describeTakes(plans, now)}, ${describeDeletes(plans, now)}`;
}

function describeTakes(plans: readonly ServerPlan[], now: number): string {
  const takes = plans.filter(({ take }) => take);
  if (takes.length > 0) {
    const servers = takes.map(({ cloudId }) => cloudId);
    return plans.length === 1 ? "takes 1" : `takes ${takes.length} (on ${list(servers)})`;
  }
  if (plans.length === 0) return "takes nothing";
  const next = Math.min(...plans.map(({ dueAt }) => dueAt));
  return `takes nothing (next due in ${formatSpan(next - now)})`;
}

function describeDeletes(plans: readonly ServerPlan[], now: number): string {
  const doomed = plans.flatMap((plan) => plan.delete).sort((a, b) => b.takenAt - a.takenAt);
  if (doomed.length === 0) return "deletes nothing";
  const place = ({ cloudId }: RotationSnapshot) => (plans.length === 1 ? "" : ` on ${cloudId}`);
  const ages = doomed.map((one) => `of ${formatAge(now - one.takenAt)} ago${place(one)}`);
  return `deletes ${doomed.length} (${list(ages)})`;
}

function list(entries: readonly string[]): string {
  const more = entries.length - LONGEST_LIST;
  // One more costs no more room than saying so.
  if (more <= 1) return entries.join(", ");
  return `${entries.slice(0, LONGEST_LIST).join(", ")} and ${more} more`;
}

/** The two largest units: 5h, 1h30m, 2d4h. Rounded up, since what is due in 20 seconds is not due in 0 minutes. */
function formatSpan(ms: number): string {
  const minutes = Math.ceil(ms / MINUTE);
  const [days, hours, rest] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60), minutes % 60];
  if (days > 0) return hours > 0 ? `${days}d${hours}h` : `${days}d`;
  if (hours > 0) return rest > 0 ? `${hours}h${rest}m` : `${hours}h`;
  return `${rest}m`;
}

function formatAge(ms: number): string {
  if (ms < HOUR) return plural(Math.max(0, Math.floor(ms / MINUTE)), "minute");
  return ms < 2 * DAY ? plural(Math.floor(ms / HOUR), "hour") : plural(Math.floor(ms / DAY), "day");
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
