import { UthoError } from "../../client/errors";
import type { CloudId } from "../../client/request";
import type { EngineMemory } from "../engine/memory";
import { hasUnknown, isUnknown } from "../engine/values";
import { ProviderFailure } from "../failure";
import type { Account } from "../utho/account";
import { monthlyCost } from "../utho/facts";
import { REFRESH_WINDOW_MS } from "../utho/listing";
import type { SnapshotRef } from "../utho/names";
import type { ProviderRuntime } from "../utho/runtime";
import { isActive } from "../utho/status";
import type { RotationInputs } from "./contract";
import { decide, decideDeparted, spareIn, sparing } from "./decide";
import { Known, lookAtMembers } from "./members";
import type { Bill } from "./plan/describe";
import { type HeldLater, heldLater, keptWhenFull } from "./plan/server";
import type { RotationPolicy, RotationSnapshot, ServerPlan } from "./plan/types";
import type { RotationState } from "./state";

/** Servers that state knows and the program does not name. */
interface Departures {
  leaving: string[];
  /** Some ids of the program are not known before the update; these may be among them, or leave. */
  unsure: string[];
}

/** Which servers leave the rotation, those included whose snapshots an earlier run could not delete. */
export function departuresOf(
  { cloudIds }: Pick<RotationInputs, "cloudIds">,
  known: Pick<RotationState, "cloudIds" | "leaving"> | undefined,
): Departures {
  const named = new Set(cloudIds);
  const before = new Set([...(known?.cloudIds ?? []), ...(known?.leaving ?? [])]);
  const missing = [...before].filter((cloudId) => !named.has(cloudId));
  return cloudIds.some(isUnknown) ? { leaving: [], unsure: missing } : { leaving: missing, unsure: [] };
}

/** Whether the snapshots of a server that leaves are deleted now; a paused rotation does that when it goes on. */
export function clearsLeaving({ onRemove, paused }: Pick<RotationInputs, "onRemove" | "paused">): boolean {
  return onRemove === "delete" && !paused;
}

/** Sizes of the servers' disks in GB, as far as they are known. */
type Disks = ReadonlyMap<CloudId, number>;

/** The bill of these plans, under the policy that they were made by. */
export function billOf(
  plans: readonly ServerPlan[],
  policy: RotationPolicy,
  disks: Disks,
  now: number,
): Bill {
  const whenFull = keptWhenFull(policy, now);
  const bills = plans.map((plan) => {
    const kept = plan.keep.map(({ snapshot }) => snapshot.sizeGb);
    const deleted = plan.delete.map(({ sizeGb }) => sizeGb);
    const next = plan.hasLeft ? 0 : nextSize(plan, disks);
    const unknown = [...kept, ...deleted, next].includes(undefined);
    return {
      kept: sum(kept),
      deleted: sum(deleted),
      taken: plan.take ? (next ?? 0) : 0,
      next: next ?? 0,
      unknown,
    };
  });
  const total = (of: (bill: (typeof bills)[number]) => number): number =>
    costOf(bills.reduce((all, one) => all + of(one), 0));
  return {
    now: total(({ kept, deleted }) => kept + deleted),
    after: total(({ kept, taken }) => kept + taken),
    growth: GROWN_AFTER.flatMap((months) => {
      const held = heldThen(plans, policy, disks, now, now + months * MONTH);
      return held === undefined ? [] : [{ months, monthlyCost: held.monthlyCost }];
    }),
    full: whenFull === undefined ? undefined : total(({ next }) => next * whenFull),
    keptWhenFull: whenFull,
    servers: plans.filter(({ hasLeft }) => !hasLeft).length,
    incomplete: bills.some(({ unknown }) => unknown),
  };
}

const HOUR = 3_600_000;
const MONTH = (365.25 / 12) * 24 * HOUR;
/** Months from now for which the growth of the bill is said. */
const GROWN_AFTER = [1, 3, 12];
/** A preview must not wait for this: so many snapshots are played through at most. */
const MOST_PLAYED = 500_000;

