import { type Zone, zoneOf } from "../../../client/time";
import {
  dayOf,
  hourOf,
  type Moment,
  momentIn,
  monthOf,
  type PeriodOf,
  parseWithin,
  weekOf,
  yearOf,
} from "./periods";
import type { KeepPolicy } from "./types";

/** One entry of `keep`, at work: it goes through the snapshots from the newest to the oldest. */
interface Rule {
  reason: string;
  left: number;
  /** It keeps only what was taken after this. */
  after: number;
  /** `undefined`: each snapshot is a period of its own. */
  periodOf: PeriodOf | undefined;
  kept: number | undefined;
}

const UNLIMITED = -1;
const HOUR = 3_600_000;

/** The first of January of the year 1. `Intl` shows years before it like those after it. */
const EARLIEST = -62_135_596_800_000;

/** With the keys of `keep` that count them, and that keep them within a time. */
const PERIODS = [
  [hourOf, "hourly", "withinHourly"],
  [dayOf, "daily", "withinDaily"],
  [weekOf, "weekly", "withinWeekly"],
  [monthOf, "monthly", "withinMonthly"],
  [yearOf, "yearly", "withinYearly"],
] as const;

/**
 * Why each of these moments is kept, by restic's rules; without a reason it is not. They come newest first, and the
 * spans of `within` are counted back from the first of them.
 *
 * Every rule judges by itself, and one is enough. A counted rule keeps the newest of each period that has a snapshot
 * until its count is used up. The oldest moment is kept by any rule that has come so far with some count left, so that
 * a history which is shorter than the policy is not cut at its old end.
 */
export function reasonsFor(
  times: readonly number[],
  keep: KeepPolicy,
  timeZone: string,
): (readonly string[])[] {
  const [newest] = times;
  if (newest === undefined) return [];
  const zone = zoneOf(timeZone);
  const rules = [...rulesOf(keep, momentIn(zone, newest), zone)];
  return times.map((at, index) => {
    const moment = momentIn(zone, at);
    const isOldest = index === times.length - 1;
    const reasons: string[] = [];
    for (const rule of rules) {
      const reason = judge(rule, moment, isOldest);
      if (reason !== undefined) reasons.push(reason);
    }
    return reasons;
  });
}

function judge(rule: Rule, moment: Moment, oldest: boolean): string | undefined {
  if (rule.left <= 0 || moment.at <= rule.after) return undefined;
  const period = rule.periodOf?.(moment);
  const repeated = period !== undefined && period === rule.kept;
  if (repeated && !oldest) return undefined;
  rule.kept = period;
  rule.left -= 1;
  return repeated ? `oldest ${rule.reason}` : rule.reason;
}

function* rulesOf(keep: KeepPolicy, newest: Moment, zone: Zone): Generator<Rule> {
  const within = (text: string, reason: string, periodOf?: PeriodOf): Rule => ({
    reason: `${reason} ${text.trim()}`,
    left: Number.POSITIVE_INFINITY,
    after: cutOff(text, newest, zone),
    periodOf,
    kept: undefined,
  });
  if (keep.within !== undefined) yield within(keep.within, "within");
  if (keep.last !== undefined) yield counted(keep.last, "last");
  for (const [periodOf, name] of PERIODS) {
    const count = keep[name];
    if (count !== undefined) yield counted(count, name, periodOf);
  }
  for (const [periodOf, name, span] of PERIODS) {
    const text = keep[span];
    if (text !== undefined) yield within(text, `${name} within`, periodOf);
  }
}

function counted(count: number, reason: string, periodOf?: PeriodOf): Rule {
  const left = count === UNLIMITED ? Number.POSITIVE_INFINITY : count;
  return { reason, left, after: Number.NEGATIVE_INFINITY, periodOf, kept: undefined };
}

/**
 * Years, months and days go back on the calendar of the zone, hours on the clock. A day that a month lacks is counted
 * on into the next one, as restic does: a month before the 31st of March is the 2nd or 3rd of March.
 */
function cutOff(text: string, { wall }: Moment, zone: Zone): number {
  const span = parseWithin(text);
  if (span === undefined) throw new RangeError(`"${text}" is no time span such as 14d or 1y6m.`);
  const date = new Date(wall);
  const start = date.setUTCFullYear(
    date.getUTCFullYear() - span.years,
    date.getUTCMonth() - span.months,
    date.getUTCDate() - span.days,
  );
  // Further back than dates go, everything lies within.
  return start > EARLIEST ? zone.momentOf(start) - span.hours * HOUR : Number.NEGATIVE_INFINITY;
}
