import type { Server } from "../../client";
import { BusyError, UthoError } from "../../client/errors";
import { formatDuration } from "../duration";
import { PartialFailure, ProviderFailure } from "../failure";
import { saidBy } from "../said";
import type { Operation } from "./operation";
import { watch } from "./watch";

/** Servers whose power state nobody told are taken to run: switching them on again does no harm. */
function isOff(server: Server | undefined): boolean {
  return /^(stopped|off|powered ?off|shutoff)$/i.test((server?.powerStatus ?? server?.status ?? "").trim());
}

/**
 * Runs `work` while the server is off, for a consistent image, and brings the server back to the power state it had,
 * also when `work` fails. A server that was off stays off.
 */
export async function withServerOff<T>(
  operation: Operation,
  server: Server,
  work: () => Promise<T>,
): Promise<T> {
  if (isOff(server)) return work();
  const offSince = operation.clock.now();
  let result: T;
  try {
    await switchTo(operation, "poweroff", offSince);
    result = await work();
  } catch (error) {
    throw await backOnAfter(operation, error, offSince);
  }
  await switchTo(operation, "poweron", offSince);
  return result;
}

/** The failure of the work, together with that of switching on again if that failed too. */
async function backOnAfter(operation: Operation, error: unknown, offSince: number): Promise<unknown> {
  try {
    await switchTo(operation, "poweron", offSince);
    return error;
  } catch (second) {
    if (!(error instanceof ProviderFailure) || !(second instanceof ProviderFailure)) return second;
    const story = {
      ...error.story,
      kept: `${error.story.kept} ${second.story.kept}`,
      next: `${second.story.next} ${error.story.next}`,
    };
    return error instanceof PartialFailure
      ? new PartialFailure(story, error.id, error.properties)
      : new ProviderFailure(story);
  }
}

async function switchTo(
  operation: Operation,
  action: "poweron" | "poweroff",
  offSince: number,
): Promise<void> {
  const { account, clock, cloudId } = operation;
  const wantOff = action === "poweroff";
  const doing = wantOff ? `powering server ${cloudId} off` : `powering server ${cloudId} on`;
  // Bringing a server back is worth its own time, even when the operation's is over.
  const until = wantOff ? operation.deadline : Math.max(operation.deadline, clock.now() + POWER_ON_MS);
  let said: unknown;
  let accepted = false;
  const outcome = await watch(operation, doing, until, async () => {
    const server = await account.listing.server(cloudId, clock.now());
    if (isOff(server) === wantOff) return { done: true };
    if (!accepted) {
      said = await request(operation, action);
      accepted = said === undefined;
    }
    return { waiting: wantOff ? "still running" : `off for ${formatDuration(clock.now() - offSince)}` };
  });
  if ("done" in outcome) return;
  throw new ProviderFailure({
    code: "UTHO_POWER",
    attempted: doing,
    because: `it was not ${wantOff ? "off" : "on"} in time. Last seen: ${outcome.timedOut}.`,
    said: saidBy(said),
    kept: wantOff ? `server ${cloudId} was asked to power on again.` : `server ${cloudId} may still be OFF.`,
    next: wantOff
      ? "shut the server down yourself and run again, or set powerOff: false for a live snapshot."
      : `power server ${cloudId} on in Utho's console.`,
    cause: said,
  });
}

/** Time that a server gets to come back. */
const POWER_ON_MS = 5 * 60_000;

/** Asks; a server that is busy or an answer that was lost is seen to by the next look. */
async function request(operation: Operation, action: "poweron" | "poweroff"): Promise<unknown> {
  try {
    await operation.account.client.servers.power(operation.cloudId, action);
    return undefined;
  } catch (error) {
    if (error instanceof BusyError || (error instanceof UthoError && error.effect === "unknown"))
      return error;
    throw error;
  } finally {
    operation.account.listing.written();
  }
}
