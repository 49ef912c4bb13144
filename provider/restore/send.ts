import type { Action, CallOptions, Snapshot, WallTime } from "../../client";
import type { UthoError } from "../../client/errors";
import type { SnapshotId } from "../../client/request";
import { ProviderFailure, saidBy } from "../failure";
import { attempt, putOff, stayedBusy, watch } from "../utho/attempt";
import { formatSnapshotId } from "../utho/names";
import { millisecondsOf, recordIfOffered, recordOf } from "../utho/record";
import type { Operation } from "../utho/runtime";
import { isRunning } from "../utho/status";

export interface SentRestore {
  sentAt: number;
  /** Its row in Utho's record of actions, where it was seen. */
  actionId?: string | undefined;
  before?: ReadonlySet<string> | undefined;
  /** Whether the server was seen to run before. */
  ranBefore?: boolean;
  seenDown: boolean;
}

/**
 * Asks for the restore, once: only an answer that puts it off lets it be asked for again, and only where Utho's record
 * shows no restore that began meanwhile. A second restore would overwrite what was written since the first, so after
 * a lost answer the server and the record are watched until the operation's time is over.
 */
export async function sendRestore(operation: Operation, snapshotId: SnapshotId): Promise<SentRestore> {
  const { account, clock, cloudId, progress } = operation;
  const ranBefore = isRunning(await account.listing.server(cloudId, clock.now()));
  const doing = `restoring server ${cloudId} to snapshot ${snapshotId}`;
  const send = (options: CallOptions) => account.client.snapshots.restore(cloudId, snapshotId, options);
  for (;;) {
    const restores = await restoresIfOffered(operation);
    const before = restores && new Set(restores.map(({ id }) => id));
    const sent: SentRestore = { sentAt: clock.now(), before, ranBefore, seenDown: false };
    progress.status(doing);
    const ending = await attempt(operation, { doing, send });
    if (ending.kind === "answered" && ending.answer.acknowledged) return sent;
    if (ending.kind === "answered") return silentlyAccepted(operation, sent, snapshotId);
    if (ending.kind === "lost") {
      const begun = await lookForBeginning(operation, sent, operation.deadline);
      if (begun !== undefined) return begun;
      throw answerLost(operation, snapshotId, ending.error);
    }
    const action = newcomer(await restoresIfOffered(operation), sent);
    if (action !== undefined) throw whose(operation, snapshotId, action, ending.error);
    if (ending.kind === "refused") throw ending.error;
    if (clock.now() >= operation.deadline)
      throw stayedBusy(operation, ending.error, {
        attempted: attempted(operation, snapshotId),
        kept: "the server was not overwritten.",
        next: "check in Utho's console what runs on the server, and run again.",
      });
    await putOff(operation, ending);
  }
}

/**
 * HTTP says success and the body nothing: how Utho says yes to a restore, and how a call that went nowhere looks. Only a
 * record that shows what is done on this server speaks against it.
 */
async function silentlyAccepted(
  operation: Operation,
  sent: SentRestore,
  snapshotId: SnapshotId,
): Promise<SentRestore> {
  const { account, clock, deadline } = operation;
  const lag = Math.min(deadline, clock.now() + account.settings.listingLag);
  const begun = await lookForBeginning(operation, sent, lag);
  if (begun !== undefined) return begun;
  // A record that shows nothing of this server, of which a snapshot at least was taken, says nothing of restores either.
  const record = sent.before && (await recordIfOffered(operation));
  if (record === undefined || record.length === 0) return sent;
  const late = await lookForBeginning(operation, sent, deadline);
  if (late !== undefined) return late;
  throw answerLost(operation, snapshotId, undefined);
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

async function lookForBeginning(
  operation: Operation,
  sent: SentRestore,
  until: number,
): Promise<SentRestore | undefined> {
  const { account, clock, cloudId } = operation;
  const outcome = await watch<SentRestore>(
    operation,
    "checking whether the restore began",
    until,
    async () => {
      const action = newcomer(await restoresIfOffered(operation), sent);
      if (action !== undefined) return { done: { ...sent, actionId: action.id } };
      const server = await account.listing.server(cloudId, clock.now());
      if (sent.ranBefore && server !== undefined && !isRunning(server))
        return { done: { ...sent, seenDown: true } };
      return { waiting: "no sign of it yet" };
    },
  );
  return "done" in outcome ? outcome.done : undefined;
}

function answerLost(
  operation: Operation,
  snapshotId: SnapshotId,
  error: UthoError | undefined,
): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_RESTORE_UNSURE",
    attempted: attempted(operation, snapshotId),
    because:
      "Utho's answer did not say whether it began, and it did not show until the timeout. It was asked for once.",
    said: saidBy(error),
    kept: "the server is unchanged, as far as can be seen; a restore that Utho continues unseen would overwrite it later.",
    next: "run again: the next `pulumi up` checks Utho's record before it asks once more.",
    cause: error,
  });
}

