import type { Acknowledgement, CallOptions, Server } from "../../client";
import { AuthError, type UthoError } from "../../client/errors";
import { formatDuration } from "../duration";
import { type FailureStory, PartialFailure, ProviderFailure, saidBy } from "../failure";
import { attempt, type DeedEnd, patienceAfter, untilDone } from "./attempt";
import { isOff } from "./status";
import type { Operation } from "./turn";
import { type Look, watch } from "./watch";

/** What the work leaves behind, so that a failure after it still carries the id. */
interface Made {
  id: string;
  outs: Record<string, unknown>;
}

/**
 * Runs `work` while the server is off, for a consistent image, and brings the server back to the power state it had,
 * also when `work` fails. A server that its owner switched off stays off; one that an earlier run of ours left
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
  const until = wantOff ? operation.deadline : Math.max(operation.deadline, clock.now() + POWER_ON_MS);
  const look = async (): Promise<Look<true>> => {
    const server = await account.listing.server(cloudId, clock.now());
    if (server !== undefined && isOff(server) === wantOff) return { done: true };
    return { waiting: wantOff ? "still running" : `off for ${formatDuration(clock.now() - offSince)}` };
  };
  const request = switching(operation, action, until);
  const end = await untilDone<true, Acknowledgement>(operation, {
    ...request,
    look,
    patienceMs: (answer) => patienceWith(operation, answer),
    // Whoever leaves the server running has done no harm.
    insists: !wantOff,
  });
  if ("done" in end) return;
  if (wantOff && "refused" in end && !(end.refused instanceof AuthError)) {
    // One that goes off after all must not be taken for one that runs, and be left off.
    const shown = Math.min(until, clock.now() + account.settings.listingLag);
    if ("done" in (await watch(operation, request.doing, shown, look))) return;
  }
  throw notSwitched(operation, wantOff, end);
}

function switching(operation: Operation, action: "poweron" | "poweroff", until: number) {
  const { account, cloudId } = operation;
  const doing = `powering server ${cloudId} ${action === "poweroff" ? "off" : "on"}`;
  const send = (options: CallOptions) => account.client.servers.power(cloudId, action, options);
  return { doing, until, send };
}

/** An empty answer is how Utho says yes to this, and how a request that went nowhere looks too. */
function patienceWith({ account }: Operation, { acknowledged }: Acknowledgement): number {
  return acknowledged ? Number.POSITIVE_INFINITY : account.settings.listingLag;
}

/** Asks a server to start, for one who looks by himself; gives the time that it has to show, in milliseconds. */
export async function requestPowerOn(operation: Operation): Promise<number> {
  const ending = await attempt(operation, switching(operation, "poweron", operation.deadline));
  if (ending.kind === "answered") return patienceWith(operation, ending.answer);
  if (ending.kind === "refused" && ending.error instanceof AuthError) throw ending.error;
  return patienceAfter(operation, ending);
}

function notSwitched(
  operation: Operation,
  wantOff: boolean,
  end: Exclude<DeedEnd<true>, { done: true }>,
): UthoError | ProviderFailure {
  const refused = "refused" in end;
  const trouble = refused ? end.refused : end.trouble;
  if (trouble instanceof AuthError) return trouble;
  const why = refused
    ? "Utho refused it."
    : `it was not ${wantOff ? "off" : "on"} in time. Last seen: ${end.timedOut}.`;
  const { cloudId } = operation;
  return new ProviderFailure({
    code: "UTHO_POWER",
    attempted: `power server ${cloudId} ${wantOff ? "off" : "on"}`,
    because: why,
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