/** `undefined`: too much to play through. Servers whose histories are of the same hours are played through once. */
export function heldThen(
  plans: readonly ServerPlan[],
  policy: RotationPolicy,
  disks: Disks,
  from: number,
  until: number,
): { snapshots: number; monthlyCost: number } | undefined {
  const futures = new Map<string, HeldLater | undefined>();
  let [played, snapshots, sizeGb] = [0, 0, 0];
  for (const plan of plans) {
    const own = [...plan.keep.map(({ snapshot }) => snapshot), ...(plan.hasLeft ? [] : plan.delete)];
    const key = `${plan.hasLeft} ${plan.dueAt <= from} ${own.map((one) => `${Math.round((from - one.takenAt) / HOUR)}${one.status}`)}`;
    if (!futures.has(key)) {
      played += own.length + (until - from) / policy.everyMs;
      if (played > MOST_PLAYED) return undefined;
      futures.set(key, heldLater(own, { cloudId: plan.cloudId, policy, from, until }));
    }
    const later = futures.get(key);
    if (later === undefined) return undefined;
    const coming = plan.hasLeft ? 0 : later.taken;
    snapshots += later.own.length + coming;
    sizeGb += sum(later.own.map((index) => own[index]?.sizeGb));
    sizeGb += coming * (nextSize(plan, disks) ?? 0);
  }
  return { snapshots, monthlyCost: costOf(sizeGb) };
}

/** The newest Active one is the best estimate of the next one's size, which does not exceed the disk. */
function nextSize({ cloudId, keep, delete: doomed }: ServerPlan, disks: Disks): number | undefined {
  const all = [...keep.map(({ snapshot }) => snapshot), ...doomed].filter(({ status }) => isActive(status));
  const [newest] = all.sort((a, b) => b.takenAt - a.takenAt).flatMap(({ sizeGb }) => sizeGb ?? []);
  return newest ?? disks.get(cloudId);
}

function sum(sizes: readonly (number | undefined)[]): number {
  return sizes.reduce<number>((all, size) => all + (size ?? 0), 0);
}

function costOf(sizeGb: number): number {
  return monthlyCost(sizeGb) ?? 0;
}

/** What an update is going to meet and to do, as far as it is known before. */
export interface Outlook extends Seen {
  inputs: RotationInputs;
  /** `undefined`: the rotation is new to the state. */
  state: RotationState | undefined;
  now: number;
  /** Inputs whose values are not known before the update. */
  open: ReadonlySet<string>;
  plans: readonly ServerPlan[];
  /** The same for servers of which it is not known whether they stay. */
  unsure: readonly ServerPlan[];
  leaving: readonly string[];
  /** The same for those whose snapshots age out (`onRemove: "expire"`). */
  expiring: readonly ServerPlan[];
  /** Of servers where a snapshot is due: ids of those that may go before it is taken. */
  spare: ReadonlyMap<string, readonly string[]>;
  /** Servers on which the last run was allowed no more snapshots, and one is due. */
  full: readonly string[];
  /** By id, the resource for which a snapshot stays that would be deleted (docs/decisions/0191). */
  inUse: ReadonlyMap<SnapshotRef, string>;
}

