import type { Server } from "../../client";
import { ProviderFailure } from "../failure";
import { requestPowerOn } from "../utho/power";
import { isOffWord, wordsOf } from "../utho/running";
import { isFailure } from "../utho/status";
import type { Operation } from "../utho/turn";
import { watch } from "../utho/watch";
import { isReady } from "./diff";

/** A server shows Active and Shutdown while its disk is written, and then starts by itself, after 60 to 90 seconds. */
const STARTS_BY_ITSELF_MS = 120_000;

/**
 * Waits until a server is Active and Running; `onSight` hears of every answer about it.
 *
 * @param isNew it may still be imaged: then it is switched on only after it has been off for two minutes
 */
export async function untilServerReady(
  operation: Operation,
  cloudId: string,
  isNew: boolean,
  onSight: (server: Server) => void,
): Promise<void> {
  const { account, clock } = operation;
  let askAt: number | undefined;
  let asked = false;
  const outcome = await watch<Server>(
    operation,
    `waiting for server ${cloudId}`,
    operation.deadline,
    async () => {
      const server = await account.client.servers.get(cloudId);
      if (server === undefined) return { waiting: "not listed yet" };
      onSight(server);
      if (isReady(server) || isFailure(server.status)) return { done: server };
      if (!isSwitchedOff(server)) return { waiting: wordsOf(server) };
      askAt ??= clock.now() + (isNew ? STARTS_BY_ITSELF_MS : 0);
      if (clock.now() >= askAt) {
        asked = true;
        // A request that was refused or lost is repeated as soon as it had the time to show.
        const patienceMs = await requestPowerOn({ ...operation, cloudId });
        askAt = clock.now() + Math.min(STARTS_BY_ITSELF_MS, patienceMs);
      }
      return { waiting: wordsOf(server) };
    },
  );
  if ("timedOut" in outcome) throw notReady(operation, cloudId, outcome.timedOut);
  if (isFailure(outcome.done.status)) throw failed(cloudId, outcome.done);
  if (asked) operation.progress.info(`Server ${cloudId} was off and was switched on.`);
}

/** Off for good, and not because it is still being made. */
function isSwitchedOff(server: Server): boolean {
  return isOffWord(server.powerStatus ?? "") && /^(stopped|active)$/i.test((server.status ?? "").trim());
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