/**
 * A refusal, or a word to come again, beside a restore that began at that moment: a gateway may have refused what went
 * through, or another person was quicker. The record does not name the snapshot.
 */
function whose(
  operation: Operation,
  snapshotId: SnapshotId,
  action: Action,
  error: UthoError,
): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_RESTORE_UNSURE",
    attempted: attempted(operation, snapshotId),
    because: `Utho refused the request, and its record shows a restore of this server that began at that moment (action ${action.id}), without the snapshot that is restored: it may be this one, or one that another person or program asked for.`,
    said: saidBy(error),
    kept: "nothing was asked for a second time.",
    next: "wait until that restore has ended, and look at the server. If it is as wanted, run again: that restore then counts as this one. If not, restore once more, by another value of `triggers` or by --again of the command `restore`.",
    cause: error,
  });
}

function attempted(operation: Operation, snapshotId: SnapshotId): string {
  const { cloudId } = operation;
  return `restore server ${cloudId} to snapshot ${formatSnapshotId({ cloudId, snapshotId })}`;
}

/** Nothing else in the cloud shows whether a restore was asked for. */
function isRestore({ action = "" }: Action): boolean {
  return /restor/i.test(action);
}

/** The restores where a passing fault may count as "no record": the record then only makes the end surer. */
export async function restoresIfOffered(operation: Operation): Promise<Action[] | undefined> {
  return (await recordIfOffered(operation))?.filter(isRestore);
}

/** Asked for after this safety snapshot was made, by the cloud's own times: no clock of ours comes into it. */
export async function restoreSince(operation: Operation, safety: Snapshot): Promise<Action | undefined> {
  const since = safety.createdAt;
  const outcome = await watch(operation, "reading Utho's record of actions", operation.deadline, async () => {
    return { done: await recordOf(operation) };
  });
  if ("timedOut" in outcome || outcome.done === undefined || since === undefined) return undefined;
  const from = millisecondsOf(since) + recordOffset(outcome.done, since);
  // A row without a time is not since then.
  return outcome.done.filter((one) => isRestore(one) && millisecondsOf(one.startedAt) >= from).at(-1);
}

const HOUR_MS = 3_600_000;
/** Between UTC, Indian time and US Eastern time, in which Utho writes one thing or the other; the same zone first. */
const OFFSETS_MS = [0, 5.5, -5.5, 4, -4, 5, -5, 9.5, -9.5, 10.5, -10.5].map((hours) => hours * HOUR_MS);
/** How long after the snapshot's own time its row may begin, or before. */
const SAME_MOMENT_MS = HOUR_MS / 4;

/**
 * How far the record's clock is ahead of the snapshots' clock, in milliseconds: the row of the snapshot's own creation
 * shows it. Taking them for one clock could hide a restore that happened, and it would be asked for again.
 */
function recordOffset(rows: readonly Action[], createdAt: WallTime): number {
  const made = rows.filter(
    ({ action = "" }) => /snapshot/i.test(action) && !/restor|delet|remov/i.test(action),
  );
  const leads = made.map(({ startedAt }) => millisecondsOf(startedAt) - millisecondsOf(createdAt));
  const shown = OFFSETS_MS.find((offset) => leads.some((lead) => Math.abs(lead - offset) < SAME_MOMENT_MS));
  return shown ?? 0;
}
