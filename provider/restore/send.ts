import type { Action } from "../../client";
import { BusyError, RateLimitedError, UthoError } from "../../client/errors";
import { formatDuration } from "../duration";
import { ProviderFailure } from "../failure";
import { saidBy } from "../said";
import { isRunning } from "../utho/running";
import { formatSnapshotId } from "../utho/snapshotid";
import type { Operation } from "../utho/turn";
import { watch } from "../utho/watch";
import { recordKnowsServer, restoresIfTold } from "./evidence";

/** A restore that Utho has accepted. */
export interface SentRestore {
  sentAt: number;
  /** Its row in Utho's record of actions, where it was seen. */
  actionId?: string | undefined;
  /** Rows of restores that were there before it. */
  before?: ReadonlySet<string> | undefined;
  /** Whether the server was seen down since. */
  seenDown: boolean;
}

type Answer =
  | { kind: "accepted" }
  /** HTTP says success and the body nothing: how Utho says yes to a restore, and how a call that went nowhere looks. */
  | { kind: "silent"; error?: undefined }
  | { kind: "later"; error: BusyError | RateLimitedError }
  | { kind: "refused"; error: UthoError }
  | { kind: "lost"; error: UthoError };

/**
 * Asks for the restore. Whatever the answer says but a plain yes, Utho's record is looked at before it is asked for
 * again: a server that is busy may be busy with this very restore, and asking twice overwrites what was written since.
 */
export async function sendRestore(operation: Operation, snapshotId: string): Promise<SentRestore> {
  const { account, clock, cloudId, progress } = operation;
  const ranBefore = isRunning(await account.listing.server(cloudId, clock.now()));
  for (let lost = 0; ; ) {
    const before = idsOf(await restoresIfTold(operation));
    const sent: SentRestore = { sentAt: clock.now(), before, seenDown: false };
    progress.status(`asking Utho to restore server ${cloudId} to snapshot ${snapshotId}`);
    const answer = await ask(operation, snapshotId);
    if (answer.kind === "accepted") return sent;
    if (answer.kind === "later" || answer.kind === "refused") {
      const begun = await begunAllTheSame(operation, sent, answer.error);
      if (begun !== undefined) return begun;
      if (answer.kind === "refused") throw answer.error;
      if (clock.now() >= operation.deadline) throw stayedBusy(operation, snapshotId, answer.error);
      await pause(operation, answer.error);
      continue;
    }
    lost += 1;
    const begun = await lookForBeginning(operation, sent, ranBefore);
    if (begun !== undefined) return begun;
    // Only a record that shows what is done on this server speaks against the empty answer, which is Utho's yes.
    if (answer.kind === "silent" && (before === undefined || !(await recordKnowsServer(operation))))
      return sent;
    if (lost > account.settings.maxRetries || clock.now() >= operation.deadline) {
      throw answerLost(operation, snapshotId, answer.error);
    }
  }
}

/** The restore in Utho's record that was not there before. */
export function newcomer(
  restores: readonly Action[] | undefined,
  sent: Pick<SentRestore, "actionId" | "before">,
): Action | undefined {
  if (restores === undefined) return undefined;
  if (sent.actionId !== undefined) return restores.find(({ id }) => id === sent.actionId);
  const { before } = sent;
  return before === undefined ? undefined : restores.filter(({ id }) => !before.has(id)).at(-1);
}

/** The restore that Utho's record shows although the answer was a refusal. */
async function begunAllTheSame(
  operation: Operation,
  sent: SentRestore,
  refusal: UthoError,
): Promise<SentRestore | undefined> {
  const action = newcomer(await restoresIfTold(operation), sent);
  if (action === undefined) return undefined;
  operation.progress.warn(
    `Utho refused to restore server ${operation.cloudId} (${refusal.apiMessage ?? refusal.message}), but its record shows a restore that began with that request (action ${action.id}); it is not asked for again.`,
  );
  return { ...sent, actionId: action.id };
}

async function lookForBeginning(
  operation: Operation,
  sent: SentRestore,
  ranBefore: boolean,
): Promise<SentRestore | undefined> {
  const { account, clock, cloudId } = operation;
  const until = Math.min(operation.deadline, clock.now() + account.settings.listingLag);
  const outcome = await watch<SentRestore>(
    operation,
    "looking whether the restore began",
    until,
    async () => {
      const action = newcomer(await restoresIfTold(operation), sent);
      if (action !== undefined) return { done: { ...sent, actionId: action.id } };
      const server = await account.listing.server(cloudId, clock.now());
      if (ranBefore && server !== undefined && !isRunning(server))
        return { done: { ...sent, seenDown: true } };
      return { waiting: "no sign of it yet" };
    },
  );
  return "done" in outcome ? outcome.done : undefined;
}

async function ask(operation: Operation, snapshotId: string): Promise<Answer> {
  const { account, cloudId } = operation;
  await operation.beforeWrite();
  try {
    const { acknowledged } = await account.client.snapshots.restore(cloudId, snapshotId);
    return { kind: acknowledged ? "accepted" : "silent" };
  } catch (error) {
    if (error instanceof BusyError || error instanceof RateLimitedError) return { kind: "later", error };
    if (!(error instanceof UthoError)) throw error;
    return { kind: error.effect === "unknown" ? "lost" : "refused", error };
  } finally {
    account.listing.written(cloudId);
  }
}

async function pause(operation: Operation, error: BusyError | RateLimitedError): Promise<void> {
  const { account, clock, progress, cloudId, startedAt, deadline } = operation;
  const reason = error instanceof BusyError ? `server ${cloudId} is busy` : "Utho asks for fewer requests";
  const waited = formatDuration(clock.now() - startedAt);
  progress.status(`${reason}; waiting, ${waited} (${error.apiMessage ?? error.message})`);
  const wanted = Math.max(account.settings.pollInterval, error.retryAfterMs ?? 0);
  await clock.sleep(Math.max(1, Math.min(wanted, deadline - clock.now())));
}

function idsOf(restores: readonly Action[] | undefined): ReadonlySet<string> | undefined {
  return restores === undefined ? undefined : new Set(restores.map(({ id }) => id));
}

function stayedBusy(operation: Operation, snapshotId: string, error: UthoError): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_SERVER_BUSY",
    attempted: attempt(operation, snapshotId),
    because: `Utho refused it for the whole timeout of ${operation.timeout}.`,
    said: saidBy(error),
    kept: "the server was not overwritten.",
    next: "see in Utho's console what runs on the server, and run again.",
    cause: error,
  });
}

function answerLost(operation: Operation, snapshotId: string, error: UthoError | undefined): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_RESTORE_UNSURE",
    attempted: attempt(operation, snapshotId),
    because: "Utho's answers did not say whether it was begun, and nothing was seen of it afterwards.",
    said: saidBy(error),
    kept: "the server is as it was, as far as can be seen.",
    next: "run again: the next `pulumi up` looks at Utho's record before it asks once more.",
    cause: error,
  });
}

function attempt(operation: Operation, snapshotId: string): string {
  const { cloudId } = operation;
  return `restore server ${cloudId} to snapshot ${formatSnapshotId({ cloudId, snapshotId })}`;
}
