import { UthoError } from "../../client/errors";
import { parseDuration } from "../duration";
import { hasUnknown, isUnknown } from "../engine/unknown";
import { ProviderFailure } from "../failure";
import type { Account } from "../utho/account";
import type { ProviderRuntime } from "../utho/runtime";
import type { Sizes } from "./bill";
import { ROTATION_TIMEOUTS, type RotationInputs, type RotationState } from "./contract";
import { decide, type Findings, findingsIn } from "./decide";
import { departuresOf } from "./departures";
import { type Member, memberOf } from "./members";
import { isMisdated } from "./misdated";
import type { Hostnames } from "./plan/describe";
import type { ServerPlan } from "./plan/types";
import { membersPresent } from "./present";
import { prefixOf } from "./settings";

/** How old an answer a preview may use. */
const PREVIEW_WINDOW_MS = 60_000;

/** What an update is going to meet and to do, as far as it is known before. */
export interface Outlook {
  inputs: RotationInputs;
  /** `undefined`: the rotation is new to the state. */
  state: RotationState | undefined;
  /** Milliseconds since the epoch. */
  now: number;
  /** Inputs whose values are not known before the update. */
  open: ReadonlySet<string>;
  /** One plan for each server that is known to stay. */
  plans: readonly ServerPlan[];
  /** The same for servers of which it is not known whether they stay. */
  unsure: readonly ServerPlan[];
  leaving: readonly string[];
  /** The rotation's snapshots, by server. */
  members: ReadonlyMap<string, readonly Member[]>;
  names: Hostnames;
  sizes: Sizes;
  /** Why Utho could not be asked; all of this is by state then. */
  stale: string | undefined;
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
  const seen = await lookAt(runtime, inputs, state, [...staying, ...leaving, ...unsure], now);
  const all = [...seen.members.values()].flat();
  const open = new Set(Object.keys(news).filter((key) => hasUnknown(news[key])));
  // Of a zone that is not known yet nothing can be planned, and nothing is said of such a plan.
  const settings = open.has("timeZone") ? { ...inputs, timeZone: "UTC" } : inputs;
  const planFor = (cloudId: string): ServerPlan => decide(settings, cloudId, all, seen.findings, now);
  return {
    inputs,
    state,
    now,
    open,
    plans: staying.map(planFor),
    unsure: unsure.map(planFor),
    leaving,
    ...seen,
    sizes: {
      ofSnapshot: (id) => all.find((one) => one.id === id)?.sizeGb,
      ofDisk: (cloudId) => seen.disks.get(cloudId),
    },
  };
}

interface Seen {
  members: Map<string, Member[]>;
  findings: Findings;
  names: Map<string, string>;
  disks: Map<string, number>;
  stale: string | undefined;
}

async function lookAt(
  runtime: ProviderRuntime,
  inputs: RotationInputs,
  state: RotationState | undefined,
  cloudIds: readonly string[],
  now: number,
): Promise<Seen> {
  const seen = fromState(state, cloudIds);
  try {
    const account = await runtime.account();
    const listing = await account.listing.account(now - PREVIEW_WINDOW_MS);
    const known = {
      mark: state === undefined || state.mark === "" ? inputs.mark : state.mark,
      prefixes: [...(state?.prefixes ?? []), prefixOf(inputs)],
      snapshots: state?.snapshots ?? [],
      recorded: state?.recorded ?? [],
    };
    const present = await Promise.all(
      cloudIds.map((cloudId) => membersPresent(account, listing, known, cloudId, now - PREVIEW_WINDOW_MS)),
    );
    seen.members = new Map(cloudIds.map((cloudId, index) => [cloudId, present[index] ?? []]));
    const waitMs = parseDuration(inputs.timeouts?.update ?? ROTATION_TIMEOUTS.update) ?? 0;
    const wrong = present.flat().filter((one) => isMisdated(one, waitMs, account.settings.timeZone));
    seen.findings = {
      ...seen.findings,
      misdated: new Set([...seen.findings.misdated, ...wrong.map(({ id }) => id)]),
    };
    await nameServers(account, seen, cloudIds, now);
  } catch (error) {
    if (!(error instanceof UthoError || error instanceof ProviderFailure)) throw error;
    seen.stale = error.code;
  }
  return seen;
}

function fromState(state: RotationState | undefined, cloudIds: readonly string[]): Seen {
  const members = (state?.snapshots ?? []).map(memberOf);
  const named = members.flatMap(({ cloudId, serverName }): [string, string][] =>
    serverName === undefined ? [] : [[cloudId, serverName]],
  );
  return {
    members: new Map(cloudIds.map((id) => [id, members.filter(({ cloudId }) => cloudId === id)])),
    findings: findingsIn(state),
    names: new Map(named),
    disks: new Map(),
    stale: undefined,
  };
}

/** Hostnames and disks are asked for only where state lacks some, which is once for each server as a rule. */
async function nameServers(
  account: Account,
  seen: Seen,
  cloudIds: readonly string[],
  now: number,
): Promise<void> {
  if (cloudIds.every((cloudId) => seen.names.has(cloudId))) return;
  for (const { cloudId, hostname, diskSizeGb } of await account.listing.servers(now - PREVIEW_WINDOW_MS)) {
    if (hostname !== "") seen.names.set(cloudId, hostname);
    if (diskSizeGb !== undefined) seen.disks.set(cloudId, diskSizeGb);
  }
}
