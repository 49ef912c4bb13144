import { grouped } from "../../../client/compact";
import type { CloudId } from "../../../client/request";
import { byNumber } from "../../engine/inputs";
import { isFailure } from "../../utho/status";
import type { RotationSnapshot, ServerPlan } from "./types";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** So many are listed, and one more, which costs no more room than saying so; then it says how many there are. */
const LONGEST_LIST = 3;

/** Hostnames by the server's id, as far as they are known. */
export type Hostnames = ReadonlyMap<string, string>;

const NO_NAMES: Hostnames = new Map();

/**
 * A rotation's plan in one sentence without its end: "takes 1, deletes 2 (1001/5001 of 14 days ago, 1001/5002 of 15
 * days ago)", or "takes nothing (next due in 5h), deletes nothing". Of several servers it says on which, and of many
 * snapshots how many of which age.
 */
export function describePlan(plans: readonly ServerPlan[], now: number, names = NO_NAMES): string {
  return `${describeTakes(plans, now, names)}, ${describeDeletes(plans, now, names)}`;
}

function describeTakes(plans: readonly ServerPlan[], now: number, names: Hostnames): string {
  const takes = plans.filter(({ take }) => take);
  if (takes.length > 0) {
    return plans.length === 1 ? "takes 1" : `takes ${takes.length} (${placeOf(takes, plans, names)})`;
  }
  if (plans.length === 0) return "takes nothing";
  const next = Math.min(...plans.map(({ dueAt }) => dueAt));
  return `takes nothing (next due in ${formatSpan(next - now)})`;
}

export function describeDeletes(plans: readonly ServerPlan[], now: number, names: Hostnames): string {
  const doomed = plans.flatMap((plan) => plan.delete).sort((a, b) => b.takenAt - a.takenAt);
  if (doomed.length === 0) return "deletes nothing";
  const ageOf = ({ status, takenAt }: RotationSnapshot): string =>
    isFailure(status) ? "failed" : `of ${formatAge(now - takenAt)} ago`;
  if (doomed.length <= LONGEST_LIST + 1) {
    const hostOf = ({ cloudId }: RotationSnapshot): string => {
      const name = plans.length === 1 ? undefined : names.get(cloudId);
      return name === undefined ? "" : `${name} `;
    };
    return `deletes ${doomed.length} (${doomed.map((one) => `${hostOf(one)}${one.id} ${ageOf(one)}`).join(", ")})`;
  }
  const entries = [...grouped(doomed, ageOf)].map(([age, own]) => entryOf(age, own, plans, names));
  return `deletes ${doomed.length} (${list(entries, plans.length === 1 ? "," : ";")})`;
}

/** Those of one age, and how many they are where that is not plain: more than one of a server. */
function entryOf(
  age: string,
  own: readonly RotationSnapshot[],
  plans: readonly ServerPlan[],
  names: Hostnames,
): Entry {
  const servers = new Set(own.map(({ cloudId }) => cloudId)).size;
  const text = plans.length === 1 ? age : `${age} ${placeOf(own, plans, names)}`;
  return { text: own.length === servers ? text : `${own.length} ${text}`, count: own.length };
}

function placeOf(
  some: readonly { cloudId: CloudId }[],
  all: readonly ServerPlan[],
  names: Hostnames,
): string {
  const servers = [...new Set(some.map(({ cloudId }) => cloudId))];
  if (servers.length <= LONGEST_LIST + 1) return `on ${describeServers(servers, names)}`;
  return servers.length === all.length ? `on all ${all.length} servers` : `on ${servers.length} servers`;
}

/** Servers by their hostnames, each with its id: "web-1 (1001), db-1 (1002) and 5 more". */
export function describeServers(cloudIds: readonly CloudId[], names: Hostnames): string {
  const sorted = [...cloudIds].sort(byNumber);
  const entries = sorted.map((cloudId) => {
    const name = names.get(cloudId);
    return { text: name === undefined ? cloudId : `${name} (${cloudId})`, count: 1 };
  });
  return list(entries, ",");
}

interface Entry {
  text: string;
  count: number;
}

function list(entries: readonly Entry[], separator: "," | ";"): string {
  const shown = entries.length <= LONGEST_LIST + 1 ? entries : entries.slice(0, LONGEST_LIST);
  const more = entries.slice(shown.length).reduce((sum, { count }) => sum + count, 0);
  const texts = shown.map(({ text }) => text).join(`${separator} `);
  if (more === 0) return texts;
  return `${texts}${separator === ";" ? ";" : ""} and ${more} more`;
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

/** What a rotation costs a month, in INR. Snapshots whose size is not known are not in it. */
export interface Bill {
  now: number;
  /** Once the plan is carried out: what is taken counts with the size of the newest before it, or of the disk. */
  after: number;
  /** In 1, 3 and 12 months, as far as that is not too much to calculate. */
  growth: readonly { months: number; monthlyCost: number }[];
  /** Once the policy is full; `undefined`: it grows without end. */
  full: number | undefined;
  /** Snapshots of each server then. */
  keptWhenFull: number | undefined;
  servers: number;
  incomplete: boolean;
}

/** "Costs ₹400 a month now, about ₹600 after this, ₹900 in 1 month, and about ₹1400 once the policy is full (7 of each server, within 3 months)." */
export function billText({ now, after, growth, full, ...bill }: Bill): string {
  const { keptWhenFull: count, servers, incomplete } = bill;
  const note = incomplete ? " Sizes that are not known yet are not in it." : "";
  const isFull = (cost: number): boolean => full !== undefined && cost >= full;
  const growing = growth.filter(
    ({ monthlyCost }, index) =>
      monthlyCost > Math.max(after, growth[index - 1]?.monthlyCost ?? 0) && !isFull(monthlyCost),
  );
  const steps = growing
    .map(({ months, monthlyCost }) => `, ₹${monthlyCost} in ${monthsText(months)}`)
    .join("");
  const fullIn = isFull(after) ? undefined : growth.find(({ monthlyCost }) => isFull(monthlyCost));
  const soon = fullIn === undefined ? "" : `, within ${monthsText(fullIn.months)}`;
  const end =
    full === undefined
      ? "and more with each snapshot, since the policy keeps all"
      : `and about ₹${full} once the policy is full (${count} ${servers === 1 ? "kept" : "of each server"}${soon})`;
  return `Costs ₹${now} a month now, about ₹${after} after this${steps}, ${end}.${note}`;
}

function monthsText(months: number): string {
  return months === 1 ? "1 month" : `${months} months`;
}
