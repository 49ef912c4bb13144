import type { Acknowledgement, CallOptions, Snapshot } from "../../client";
import type { UthoError } from "../../client/errors";
import { formatDuration } from "../duration";
import { ProviderFailure } from "../failure";
import { saidBy } from "../said";
import { attempt, type Ending, patienceAfter, putOff } from "./attempt";
import { choose, discover } from "./discover";
import { parseGeneratedName } from "./names";
import type { Operation } from "./turn";

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
  const { snapshots } = account.client;
  const doing = `creating snapshot ${name}`;
  let before = present;
  for (let lost = 0; ; ) {
    const since = clock.now();
    const send = (options: CallOptions) => snapshots.create(operation.cloudId, name, options);
    const ending = judged(await attempt(operation, { doing, send }));
    if (ending.kind === "refused") throw ending.error;
    if (ending.kind === "accepted")
      return (
        (await discover(operation, { name, before, since }, operation.deadline)) ??
        neverListed(operation, name)
      );
    if (ending.kind === "lost") {
      lost += 1;
      const until = Math.min(operation.deadline, clock.now() + patienceAfter(operation, ending));
      const found = await discover(operation, { name, before, since }, until);
      if (found !== undefined) return found;
      if (lost > account.settings.maxRetries) throw answerLost(operation, name, ending.error);
    } else {
      await putOff(operation, ending);
    }
    if (clock.now() >= operation.deadline) throw gaveUp(operation, name, ending);
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

type Unclear =
  | Extract<Ending<unknown>, { kind: "later" | "lost" }>
  | { kind: "lost"; error?: undefined; heldMs: number };

/** An empty answer does not say whether a snapshot was made. */
function judged(
  ending: Ending<Acknowledgement>,
): Unclear | { kind: "accepted" } | { kind: "refused"; error: UthoError } {
  if (ending.kind !== "answered") return ending;
  return ending.answer.acknowledged ? { kind: "accepted" } : { kind: "lost", heldMs: 0 };
}

function gaveUp(operation: Operation, name: string, ending: Unclear): ProviderFailure {
  if (ending.kind === "lost") return answerLost(operation, name, ending.error);
  return new ProviderFailure({
    code: "UTHO_SERVER_BUSY",
    attempted: `take snapshot "${name}" of server ${operation.cloudId}`,
    because: `Utho refused it for the whole timeout of ${operation.timeout}.`,
    said: saidBy(ending.error),
    kept: "no snapshot was made, and nothing was changed.",
    next: "see in Utho's console what runs on the server, and run again; a longer customTimeouts.create waits longer.",
    cause: ending.error,
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
    next: `${nextRun(operation, name)} If it happens again: Utho may accept and never do what an account without verified KYC or with too little credit asks for; \`pulumi-utho doctor\` shows both.`,
  });
}

function nextRun(operation: Operation, name: string): string {
  if (parseGeneratedName(name) === undefined) {
    return `run again; if "${name}" has appeared by then, take it over with adoptId.`;
  }
  const window = formatDuration(operation.account.settings.takeoverWindow);
  return `run again; if it has appeared by then, it is taken over, up to ${window} after this run (utho:takeoverWindow).`;
}
