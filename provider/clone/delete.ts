import { NotFoundError, UthoError } from "../../client/errors";
import { formatDuration } from "../duration";
import { ProviderFailure } from "../failure";
import { saidBy } from "../said";
import { wordsOf } from "../utho/running";
import type { ProviderRuntime } from "../utho/runtime";
import { inTurn, type Operation } from "../utho/turn";
import { watch } from "../utho/watch";
import { CLONE_TIMEOUTS, type CloneState } from "./contract";
import type { CloneMemory } from "./memory";
import { listedServer } from "./read";

/** Destroys the server and its disk; one that is gone already is fine. */
export async function deleteClone(
  runtime: ProviderRuntime,
  memory: CloneMemory,
  id: string,
  state: CloneState,
): Promise<void> {
  if (memory.takenOver.has(id)) throw takenOver(id);
  const { resourceUrn } = state;
  if (memory.keptAlive.has(id)) {
    // A replacement that took its own predecessor over leaves two entries of one server in state.
    const progress = runtime.progress(resourceUrn);
    progress.warn(`Server ${id} lives on under this resource; only its second entry in state was removed.`);
    await progress.flush();
    return;
  }
  const subject = { cloudId: id, resourceUrn, timeouts: { ...CLONE_TIMEOUTS, ...state.timeouts } };
  await inTurn(runtime, "delete", subject, async (operation) => {
    await destroy(operation, id);
    memory.known.delete(id);
  });
}

async function destroy(operation: Operation, id: string): Promise<void> {
  const { account, clock } = operation;
  let trouble: UthoError | undefined;
  let askAt = clock.now();
  const outcome = await watch(operation, `destroying server ${id}`, operation.deadline, async () => {
    // One answer alone may err, and a clone that is dropped from state while it runs costs money for ever.
    const server = (await account.client.servers.get(id)) ?? (await listedServer(account, id));
    if (server === undefined) return { done: true };
    if (clock.now() < askAt) return { waiting: `still there: ${wordsOf(server)}` };
    trouble = await ask(operation, id);
    if (trouble !== undefined) return { waiting: trouble.apiMessage ?? trouble.message };
    // Asking once more for the same id is harmless, should the first call have come to nothing.
    askAt = clock.now() + account.settings.listingLag;
    return { waiting: "asked for" };
  });
  if ("done" in outcome) return;
  throw new ProviderFailure({
    code: "UTHO_CLONE_NOT_GONE",
    attempted: `destroy server ${id}`,
    because: `it was still there after ${formatDuration(clock.now() - operation.startedAt)}. Last seen: ${outcome.timedOut}.`,
    said: saidBy(trouble),
    kept: `server ${id} stays in state until it is gone.`,
    next: "run again; a longer customTimeouts.delete waits longer.",
    cause: trouble,
  });
}

/** The trouble of a call that may be repeated; any other is thrown. */
async function ask(operation: Operation, id: string): Promise<UthoError | undefined> {
  await operation.beforeWrite();
  try {
    await operation.account.client.servers.destroy(id);
    return undefined;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    if (!(error instanceof UthoError)) throw error;
    if (error.code === "UTHO_BUSY" || error.code === "UTHO_RATE_LIMITED" || error.effect === "unknown")
      return error;
    throw error;
  } finally {
    operation.account.listing.written(id);
  }
}

function takenOver(id: string): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_TAKEN_OVER",
    attempted: `destroy server ${id} after its replacement`,
    because:
      "this run deployed no new server: it took this very one over, because within utho:takeoverWindow a forced replacement cannot be told from the re-run of an interrupted one.",
    kept: `server ${id} exists and stays in state; nothing was destroyed.`,
    next: "to force a new one, run `pulumi config set utho:takeoverWindow 0` and replace again.",
  });
}
