import type { Snapshot } from "../../client";
import { BusyError, RateLimitedError, UthoError } from "../../client/errors";
import { formatDuration } from "../duration";
import { ProviderFailure } from "../failure";
import { saidBy } from "../said";
import { choose, discover } from "./discover";
import { parseGeneratedName } from "./names";
import type { Operation } from "./turn";

/** What a create call told. */
type Answer =
  | { kind: "accepted" }
  /** The server was busy or we were too quick: certainly nothing was made. */
  | { kind: "later"; error: BusyError | RateLimitedError }
  /** The answer does not say whether a snapshot was made. */
  | { kind: "lost"; error?: unknown };

/** Looks at the server's snapshots as they are now: ids that are there, and those of our name that were not before. */
export type LookAgain = () => Promise<{ ids: ReadonlySet<string>; named: readonly Snapshot[] }>;

/**
 * Takes a snapshot and finds its id. The create call is never repeated blindly: before each attempt the server's
 * snapshots are looked at, and after an answer that does not say what happened, the snapshot is looked for first.
 */
export async function takeSnapshot(
  operation: Operation,
  name: string,
  present: ReadonlySet<string>,
  lookAgain: LookAgain,
): Promise<Snapshot> {
  const { account, clock } = operation;
  let before = present;
  for (let lost = 0; ; ) {
    const since = clock.now();
    const answer = await ask(operation, name);
    if (answer.kind === "accepted") {
      return (
        (await discover(operation, { name, before, since }, operation.deadline)) ??
        neverListed(operation, name)
      );
    }
    if (answer.kind === "lost") {
      lost += 1;
      const until = Math.min(operation.deadline, clock.now() + account.settings.listingLag);
      const found = await discover(operation, { name, before, since }, until);
      if (found !== undefined) return found;
      if (lost > account.settings.maxRetries) throw answerLost(operation, name, answer.error);
    } else {
      await pause(operation, answer.error);
    }
    if (clock.now() >= operation.deadline) throw gaveUp(operation, name, answer);
    const { ids, named } = await lookAgain();
    const [appeared] = named;
    // Of a generated name there is one run; an exact name is ours only if a call of ours may have made the snapshot.
    const ours = lost > 0 || parseGeneratedName(name) !== undefined;
    if (appeared !== undefined && !ours) throw nameAppeared(operation, appeared);
    const mine = choose(operation, { name }, named);
    if (mine !== undefined) return mine;
    before = ids;
  }
}

async function ask(operation: Operation, name: string): Promise<Answer> {
  const { account, cloudId } = operation;
  await operation.beforeWrite();
  try {
    const { acknowledged } = await account.client.snapshots.create(cloudId, name);
    return acknowledged ? { kind: "accepted" } : { kind: "lost" };
  } catch (error) {
    if (error instanceof BusyError || error instanceof RateLimitedError) return { kind: "later", error };
    if (error instanceof UthoError && error.effect === "unknown") return { kind: "lost", error };
    throw error;
  } finally {
    account.listing.written(cloudId);
  }
}

async function pause(operation: Operation, error: BusyError | RateLimitedError): Promise<void> {
  const { account, clock, progress, cloudId } = operation;
  const waited = formatDuration(clock.now() - operation.startedAt);
  const reason = error instanceof BusyError ? `server ${cloudId} is busy` : "Utho asks for fewer requests";
  progress.status(`${reason}; waiting, ${waited} (${error.apiMessage ?? error.message})`);
  const wanted = Math.max(account.settings.pollInterval, error.retryAfterMs ?? 0);
  await clock.sleep(Math.max(1, Math.min(wanted, operation.deadline - clock.now())));
}

function gaveUp(operation: Operation, name: string, answer: Answer): ProviderFailure {
  if (answer.kind !== "later")
    return answerLost(operation, name, answer.kind === "lost" ? answer.error : undefined);
  return new ProviderFailure({
    code: "UTHO_SERVER_BUSY",
    attempted: `take snapshot "${name}" of server ${operation.cloudId}`,
    because: `Utho refused it for the whole timeout of ${operation.timeout}.`,
    said: saidBy(answer.error),
    kept: "no snapshot was made, and nothing was changed.",
    next: "see in Utho's console what runs on the server, and run again; a longer customTimeouts.create waits longer.",
    cause: answer.error,
  });
}

function answerLost(operation: Operation, name: string, error: unknown): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_ANSWER_LOST",
    attempted: `take snapshot "${name}" of server ${operation.cloudId}`,
    because:
      "Utho's answers did not say whether it was made, and no snapshot of that name was listed afterwards.",
    said: saidBy(error),
    kept: "state knows of no snapshot. One may still appear.",
    next: nextRun(operation, name),
    cause: error,
  });
}

function nameAppeared(operation: Operation, appeared: Snapshot): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_SNAPSHOT_NAME_TAKEN",
    attempted: `take snapshot "${appeared.name}" of server ${operation.cloudId}`,
    because: `Utho put the request off, and meanwhile snapshot ${operation.cloudId}/${appeared.id} of that name appeared; asking again could make a second one.`,
    kept: "nothing is in state.",
    next: `to take that one over, set adoptId: "${appeared.id}"; otherwise choose another name, or leave it out to have one generated.`,
  });
}

function neverListed(operation: Operation, name: string): never {
  throw new ProviderFailure({
    code: "UTHO_SNAPSHOT_NOT_LISTED",
    attempted: `take snapshot "${name}" of server ${operation.cloudId}`,
    because: `Utho accepted it, but listed no such snapshot within the timeout of ${operation.timeout}.`,
    kept: "state knows of no snapshot. It may still appear.",
    next: nextRun(operation, name),
  });
}

function nextRun(operation: Operation, name: string): string {
  if (parseGeneratedName(name) === undefined) {
    return `run again; if "${name}" has appeared by then, take it over with adoptId.`;
  }
  const window = formatDuration(operation.account.settings.takeoverWindow);
  return `run again; if it has appeared by then, it is taken over, up to ${window} after this run (utho:takeoverWindow).`;
}
