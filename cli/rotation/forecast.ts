import type { CloudId } from "../../client/request";
import { decide, decideDeparted, sparing } from "../../provider/rotation/decide";
import { billOf, heldThen } from "../../provider/rotation/outlook";
import { type Bill, describePlan } from "../../provider/rotation/plan/describe";
import type { RotationSnapshot, ServerPlan } from "../../provider/rotation/plan/types";
import { policyOf } from "../../provider/rotation/settings";
import { byServer, monthlyCost } from "../../provider/utho/facts";
import type { AccountView } from "../stack/view";
import type { RotationSubject } from "./subject";

/** What is to become of one snapshot. */
export interface SnapshotForecast {
  action: "keep" | "delete";
  id: string;
  name: string;
  /** Milliseconds since the epoch. */
  takenAt: number;
  status: string;
  sizeGb: number | undefined;
  /** INR. */
  monthlyCost: number | undefined;
  /** Why it is kept; empty where it is deleted. */
  reasons: readonly string[];
}

export interface ServerForecast {
  cloudId: CloudId;
  hostname: string;
  take: boolean;
  dueAt: number;
  /** Whether no run fell into the window in which it was due. */
  missedWindow: boolean;
  /** Size of the server's disk, which a new snapshot does not exceed. */
  diskSizeGb: number | undefined;
  /** Newest first. */
  snapshots: readonly SnapshotForecast[];
}

/** What a rotation would do now, with what a person wants to know about it. */
export interface Forecast {
  subject: RotationSubject;
  /** The plan in one sentence. */
  summary: string;
  servers: readonly ServerForecast[];
  /** Servers of the rotation that Utho does not know. */
  unknown: readonly string[];
  /** What the deletes save; `netMonthlyCost`: less what the snapshots that are taken cost, and below 0 where that is more. */
  saved: { snapshots: number; sizeGb: number; monthlyCost: number; netMonthlyCost: number };
  /** What it costs a month now, after this, and once the policy is full. */
  bill: Bill;
  /** What it holds and costs a month at a later time, if it runs whenever a snapshot is due until then. */
  grown: { snapshots: number; monthlyCost: number } | undefined;
}

/**
 * Plans a rotation on what the account holds.
 * @param now when it is to run
 * @param today when it is asked; a later `now` shows what will have grown until then
 */
export function forecast(subject: RotationSubject, view: AccountView, now: number, today = now): Forecast {
  const known = subject.cloudIds.filter((cloudId) => view.servers.has(cloudId));
  const { settings } = subject;
  const names = new Map(known.map((cloudId) => [cloudId, view.servers.get(cloudId)?.hostname ?? cloudId]));
  const groups = byServer(view.listed);
  const clocks = { waitMs: subject.waitMs, timeZone: view.timeZone };
  const of = (cloudId: CloudId): RotationSnapshot[] =>
    subject.known.membersAmong(groups.get(cloudId) ?? [], { cloudId }, clocks);
  const plans = known.map((cloudId) =>
    sparing(decide(settings, cloudId, of(cloudId), now, subject.known.runFacts(cloudId)), subject.whyKept),
  );
  const departed = subject.departed.map((id) =>
    sparing(decideDeparted(settings, id, of(id), now), subject.whyKept),
  );
  const servers = [...plans, ...departed].map((plan) => serverForecast(plan, view));
  const deleted = servers.flatMap((one) => one.snapshots).filter(({ action }) => action === "delete");
  const disks = disksOf(view);
  const policy = policyOf(settings);
  const bill = billOf([...plans, ...departed], policy, disks, now);
  return {
    subject,
    summary: settings.paused ? "is paused, takes nothing, deletes nothing" : describePlan(plans, now, names),
    servers,
    unknown: subject.cloudIds.filter((cloudId) => !view.servers.has(cloudId)),
    saved: {
      snapshots: deleted.length,
      sizeGb: sum(deleted.map(({ sizeGb }) => sizeGb)),
      monthlyCost: sum(deleted.map(({ monthlyCost }) => monthlyCost)),
      netMonthlyCost: sum([bill.now, -bill.after]),
    },
    bill: settings.paused ? { ...bill, growth: [] } : bill,
    grown:
      settings.paused || now <= today
        ? undefined
        : heldThen([...plans, ...departed], policy, disks, today, now),
  };
}

function serverForecast(plan: ServerPlan, view: AccountView): ServerForecast {
  const forecastOf = (action: "keep" | "delete", snapshot: RotationSnapshot, reasons: readonly string[]) => {
    const { id, name, takenAt, status, sizeGb } = snapshot;
    return { action, id, name, takenAt, status, sizeGb, monthlyCost: monthlyCost(sizeGb), reasons };
  };
  const kept = plan.keep.map(({ snapshot, reasons }) => forecastOf("keep", snapshot, reasons));
  const deleted = plan.delete.map((snapshot) => forecastOf("delete", snapshot, []));
  const server = view.servers.get(plan.cloudId);
  return {
    cloudId: plan.cloudId,
    hostname: server?.hostname ?? "",
    take: plan.take,
    dueAt: plan.dueAt,
    missedWindow: plan.missedWindow,
    diskSizeGb: server?.diskSizeGb,
    snapshots: [...kept, ...deleted].sort((a, b) => b.takenAt - a.takenAt),
  };
}

function disksOf({ servers }: AccountView): Map<CloudId, number> {
  const disks = new Map<CloudId, number>();
  for (const [cloudId, { diskSizeGb }] of servers)
    if (diskSizeGb !== undefined) disks.set(cloudId, diskSizeGb);
  return disks;
}

function sum(amounts: readonly (number | undefined)[]): number {
  const total = amounts.reduce<number>((so, amount) => so + (amount ?? 0), 0);
  return Math.round(total * 100) / 100;
}
