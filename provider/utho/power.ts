import type { Server } from "../../client";
import { BusyError, RateLimitedError, UthoError } from "../../client/errors";
import { formatDuration } from "../duration";
import { type FailureStory, PartialFailure, ProviderFailure } from "../failure";
import { saidBy } from "../said";
import { isOff } from "./running";
import type { Operation } from "./turn";
import { watch } from "./watch";

/** What the work leaves behind, so that a failure after it still carries the id. */
interface Made {
  id: string;
  outs: Record<string, unknown>;
}

/**
 * Runs `work` while the server is off, for a consistent image, and brings the server back to the power state it had,
 * also when `work` fails. A server that was off by somebody's will stays off; one that an earlier run of ours left
 * off is brought back.
 */
export async function withServerOff<T extends Made>(
  operation: Operation,
  server: Server,
  work: () => Promise<T>,
): Promise<T> {
  const { account, clock, cloudId } = operation;
  if (isOff(server)) return bringBackAfter(operation, work);
  const offSince = clock.now();
  const since = new Date(offSince).toISOString();
  await account.powerLedger.note({ cloudId, since, resourceUrn: operation.resourceUrn });
  return thenPowerOn(operation, offSince, async () => {
    await switchTo(operation, "poweroff", offSince);
    return work();
  });
}

/** Runs `work` with the server as it is, and then switches on a server that a killed run of ours left off. */
export async function bringBackAfter<T extends Made>(
  operation: Operation,
  work: () => Promise<T>,
): Promise<T> {
  const { account, clock, cloudId, progress } = operation;
  const left = await account.powerLedger.find(cloudId);
  if (left === undefined) return work();
  const server = await account.listing.server(cloudId, clock.now());
  if (!isOff(server)) {
    await account.powerLedger.clear(cloudId);
    return work();
  }
  progress.warn(
    `An interrupted run switched server ${cloudId} off at ${left.since} and could not switch it on again; this run does.`,
  );
  return thenPowerOn(operation, Date.parse(left.since), work);
}

async function thenPowerOn<T extends Made>(
  operation: Operation,
  offSince: number,
  work: () => Promise<T>,
): Promise<T> {
  let made: T;
  try {
    made = await work();
  } catch (error) {
    throw await poweredOnAfter(operation, error, offSince);
  }
  try {
    await powerOn(operation, offSince);
  } catch (error) {
    throw error instanceof ProviderFailure ? new PartialFailure(error.story, made.id, made.outs) : error;
  }
  return made;
}

/** The failure of the work, together with that of switching on again if that failed too. */
async function poweredOnAfter(operation: Operation, error: unknown, offSince: number): Promise<unknown> {
  try {
    await powerOn(operation, offSince);
    return error;
  } catch (second) {
    if (!(error instanceof ProviderFailure) || !(second instanceof ProviderFailure)) return second;
    return withStory(error, {
      ...error.story,
      kept: `${error.story.kept} ${second.story.kept}`,
      next: `${second.story.next} ${error.story.next}`,
    });
  }
}

function withStory(error: ProviderFailure, story: FailureStory): ProviderFailure {
  return error instanceof PartialFailure
    ? new PartialFailure(story, error.id, error.properties)
    : new ProviderFailure(story);
}

async function powerOn(operation: Operation, offSince: number): Promise<void> {
  await switchTo(operation, "poweron", offSince);
  await operation.account.powerLedger.clear(operation.cloudId);
}

/** Time that a server gets to come back, even when the operation's own is over. */
const POWER_ON_MS = 5 * 60_000;

async function switchTo(
  operation: Operation,
  action: "poweron" | "poweroff",
  offSince: number,
): Promise<void> {
  const { account, clock, cloudId } = operation;
  const wantOff = action === "poweroff";
  const doing = wantOff ? `powering server ${cloudId} off` : `powering server ${cloudId} on`;
  const until = wantOff ? operation.deadline : Math.max(operation.deadline, clock.now() + POWER_ON_MS);
  let trouble: unknown;
  let askAgainAt = 0;
  const outcome = await watch(operation, doing, until, async () => {
    const server = await account.listing.server(cloudId, clock.now());
    if (server !== undefined && isOff(server) === wantOff) return { done: true };
    if (clock.now() >= askAgainAt) {
      const asked = await requestPower(operation, action);
      trouble = asked.trouble;
      askAgainAt = clock.now() + asked.patienceMs;
    }
    return { waiting: wantOff ? "still running" : `off for ${formatDuration(clock.now() - offSince)}` };
  });
  if ("timedOut" in outcome) throw notSwitched(operation, wantOff, doing, outcome.timedOut, trouble);
}

/** How a request for a power state was taken, and how long it has to show before it is made again. */
export interface Asked {
  trouble?: UthoError;
  patienceMs: number;
}

/** Asks; a server that is busy or an answer that was lost is seen to by the next look. */
export async function requestPower(operation: Operation, action: "poweron" | "poweroff"): Promise<Asked> {
  const { account, cloudId } = operation;
  await operation.beforeWrite();
  try {
    const { acknowledged } = await account.client.servers.power(cloudId, action);
    // An empty answer is how Utho says yes to this, and how a request that went nowhere looks too.
    return { patienceMs: acknowledged ? Number.POSITIVE_INFINITY : account.settings.listingLag };
  } catch (error) {
    if (error instanceof BusyError || error instanceof RateLimitedError)
      return { trouble: error, patienceMs: 0 };
    if (error instanceof UthoError && error.effect === "unknown") return { trouble: error, patienceMs: 0 };
    throw error;
  } finally {
    account.listing.written(cloudId);
  }
}

function notSwitched(
  operation: Operation,
  wantOff: boolean,
  doing: string,
  lastSeen: string,
  trouble: unknown,
): ProviderFailure {
  const { cloudId } = operation;
  return new ProviderFailure({
    code: "UTHO_POWER",
    attempted: doing,
    because: `it was not ${wantOff ? "off" : "on"} in time. Last seen: ${lastSeen}.`,
    said: saidBy(trouble),
    kept: wantOff
      ? `no snapshot was made; server ${cloudId} is switched on again.`
      : `server ${cloudId} may still be OFF.`,
    next: wantOff
      ? "shut the server down yourself and run again, or set powerOff: false for a live snapshot."
      : `power server ${cloudId} on in Utho's console.`,
    cause: trouble,
  });
}
