import type { Acknowledgement, CallOptions, Snapshot } from "../../client";
import { saysLimit } from "../../client/classify";
import { BadRequestError, type UthoError } from "../../client/errors";
import { formatDuration } from "../duration";
import { ProviderFailure, saidBy } from "../failure";
import { attempt, type Ending, patienceAfter, putOff } from "./attempt";
import { parseGeneratedName } from "./names";
import { merged, type Operation, pollFreshness, type SnapshotsById } from "./turn";
import { watch } from "./watch";

/** Looks at the server's snapshots as they are now: ids that are there, and those of our name that were not before. */
type LookAgain = () => Promise<{ ids: ReadonlySet<string>; named: readonly Snapshot[] }>;

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
    if (ending.kind === "refused") throw refusal(operation, name, ending.error);
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

/** Of a limit the error says what to do about it; other refusals speak for themselves. */
function refusal({ cloudId }: Operation, name: string, error: UthoError): Error {
  if (!(error instanceof BadRequestError) || !saysLimit(error.apiMessage ?? "")) return error;
  return new ProviderFailure({
    code: "UTHO_SNAPSHOT_LIMIT",
    attempted: `take snapshot "${name}" of server ${cloudId}`,
    because: "the account, or the server, has as many snapshots as Utho allows.",
    said: saidBy(error),
    kept: "no snapshot was made, and nothing was changed.",
    next: "delete snapshots that you do not need (`pulumi-utho report` lists those that no stack owns), or ask Utho for a higher limit, and run again.",
    cause: error,
  });
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

/** What is looked for after a create call. */
export interface Wanted {
  name: string;
  /** Ids that were there before the call. */
  before: ReadonlySet<string>;
  /** When the call was made; older listings know nothing of it. */
  since: number;
}

/** Looks in the account's listing that come before the server itself is asked too, in case that listing lags. */
const PATIENT_LOOKS = 3;

/**
 * Finds the snapshot that a create call made, since the call tells no id: it was not there before, and it bears the
 * name. `undefined` if none appears until `until`.
 */
async function discover(operation: Operation, wanted: Wanted, until: number): Promise<Snapshot | undefined> {
  let looks = 0;
  const outcome = await watch<Snapshot[]>(operation, `creating snapshot ${wanted.name}`, until, async () => {
    looks += 1;
    const newcomers = await newcomersOf(operation, wanted, looks > PATIENT_LOOKS);
    return newcomers.length > 0 ? { done: newcomers } : { waiting: "not listed yet" };
  });
  if ("timedOut" in outcome) return undefined;
  return choose(operation, wanted, outcome.done);
}

async function newcomersOf(operation: Operation, wanted: Wanted, alsoServer: boolean): Promise<Snapshot[]> {
  const { account, cloudId } = operation;
  const listing = await account.listing.polled(cloudId, wanted.since, account.settings.pollInterval);
  const found: SnapshotsById = new Map();
  const consider = (snapshot: Snapshot): void => {
    if (snapshot.name !== wanted.name || wanted.before.has(snapshot.id)) return;
    found.set(snapshot.id, merged(found.get(snapshot.id), snapshot));
  };
  for (const snapshot of listing.byId.values()) if (snapshot.cloudId === cloudId) consider(snapshot);
  if (found.size === 0 && (alsoServer || listing.source === "none" || listing.source === "servers")) {
    const server = await account.listing.server(cloudId, pollFreshness(operation, wanted.since));
    for (const snapshot of server?.snapshots ?? []) consider(snapshot);
  }
  return [...found.values()];
}

/**
 * A generated name is this run's alone, so a second snapshot that bears it is a repetition of our own call. An exact
 * name may have been given by somebody else at the same moment: then nobody can tell, and nobody should guess.
 */
export function choose(
  operation: Operation,
  wanted: Pick<Wanted, "name">,
  newcomers: readonly Snapshot[],
): Snapshot | undefined {
  const [first, ...others] = [...newcomers].sort(byAge);
  if (first === undefined || others.length === 0) return first;
  judgeNamesakes(operation, wanted, first, others);
  return first;
}

/** Utho counts its ids up. */
function byAge({ id: a }: Snapshot, { id: b }: Snapshot): number {
  return a.length - b.length || a.localeCompare(b);
}

/** Tells of snapshots that appeared beside `mine` under the same name; refuses to guess where the name is exact. */
export function judgeNamesakes(
  operation: Operation,
  wanted: Pick<Wanted, "name">,
  mine: Snapshot,
  others: readonly Snapshot[],
): void {
  const { cloudId, progress } = operation;
  const extra = others.map(({ id }) => id).join(", ");
  const count = others.length + 1;
  if (parseGeneratedName(wanted.name) === undefined) {
    throw new ProviderFailure({
      code: "UTHO_SNAPSHOT_AMBIGUOUS",
      attempted: `find the new snapshot "${wanted.name}" of server ${cloudId}`,
      because: `${count} snapshots of that name appeared at the same time (ids ${mine.id}, ${extra}), so somebody else gave the same name at the same moment, and Utho does not tell whose is whose.`,
      kept: "all of them exist; none is in this stack's state.",
      next: `choose one by its creation time in Utho's console and set adoptId: "<id>", or leave the name out: generated names never collide.`,
    });
  }
  progress.warn(
    `Utho made ${count} snapshots named ${wanted.name} on server ${cloudId}; this resource stands for ${mine.id}. Delete what you do not need: ${extra}.`,
  );
}
