import type { CloudId } from "../../client/request";
import { isActive, isFailure, UNKNOWN_STATUS } from "../utho/status";
import type { RotationSettings } from "./contract";
import { planServer } from "./plan/server";
import type { Kept, RotationPolicy, RotationSnapshot, ServerPlan } from "./plan/types";
import { policyOf } from "./settings";
import type { RotationState } from "./state";

const PAUSED = "paused";
const MISDATED = "its name and Utho give different times";

/** What earlier runs found out about single snapshots, by id, and said. */
export interface Findings {
  /** Those whose name and Utho give different times. */
  misdated: ReadonlySet<string>;
  /** Those that failed without ever being Active: they hold no data. */
  neverData: ReadonlySet<string>;
  /** When the next snapshot was to be due, by server. */
  promised?: ReadonlyMap<string, number> | undefined;
}

/** What the runs so far found out and said. */
export function findingsIn(
  state: Pick<RotationState, "misdated" | "neverData" | "nextDue" | "cloudIds"> | undefined,
): Findings {
  const due = Date.parse(state?.nextDue ?? "");
  return {
    misdated: new Set(state?.misdated),
    neverData: new Set(state?.neverData),
    promised: new Map(Number.isNaN(due) ? [] : state?.cloudIds.map((cloudId) => [cloudId, due])),
  };
}

/** The same, and these whose name and Utho give different times. */
export function alsoMisdated(findings: Findings, ids: readonly string[]): Findings {
  return { ...findings, misdated: new Set([...findings.misdated, ...ids]) };
}

/**
 * What is to be done on one server now: the one plan that previews, `pulumi-utho rotation plan` and the update share.
 * A snapshot whose time is not certain puts the next one off, but is neither deleted nor counted: what else is kept
 * must not depend on it. One that failed before it held any data goes once a good one stands in for it.
 * @param begunAt when the run began; what was due then is still taken when a window has closed in the meantime
 */
export function decide(
  settings: RotationSettings,
  cloudId: CloudId,
  snapshots: readonly RotationSnapshot[],
  findings: Findings,
  now: number,
  begunAt = now,
  policy = policyOf(settings),
): ServerPlan {
  const run = { begunAt, promisedAt: findings.promised?.get(cloudId) };
  const own = snapshots.filter((one) => one.cloudId === cloudId);
  const due = planServer(cloudId, own, policy, now, run);
  // Where Utho shows no status of what was taken before, it will show none of the next one, and that makes no room.
  const makesRoom = due.take && own.every(({ status }) => status !== UNKNOWN_STATUS);
  const asItIs = { ...policy, everyMs: Number.POSITIVE_INFINITY };
  const { keep: kept, delete: unneeded } =
    due.take && !makesRoom ? planServer(cloudId, own, asItIs, now, run) : due;
  const whole = { ...due, keep: kept, delete: unneeded };
  if (settings.paused) {
    const spared = whole.delete.map((snapshot) => ({ snapshot, reasons: [PAUSED] })).reverse();
    return { ...whole, take: false, keep: [...whole.keep, ...spared], delete: [] };
  }
  const doubtful = own.filter(({ id }) => findings.misdated.has(id));
  if (doubtful.length === 0) return withoutFailed(whole, findings, now);
  const certain = own.filter(({ id }) => !findings.misdated.has(id));
  const judged = planServer(cloudId, certain, makesRoom ? policy : asItIs, now, run);
  const spared = doubtful.map((snapshot) => ({ snapshot, reasons: [MISDATED] }));
  const keep = [...judged.keep, ...spared].sort((a, b) => b.snapshot.takenAt - a.snapshot.takenAt);
  return withoutFailed({ ...whole, keep, delete: judged.delete }, findings, now);
}

/**
 * The same for a server that has left the rotation. Under `onRemove: "expire"` the policy is applied as if a snapshot
 * had been taken each time, so that those that there are age out one by one, the last one too; nothing is taken.
 */
