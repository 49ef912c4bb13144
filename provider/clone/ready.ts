import type { Server } from "../../client";
import { UthoError } from "../../client/errors";
import { ProviderFailure } from "../failure";
import { isOffWord, wordsOf } from "../running";
import type { Operation } from "../snapshot/operation";
import { isFailure } from "../snapshot/status";
import { watch } from "../snapshot/watch";
import { isReady } from "./diff";

/** Waits until a server is Active and Running; `onSight` hears of every answer about it. */
export async function untilServerReady(
  operation: Operation,
  cloudId: string,
  onSight: (server: Server) => void,
): Promise<void> {
  const { account } = operation;
  let askedOn = false;
  const outcome = await watch<Server>(
    operation,
    `waiting for server ${cloudId}`,
    operation.deadline,
    async () => {
      const server = await account.client.servers.get(cloudId);
      if (server === undefined) return { waiting: "not listed yet" };
      onSight(server);
      if (isReady(server) || isFailure(server.status)) return { done: server };
      if (isSwitchedOff(server) && !askedOn) askedOn = await switchOn(operation, cloudId);
      return { waiting: wordsOf(server) };
    },
  );
  if ("timedOut" in outcome) throw notReady(operation, cloudId, outcome.timedOut);
  if (isFailure(outcome.done.status)) throw failed(cloudId, outcome.done);
}

/** Off for good, and not because it is still being made. */
function isSwitchedOff(server: Server): boolean {
  return isOffWord(server.powerStatus ?? "") && /^(stopped|active)$/i.test((server.status ?? "").trim());
}

async function switchOn(operation: Operation, cloudId: string): Promise<boolean> {
  await operation.beforeWrite();
  try {
    await operation.account.client.servers.power(cloudId, "poweron");
    operation.progress.info(`Server ${cloudId} was off and was switched on.`);
    return true;
  } catch (error) {
    // Busy, or an answer that was lost: the next look tells.
    if (error instanceof UthoError && (error.code === "UTHO_BUSY" || error.effect === "unknown"))
      return false;
    throw error;
  } finally {
    operation.account.listing.written(cloudId);
  }
}

function notReady(operation: Operation, cloudId: string, last: string): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_CLONE_NOT_READY",
    attempted: `wait until server ${cloudId} is Active and Running`,
    because: `it was not within the timeout of ${operation.timeout}. Last seen: ${last}.`,
    kept: `server ${cloudId} exists, and its id is in state.`,
    next: "run again: the next `pulumi up` goes on waiting for it; a longer customTimeouts.create waits longer at once.",
  });
}

function failed(cloudId: string, server: Server): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_CLONE_FAILED",
    attempted: `wait until server ${cloudId} is Active and Running`,
    because: `its status is "${server.status ?? ""}".`,
    kept: `server ${cloudId} exists, and its id is in state.`,
    next: "run again: a clone that was never ready is replaced, and the failed one destroyed; one that was is kept, ask Utho's support about it.",
  });
}
