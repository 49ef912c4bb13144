import type { Snapshot } from "../../client";
import { NotFoundError } from "../../client/errors";
import type { CloudId } from "../../client/request";
import { formatDuration } from "../duration";
import { flagOf } from "../engine/inputs";
import type { EngineMemory } from "../engine/memory";
import { type FailureStory, ProviderFailure, saidBy, toFailure } from "../failure";
import { type DeedEnd, untilDone } from "../utho/attempt";
import { costOf, monthlyCost } from "../utho/facts";
import { findKept, takeKept } from "../utho/keep";
import { formatSnapshotId, parseSnapshotId, type SnapshotRef } from "../utho/names";
import { forgetOff } from "../utho/power";
import { requireReady, untilReady } from "../utho/ready";
import { livesOn } from "../utho/remove";
import type { Operation, ProviderRuntime } from "../utho/runtime";
import { isActive, wordsOf } from "../utho/status";
import { inTurn } from "../utho/turn";
import { type CloneState, FINAL_TIMEOUT, finalOf } from "./contract";
import { findClone } from "./read";

/** Destroys the server and its disk, after a last snapshot where one is wanted; one that is gone already is fine. */
export async function deleteClone(runtime: ProviderRuntime, id: CloudId, state: CloneState): Promise<void> {
  const { resourceUrn } = state;
  const { memory } = runtime;
  const taken = {
    attempted: `destroy server ${id} after its replacement`,
    instead: "no new server was deployed: the existing one was taken over",
    interrupted: "deployment",
    kept: `server ${id} exists and stays in state; nothing was destroyed.`,
    wanted: "deploy a new server,",
  };
  if (await livesOn(runtime, id, "Server", resourceUrn, taken)) return;
  // Where it is replaced, what the program says is in effect at once.
  const program = memory.programOf(resourceUrn) ?? {};
  const isFinal = flagOf(program.finalSnapshot) ?? state.finalSnapshot ?? false;
  const usual = isFinal ? { delete: FINAL_TIMEOUT } : {};
  const subject = { cloudId: id, resourceUrn, timeouts: { ...usual, ...state.timeouts } };
  await inTurn(runtime, "delete", subject, async (operation) => {
    const kept = isFinal ? await keepFinal(operation, memory, state) : undefined;
    await destroy(operation, id, state);
    if (kept !== undefined) await confirmKept(operation, kept);
  });
}

/** Takes the last snapshot of the server, or goes on with the one of an interrupted deletion, until it is Active. */
async function keepFinal(
  operation: Operation,
  memory: EngineMemory,
  state: CloneState,
): Promise<SnapshotRef | undefined> {
  const { account, clock, cloudId, progress } = operation;
  const keeping = finalOf(state.resourceUrn ?? "", cloudId);
  const server = await account.listing.server(cloudId, clock.now());
  if (server === undefined) return undefined;
  if (state.recorded === undefined) {
    progress.info(
      `No final snapshot was taken: server ${cloudId} was never ready, and holds nothing of its own.`,
    );
    return undefined;
  }
  let snapshot: Snapshot | undefined;
  try {
    const found = await findKept(operation, server, keeping, { memory });
    ({ snapshot } = found ?? (await takeKept(operation, server, keeping)));
    const readiness = await untilReady(operation, snapshot);
    ({ snapshot } = readiness);
    requireReady(operation, readiness);
  } catch (error) {
    const { next, ...story } = toFailure(error, `keep the state of server ${cloudId}`).story;
    // Before a snapshot was begun the next step is that of its refusal.
    throw notKept(operation, snapshot, snapshot === undefined ? { ...story, next } : story);
  }
  if (!isActive(snapshot.status))
    throw notKept(operation, snapshot, { because: "Utho shows no status, so it was not seen to be Active." });
  const id = formatSnapshotId({ cloudId, snapshotId: snapshot.id });
  const cost = costOf({ monthlyCost: monthlyCost(snapshot.sizeGb) });
  progress.info(
    `Final snapshot ${id} (${snapshot.name}) of server ${server.hostname} is Active. It is kept, in no state, and costs ${cost} until you delete it. To bring the server back: new utho.ServerClone(…, { snapshot: "${id}", … }).`,
  );
  return id;
}

/** Utho does not document whether snapshots outlive their server, and it is too late to find out by then. */
async function confirmKept({ account, clock, progress }: Operation, id: SnapshotRef): Promise<void> {
  const { source, byId } = await account.listing.account(clock.now());
  if (source === "none" || source === "servers" || byId.has(parseSnapshotId(id).snapshotId)) return;
  progress.warn(
    `Utho does not list final snapshot ${id} any more, now that its server is destroyed. See in Utho's console whether it is there.`,
  );
}

function notKept(
  { cloudId }: Operation,
  snapshot: Snapshot | undefined,
  { because, said, cause, next }: Pick<FailureStory, "because" | "said" | "cause"> & { next?: string },
): ProviderFailure {
  const left =
    snapshot === undefined
      ? ""
      : ` Snapshot ${formatSnapshotId({ cloudId, snapshotId: snapshot.id })} (${snapshot.name}) exists, in no state.`;
  return new ProviderFailure({
    code: "UTHO_CLONE_FINAL_SNAPSHOT",
    attempted: `take the final snapshot of server ${cloudId}`,
    because,
    said,
    kept: `server ${cloudId} was not destroyed, and stays in state.${left}`,
    next: `${next ?? "run again: a snapshot that is still under way is waited for, and one that failed is taken again."} To destroy the server without it, run \`pulumi up\` with finalSnapshot: false first.`,
    cause,
  });
}

async function destroy(operation: Operation, id: CloudId, state: CloneState): Promise<void> {
  const { account, clock, deadline } = operation;
  let hostname = "";
  let unknown: NotFoundError | undefined;
  const end = await untilDone<true, unknown>(operation, {
    doing: `destroying server ${id}`,
    until: deadline,
    look: async () => {
      const server = await findClone(account, id, state, clock.now());
      if (server === undefined) return { done: true };
      ({ hostname } = server);
      return { waiting: `still there: ${wordsOf(server)}` };
    },
    send: async (options) => {
      try {
        await account.client.servers.destroy(id, hostname, options);
      } catch (error) {
        // That it is not there is for the next look to say.
        if (!(error instanceof NotFoundError)) throw error;
        unknown = error;
      }
    },
    // Asking once more for the same id is harmless, should the first call have come to nothing.
    patienceMs: () => account.settings.listingLag,
  });
  if ("done" in end) return forgetOff(operation);
  throw notGone(operation, id, end, unknown);
}

function notGone(
  { clock, startedAt }: Operation,
  id: CloudId,
  end: Exclude<DeedEnd<true>, { done: true }>,
  unknown: NotFoundError | undefined,
): ProviderFailure {
  const refused = "refused" in end;
  const trouble = refused ? end.refused : end.trouble;
  const lasted = formatDuration(clock.now() - startedAt);
  return new ProviderFailure({
    code: "UTHO_CLONE_NOT_GONE",
    attempted: `destroy server ${id}`,
    because: refused ? "Utho refused it." : `it was still there after ${lasted}. Last seen: ${end.timedOut}.`,
    said: saidBy(trouble ?? unknown),
    kept: `server ${id} stays in state until it is gone.`,
    next: refused
      ? "see by Utho's words what stands against it, and run again; or destroy it in Utho's console."
      : "run again; a longer customTimeouts.delete waits longer.",
    cause: trouble,
  });
}