export function decideDeparted(
  settings: RotationSettings,
  cloudId: CloudId,
  snapshots: readonly RotationSnapshot[],
  findings: Findings,
  now: number,
): ServerPlan {
  const own = snapshots.filter((one) => one.cloudId === cloudId);
  const never = { take: false, dueAt: Number.POSITIVE_INFINITY, missedWindow: false };
  if (settings.onRemove === "delete" && !settings.paused)
    return { cloudId, ...never, keep: [], delete: [...own].sort((a, b) => a.takenAt - b.takenAt) };
  const absent = new Set<RotationSnapshot>();
  for (const takenAt of timesSince(
    Math.max(...own.map((one) => one.takenAt)),
    policyOf(settings).everyMs,
    now,
  ))
    absent.add({ id: "", cloudId, name: "", takenAt, status: "Active" });
  const plan = decide(settings, cloudId, [...own, ...absent], findings, now);
  return {
    ...plan,
    ...never,
    keep: plan.keep.filter(({ snapshot }) => !absent.has(snapshot)),
    delete: plan.delete.filter((one) => !absent.has(one)),
  };
}

/** The policy by which nothing is due, so that only what is there is judged. */
export function withoutTake(settings: RotationSettings): RotationPolicy {
  return { ...policyOf(settings), everyMs: Number.POSITIVE_INFINITY };
}

const DAY = 86_400_000;

/**
 * Whether a run leaves no good snapshot that is older than a day, though there is one, as after a long pause. A rotation
 * whose policy never kept more deletes one of about the age of `every` each time, which is no news.
 */
export function forgetsAllBut(settings: RotationSettings, plan: ServerPlan, now: number): boolean {
  const isOld = ({ status, takenAt }: RotationSnapshot, age: number): boolean =>
    isActive(status) && now - takenAt > age;
  const usual = 2 * Math.max(DAY / 2, policyOf(settings).everyMs);
  return (
    plan.delete.some((one) => isOld(one, usual)) && !plan.keep.some(({ snapshot }) => isOld(snapshot, DAY))
  );
}

/** So many are enough for any policy by counts; over a longer time they lie further apart. */
const MOST_ABSENT = 2_000;

function timesSince(last: number, everyMs: number, now: number): number[] {
  if (!Number.isFinite(last) || !Number.isFinite(everyMs)) return [];
  const step = Math.max(everyMs, (now - last) / MOST_ABSENT);
  const count = Math.max(0, Math.floor((now - last) / step));
  return Array.from({ length: count }, (_, index) => last + (index + 1) * step);
}

/**
 * What may go before a new snapshot is there, since Utho allows no more beside it: those that failed before they held
 * any data, then what the policy does not keep even without the new one. Where that is nothing, and `makeRoom` allows
 * it, the oldest that the new one makes unneeded, but never below `minKeep`.
 */
export function spareIn(
  settings: RotationSettings,
  cloudId: CloudId,
  snapshots: readonly RotationSnapshot[],
  findings: Findings,
  now: number,
): string[] {
  const certain = snapshots.filter((one) => one.cloudId === cloudId && !findings.misdated.has(one.id));
  const unneeded = planServer(cloudId, certain, withoutTake(settings), now).delete;
  const spare = [...certain.filter((one) => holdsNothing(one, findings)), ...unneeded];
  const good = certain.filter(({ status }) => isActive(status)).length;
  if (spare.length === 0 && settings.makeRoom && good > settings.minKeep)
    spare.push(...decide(settings, cloudId, certain, findings, now).delete.slice(0, 1));
  return spare.map(({ id }) => id);
}

function holdsNothing({ id, status }: RotationSnapshot, { neverData }: Findings): boolean {
  return neverData.has(id) && isFailure(status);
}

/** Deletes also the failed ones that hold no data, where an Active one is not older or is about to be taken. */
function withoutFailed(plan: ServerPlan, findings: Findings, now: number): ServerPlan {
  const good = plan.keep.filter(({ snapshot }) => isActive(snapshot.status)).map(({ snapshot }) => snapshot);
  const isReplaced = ({ takenAt }: RotationSnapshot): boolean =>
    (plan.take && takenAt <= now) || good.some((one) => one.takenAt >= takenAt);
  const isUseless = ({ snapshot }: Kept): boolean => holdsNothing(snapshot, findings) && isReplaced(snapshot);
  const useless = plan.keep.filter(isUseless).map(({ snapshot }) => snapshot);
  if (useless.length === 0) return plan;
  return {
    ...plan,
    keep: plan.keep.filter((one) => !isUseless(one)),
    delete: [...plan.delete, ...useless].sort((a, b) => a.takenAt - b.takenAt),
  };
}