/** Looks at the account, by a listing that all rotations share. Where Utho does not answer, state has to do. */
export async function outlookOf(
  runtime: ProviderRuntime,
  inputs: RotationInputs,
  news: Readonly<Record<string, unknown>>,
  state: RotationState | undefined,
): Promise<Outlook> {
  const now = runtime.clock.now();
  const staying = inputs.cloudIds.filter((cloudId) => !isUnknown(cloudId));
  const { leaving, unsure } = departuresOf(inputs, state);
  const known = new Known(state, inputs);
  const seen = await lookAt(runtime, inputs, known, [...staying, ...leaving, ...unsure], now);
  const of = (cloudId: CloudId): readonly RotationSnapshot[] => seen.members.get(cloudId) ?? [];
  const open = new Set(Object.keys(news).filter((key) => hasUnknown(news[key])));
  // Of a zone that is not known yet nothing can be planned, and nothing is said of such a plan.
  const settings = open.has("timeZone") ? { ...inputs, timeZone: "UTC" } : inputs;
  const inUse = new Map<SnapshotRef, string>();
  const userOf = usersNotedIn(inUse, runtime.memory, known);
  const planFor = (cloudId: CloudId): ServerPlan =>
    sparing(decide(settings, cloudId, of(cloudId), now, known.runFacts(cloudId)), userOf);
  const plans = staying.map(planFor);
  const expires = inputs.onRemove === "expire" && !open.has("onRemove");
  if (inputs.onRemove === "delete") [...leaving, ...unsure].flatMap(of).map(userOf);
  const due = plans.filter(({ take }) => take).map(({ cloudId }) => cloudId);
  return {
    inputs,
    state,
    now,
    open,
    plans,
    spare: new Map(
      due.map((id) => [id, spareIn(settings, id, of(id), now).filter((one) => !inUse.has(one))]),
    ),
    full: limitedAmong(due, state),
    unsure: unsure.map(planFor),
    leaving,
    expiring: expires ? leaving.map((id) => sparing(decideDeparted(settings, id, of(id), now), userOf)) : [],
    inUse,
    ...seen,
  };
}

/** Those on which the last run was allowed no more snapshots. */
function limitedAmong(cloudIds: readonly CloudId[], state: RotationState | undefined): CloudId[] {
  const limits = state?.failures.filter(({ code }) => code === "UTHO_SNAPSHOT_LIMIT") ?? [];
  const limited = new Set(limits.map(({ cloudId }) => cloudId));
  return cloudIds.filter((id) => limited.has(id));
}

/** Which other resource of the program has a snapshot, or is to be made of it; each is noted. */
function usersNotedIn(users: Map<SnapshotRef, string>, memory: EngineMemory, known: Known) {
  return ({ id }: Pick<RotationSnapshot, "id">): string | undefined => {
    const user = memory.userOf(id) ?? known.whySpared(id);
    if (user !== undefined) users.set(id, user);
    return user;
  };
}

interface Seen {
  members: ReadonlyMap<CloudId, readonly RotationSnapshot[]>;
  names: Map<CloudId, string>;
  disks: Map<CloudId, number>;
  /** Why Utho could not be asked; all of this is by state then. */
  stale: string | undefined;
}

async function lookAt(
  runtime: ProviderRuntime,
  inputs: RotationInputs,
  known: Known,
  cloudIds: readonly CloudId[],
  now: number,
): Promise<Seen> {
  const seen: Seen = {
    members: new Map(cloudIds.map((cloudId) => [cloudId, known.of(cloudId)])),
    names: new Map(),
    disks: new Map(),
    stale: undefined,
  };
  for (const { cloudId, serverName } of known.all())
    if (serverName !== undefined) seen.names.set(cloudId, serverName);
  try {
    const account = await runtime.account();
    seen.members = await lookAtMembers(account, known, cloudIds, inputs, now);
    await nameServers(account, seen, cloudIds, now);
  } catch (error) {
    if (!(error instanceof UthoError || error instanceof ProviderFailure)) throw error;
    seen.stale = error.code;
  }
  return seen;
}

/** Hostnames and disks are asked for only where state lacks some, which is once for each server as a rule. */
async function nameServers(
  account: Account,
  seen: Seen,
  cloudIds: readonly CloudId[],
  now: number,
): Promise<void> {
  if (cloudIds.every((cloudId) => seen.names.has(cloudId))) return;
  // No write of ours changes either of them.
  for (const { cloudId, hostname, diskSizeGb } of await account.listing.servers(
    now - REFRESH_WINDOW_MS,
    [],
  )) {
    if (hostname !== "") seen.names.set(cloudId, hostname);
    if (diskSizeGb !== undefined) seen.disks.set(cloudId, diskSizeGb);
  }
}
