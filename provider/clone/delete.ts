import type { CallOptions, UthoClient } from "../../client";
import { AuthError, NotFoundError } from "../../client/errors";
import type { CloudId } from "../../client/id";
import { formatDuration } from "../duration";
import { ProviderFailure, saidBy } from "../failure";
import { untilDone } from "../utho/attempt";
import { forgetOff } from "../utho/power";
import type { ProviderRuntime } from "../utho/runtime";
import { wordsOf } from "../utho/status";
import { inTurn, type Operation } from "../utho/turn";
import { CLONE_TIMEOUTS, type CloneState } from "./contract";
import { confirmDestroyed, listedServer } from "./read";

/** Destroys the server and its disk; one that is gone already is fine. */
export async function deleteClone(runtime: ProviderRuntime, id: CloudId, state: CloneState): Promise<void> {
  const { resourceUrn } = state;
  const holder = runtime.memory.holderOf(id);
  if (holder !== undefined && (holder === resourceUrn || runtime.memory.hasTakenOver(id)))
    throw takenOver(id);
  if (holder !== undefined) {
    const progress = runtime.progress(resourceUrn);
    progress.warn(`Server ${id} still belongs to ${holder}; only this entry in the state was removed.`);
    await progress.flush();
    return;
  }
  const subject = { cloudId: id, resourceUrn, timeouts: { ...CLONE_TIMEOUTS, ...state.timeouts } };
  await inTurn(runtime, "delete", subject, (operation) => destroy(operation, id, state));
}

async function destroy(operation: Operation, id: CloudId, state: CloneState): Promise<void> {
  const { account, clock, deadline, startedAt } = operation;
  let hostname = "";
  const end = await untilDone<true, unknown>(operation, {
    doing: `destroying server ${id}`,
    until: deadline,
    // One answer alone may err, and a clone that is dropped from state while it runs costs money for ever.
    look: async () => {
      const server = (await account.client.servers.get(id)) ?? (await listedServer(account, id));
      if (server === undefined) {
        await confirmDestroyed(account, id, state);
        return { done: true };
      }
      ({ hostname } = server);
      return { waiting: `still there: ${wordsOf(server)}` };
    },
    send: (options) => destroyOnce(account.client, id, hostname, options),
    // Asking once more for the same id is harmless, should the first call have come to nothing.
    patienceMs: () => account.settings.listingLag,
  });
  if ("done" in end) return forgetOff(operation);
  const refused = "refused" in end;
  const trouble = refused ? end.refused : end.trouble;
  if (trouble instanceof AuthError) throw trouble;
  const lasted = formatDuration(clock.now() - startedAt);
  throw new ProviderFailure({
    code: "UTHO_CLONE_NOT_GONE",
    attempted: `destroy server ${id}`,
    because: refused ? "Utho refused it." : `it was still there after ${lasted}. Last seen: ${end.timedOut}.`,
    said: saidBy(trouble),
    kept: `server ${id} stays in state until it is gone.`,
    next: refused
      ? "see by Utho's words what stands against it, and run again; or destroy it in Utho's console."
      : "run again; a longer customTimeouts.delete waits longer.",
    cause: trouble,
  });
}

/** That it is not there is for the next look to say. */
async function destroyOnce(
  client: UthoClient,
  id: CloudId,
  hostname: string,
  options: CallOptions,
): Promise<void> {
  try {
    await client.servers.destroy(id, hostname, options);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}

function takenOver(id: CloudId): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_TAKEN_OVER",
    attempted: `destroy server ${id} after its replacement`,
    because:
      "no new server was deployed: the existing one was taken over, since within utho:takeoverWindow a forced replacement looks like the re-run of an interrupted deployment.",
    kept: `server ${id} exists and stays in state; nothing was destroyed.`,
    next: "to deploy a new server, run `pulumi up --refresh --replace <urn>`, which shows the provider what is in the state. After `pulumi config set utho:takeoverWindow 0`, or when that window is over, `pulumi up --replace <urn>` does it as well.",
  });
}
