import type { Acknowledgement, CallOptions, Snapshot } from "../../client";
import { saysLimit, saysStillOn } from "../../client/classify";
import { BadRequestError, type UthoError } from "../../client/errors";
import { formatDuration } from "../duration";
import { ProviderFailure, saidBy } from "../failure";
import { attempt, type Ending, patienceAfter, putOff, stayedBusy, watch } from "./attempt";
import { recognise, unrecognised, type Wanted } from "./find";
import { merged, pollFreshness, type SnapshotsById } from "./listing";
import { mayBeStoredAs, parseGeneratedName } from "./names";
import { offAgain } from "./power";
import type { Operation } from "./runtime";

export interface Taking {
  name: string;
  /** The server's snapshots as they are before the call. */
  present: SnapshotsById;
  look: () => Promise<SnapshotsById>;
  /** What a user does about a name that Utho refuses: "choose another `name`". */
  rename: string;
}

/** Never repeated blindly: before each attempt, and after an answer that does not say what happened, it looks first. */
export async function takeSnapshot(turn: Operation, taking: Taking): Promise<Snapshot> {
  let operation = whileOff(turn);
  const { account, clock } = operation;
  const { name, look } = taking;
  const doing = `creating snapshot ${name}`;
  const send = (options: CallOptions) => account.client.snapshots.create(operation.cloudId, name, options);
  let before: ReadonlySet<string> = new Set(taking.present.keys());
  for (let lost = 0; ; ) {
    const since = clock.now();
    const ending = judged(operation, await attempt(operation, { doing, send }));
    if (ending.kind === "refused") throw refusal(operation, taking, ending.error);
    if (ending.kind === "later") await putOff(operation, ending);
    else {
      const accepted = ending.kind === "accepted";
      const { deadline } = operation;
      const until = accepted ? deadline : Math.min(deadline, clock.now() + patienceAfter(operation, ending));
      const found = await discover(operation, { name, before, since, accepted }, until);
      if (found !== undefined) return named(operation, name, found);
      if (accepted) throw neverListed(operation, name);
      lost += 1;
      if (lost > account.settings.maxRetries) throw answerLost(operation, name, ending.error);
    }
    if (clock.now() >= operation.deadline) throw gaveUp(operation, name, ending);
    const present = await look();
    const mine = recognise(operation, { name, before, since, accepted: false }, present.values(), lost > 0);
    // Of a generated name there is one run; an exact name is ours only if a call of ours may have made the snapshot.
    if (mine !== undefined && lost === 0 && parseGeneratedName(name) === undefined)
      throw nameAppeared(operation, mine);
    if (mine !== undefined) return named(operation, name, mine);
    before = new Set(present.keys());
    await offAgain(turn);
    operation = whileOff(turn);
  }
}

type Unclear =
  | Extract<Ending<unknown>, { kind: "later" | "lost" }>
  | { kind: "lost"; error?: undefined; heldMs: number };

/** A server that is off for its snapshot is not held off longer than `maxDowntime` before the snapshot has begun. */
function whileOff(operation: Operation): Operation {
  const { since = 0, until = Number.POSITIVE_INFINITY } = operation.off;
  if (until >= operation.deadline) return operation;
  return { ...operation, deadline: until, timeout: `${formatDuration(until - since)} (maxDowntime)` };
}

/** An empty answer does not say whether a snapshot was made. */
function judged(
  operation: Operation,
  ending: Ending<Acknowledgement>,
): Unclear | { kind: "accepted" } | { kind: "refused"; error: UthoError } {
  if (ending.kind === "refused" && isOffSoon(operation, ending.error)) return { ...ending, kind: "later" };
  if (ending.kind !== "answered") return ending;
  return ending.answer.acknowledged ? { kind: "accepted" } : { kind: "lost", heldMs: 0 };
}

/** Whether Utho takes for running what it has just shown as off, at our own request: that passes as listings do. */
function isOffSoon({ account, clock, off }: Operation, error: UthoError): boolean {
  if (off.shownAt === undefined || clock.now() >= off.shownAt + account.settings.listingLag) return false;
  return saysStillOn(error.apiMessage ?? "");
}

/** Of a limit or a name the error says what to do about it; other refusals speak for themselves. */
function refusal({ cloudId, off }: Operation, { name, rename }: Taking, error: UthoError): Error {
  const words = error instanceof BadRequestError ? (error.apiMessage ?? "") : "";
  const story = { said: saidBy(error), kept: "no snapshot was made.", cause: error };
  if (saysLimit(words))
    return new ProviderFailure({
      ...story,
      code: "UTHO_SNAPSHOT_LIMIT",
      attempted: `take snapshot "${name}" of server ${cloudId}`,
      because: "the account, or the server, has as many snapshots as Utho allows.",
      next: "delete snapshots that you do not need (`npx --no pulumi-utho report` lists those that no stack owns), or ask Utho for a higher limit, and run again.",
    });
  if (off.shownAt !== undefined && saysStillOn(words))
    return new ProviderFailure({
      ...story,
      code: "UTHO_POWER",
      attempted: `take snapshot "${name}" of server ${cloudId} while it is off`,
      because: "Utho shows the server as off, and goes on to take it for one that runs.",
      next: "run again later: a longer utho:listingLag waits longer, within maxDowntime; or take a live snapshot with powerOff: false.",
    });
  if (!/\bname\b/i.test(words) || /\b(exists?|taken|used?|unique|duplicate)\b/i.test(words)) return error;
  return new ProviderFailure({
    ...story,
    code: "UTHO_INPUT_NAME",
    attempted: `take snapshot "${name}" (${name.length} characters) of server ${cloudId}`,
    because: "Utho refused its name.",
    next: `${rename}.`,
  });
}

