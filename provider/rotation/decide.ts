import type { CloudId } from "../../client/request";
import { isActive, isFailure, UNKNOWN_STATUS } from "../utho/status";
import type { RotationSettings } from "./contract";
import { planServer } from "./plan/server";
import { type Kept, type RotationSnapshot, type RunFacts, type ServerPlan, withoutTake } from "./plan/types";
import { policyOf } from "./settings";

const PAUSED = "paused";
const MISDATED = "its name and Utho give different times";

/**
 * What is to be done on one server now, by its own snapshots: the one plan that previews, `pulumi-utho rotation plan` and
 * the update share. A snapshot whose time is not certain puts the next one off, but is neither deleted nor counted: what
 * else is kept must not depend on it. One that failed before it held any data goes once a good one stands in for it.
 */
export function decide(
  settings: RotationSettings,
  cloudId: CloudId,
  own: readonly RotationSnapshot[],
  now: number,
  run: RunFacts = {},
  policy = policyOf(settings),
): ServerPlan {
  const due = planServer(cloudId, own, policy, now, run);
  // Where Utho shows no status of what was taken before, it will show none of the next one, and that makes no room.
  const makesRoom = due.take && own.every(({ status }) => status !== UNKNOWN_STATUS);
  const [doubtful, certain] = [own.filter((one) => one.isMisdated), own.filter((one) => !one.isMisdated)];
  const isJudged = doubtful.length === 0 && makesRoom === due.take;
  const retention = makesRoom ? policy : withoutTake(policy);
  const judged = isJudged ? due : planServer(cloudId, certain, retention, now, run);
  const { paused } = settings;
  const spared = [
    ...doubtful.map((snapshot) => ({ snapshot, reasons: [MISDATED] })),
    ...(paused ? judged.delete : []).map((snapshot) => ({ snapshot, reasons: [PAUSED] })),
  ];
  const keep = [...judged.keep, ...spared].sort((a, b) => b.snapshot.takenAt - a.snapshot.takenAt);
  if (paused) return { ...due, take: false, keep, delete: [] };
  return withoutFailed({ ...due, keep, delete: judged.delete }, now);
}

/**
 * The same for a server that has left the rotation. Under `onRemove: "expire"` the policy is applied as if a snapshot
 * had been taken each time, so that those that there are age out one by one, the last one too; nothing is taken.
 */
export function decideDeparted(
  settings: RotationSettings,
  cloudId: CloudId,
  own: readonly RotationSnapshot[],
  now: number,
): ServerPlan {
  const never = { hasLeft: true, take: false, dueAt: Number.POSITIVE_INFINITY, missedWindow: false } as const;
  if (settings.onRemove === "delete" && !settings.paused)
    return { cloudId, ...never, keep: [], delete: [...own].sort((a, b) => a.takenAt - b.takenAt) };
  const last = Math.max(...own.map((one) => one.takenAt));
  const absent = new Set<RotationSnapshot>();
  for (const takenAt of timesSince(last, policyOf(settings).everyMs, now))
    absent.add({ id: "", cloudId, name: "", takenAt, status: "Active" });
  const plan = decide(settings, cloudId, [...own, ...absent], now);
  return {
    ...plan,
    ...never,
    keep: plan.keep.filter(({ snapshot }) => !absent.has(snapshot)),
    delete: plan.delete.filter((one) => !absent.has(one)),
  };
}

/** The same plan, which leaves what it would delete and there is a reason to keep. */
export function sparing(
  plan: ServerPlan,
  reasonFor: (one: RotationSnapshot) => string | undefined,
): ServerPlan {
  const spared = plan.delete.flatMap((snapshot) => {
    const reason = reasonFor(snapshot);
    return reason === undefined ? [] : [{ snapshot, reasons: [reason] }];
  });
  const ids = new Set(spared.map(({ snapshot }) => snapshot.id));
  return { ...plan, keep: [...plan.keep, ...spared], delete: plan.delete.filter(({ id }) => !ids.has(id)) };
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
  own: readonly RotationSnapshot[],
  now: number,
): string[] {
  const certain = own.filter((one) => !one.isMisdated);
  const unneeded = planServer(cloudId, certain, withoutTake(policyOf(settings)), now).delete;
  const spare = [...certain.filter(holdsNothing), ...unneeded];
  const good = certain.filter(({ status }) => isActive(status)).length;
  if (spare.length === 0 && settings.makeRoom && good > settings.minKeep)
    spare.push(...decide(settings, cloudId, certain, now).delete.slice(0, 1));
  return spare.map(({ id }) => id);
}

function holdsNothing({ neverData, status }: RotationSnapshot): boolean {
  return neverData === true && isFailure(status);
}

/** Deletes also the failed ones that hold no data, where an Active one is not older or is about to be taken. */
function withoutFailed(plan: ServerPlan, now: number): ServerPlan {
  const good = plan.keep.filter(({ snapshot }) => isActive(snapshot.status)).map(({ snapshot }) => snapshot);
  const isReplaced = ({ takenAt }: RotationSnapshot): boolean =>
    (plan.take && takenAt <= now) || good.some((one) => one.takenAt >= takenAt);
  const isUseless = ({ snapshot }: Kept): boolean => holdsNothing(snapshot) && isReplaced(snapshot);
  const useless = plan.keep.filter(isUseless).map(({ snapshot }) => snapshot);
  if (useless.length === 0) return plan;
  return {
    ...plan,
    keep: plan.keep.filter((one) => !isUseless(one)),
    delete: [...plan.delete, ...useless].sort((a, b) => a.takenAt - b.takenAt),
  };
}