function gaveUp(operation: Operation, name: string, ending: Unclear): ProviderFailure {
  if (ending.kind === "lost") return answerLost(operation, name, ending.error);
  return stayedBusy(operation, ending.error, {
    attempted: `take snapshot "${name}" of server ${operation.cloudId}`,
    kept: "no snapshot was made.",
    next: "check in Utho's console what runs on the server, and run again; a longer customTimeouts.create waits longer, and with powerOff a longer maxDowntime.",
  });
}

function answerLost(operation: Operation, name: string, error: unknown): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_ANSWER_LOST",
    attempted: `take snapshot "${name}" of server ${operation.cloudId}`,
    because:
      "Utho's answers did not say whether it was made, and no snapshot of that name was listed afterwards.",
    said: saidBy(error),
    kept: "the state holds no snapshot. One may still appear.",
    next: nextRun(operation, name),
    cause: error,
  });
}

function nameAppeared(operation: Operation, appeared: Snapshot): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_SNAPSHOT_NAME_TAKEN",
    attempted: `take snapshot "${appeared.name}" of server ${operation.cloudId}`,
    because: `Utho put the request off, and meanwhile snapshot ${operation.cloudId}/${appeared.id} of that name appeared; a repeated request could make a second one.`,
    kept: "the state holds nothing of it.",
    next: `to adopt that one, set adoptId: "${appeared.id}"; otherwise choose another name, or leave it out to have one generated.`,
  });
}

function neverListed(operation: Operation, name: string): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_SNAPSHOT_NOT_LISTED",
    attempted: `take snapshot "${name}" of server ${operation.cloudId}`,
    because: `Utho accepted it, but listed no such snapshot within the timeout of ${operation.timeout}.`,
    kept: "the state holds no snapshot. It may still appear.",
    next: `${nextRun(operation, name)} If it happens again: for an account without verified KYC or with too little credit Utho may accept a call and never carry it out; \`npx --no pulumi-utho doctor\` shows both.`,
  });
}

function nextRun(operation: Operation, name: string): string {
  if (parseGeneratedName(name) === undefined) {
    return `run again; if "${name}" has appeared by then, take it over with adoptId.`;
  }
  const window = formatDuration(operation.account.settings.takeoverWindow);
  return `run again; if it has appeared by then, it is taken over, up to ${window} after this run (utho:takeoverWindow).`;
}

/** Looks in the account's listing that come before the server itself is asked too, in case that listing lags. */
const PATIENT_LOOKS = 3;

/**
 * Finds the snapshot that a create call made, since the call returns no id; `undefined` if none appears until `until`.
 * One that shows nothing of our name must have been there alone for as long as listings lag: it may be another's, made
 * shortly before ours and as late in the listings.
 */
async function discover(operation: Operation, wanted: Wanted, until: number): Promise<Snapshot | undefined> {
  const { account, clock } = operation;
  const { listingLag } = account.settings;
  let looks = 0;
  let there: readonly Snapshot[] = [];
  let strangeSince: number | undefined;
  const isDoubtful = ({ name }: Snapshot): boolean => {
    if (mayBeStoredAs(wanted.name, name)) return false;
    strangeSince ??= clock.now();
    return clock.now() - strangeSince < listingLag;
  };
  const outcome = await watch<Snapshot>(operation, `creating snapshot ${wanted.name}`, until, async () => {
    looks += 1;
    there = await lookFor(operation, wanted, looks > PATIENT_LOOKS);
    const found = recognise(operation, wanted, there, clock.now() - wanted.since >= listingLag);
    if (found === undefined) return { waiting: "not listed yet" };
    return isDoubtful(found) ? { waiting: `not listed yet, but "${found.name}" is` } : { done: found };
  });
  if ("done" in outcome) return outcome.done;
  const last = recognise(operation, wanted, there, true);
  if (last !== undefined && isDoubtful(last)) throw unrecognised(operation, wanted, [last]);
  return last;
}

async function lookFor(
  operation: Operation,
  wanted: Wanted,
  alsoServer: boolean,
): Promise<readonly Snapshot[]> {
  const { account, cloudId } = operation;
  const listing = await account.listing.polled(cloudId, wanted.since, account.settings.pollInterval);
  const there = listing.of(cloudId);
  const isListed = there.some(({ id, name }) => name === wanted.name && !wanted.before.has(id));
  if (isListed || !(alsoServer || listing.source === "none" || listing.source === "servers")) return there;
  const server = await account.listing.server(cloudId, pollFreshness(operation, wanted.since));
  return there.concat((server?.snapshots ?? []).map((own) => merged(listing.byId.get(own.id), own)));
}

/** The new snapshot, after it was said if Utho has given it another name. */
function named({ cloudId, progress }: Operation, sent: string, snapshot: Snapshot): Snapshot {
  const { id, name } = snapshot;
  if (name !== sent)
    progress.info(
      `Utho stores snapshot ${cloudId}/${id} as "${name}" and not as "${sent}"; it is known by that name.`,
    );
  return snapshot;
}
