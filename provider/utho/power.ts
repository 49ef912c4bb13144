import type { Acknowledgement, CallOptions, Server, WallTime } from "../../client";
import { AuthError } from "../../client/errors";
import { formatDuration, parseDuration } from "../duration";
import { type FailureStory, PartialFailure, ProviderFailure, saidBy, toFailure } from "../failure";
import { attempt, type DeedEnd, type Look, patienceAfter, untilDone, watch } from "./attempt";
import { millisecondsOf, recordIfOffered } from "./record";
import type { Operation } from "./runtime";
import { isOff } from "./status";

/** How long a server may be off before its snapshot has begun, where nothing else is said. */
export const DEFAULT_DOWNTIME = "10m";

/**
 * Switches the server off, for a consistent image; the end of the turn brings it back. A server that its owner
 * switched off stays off; one that an earlier run of ours left off is brought back.
 *
 * Errors: `UTHO_POWER_NOTE` before anything is touched; `UTHO_POWER` where it does not go off in time.
 */
export async function switchOff(operation: Operation, server: Server, maxDowntime: string): Promise<void> {
  const { account, clock, cloudId, off, resourceUrn } = operation;
  const now = clock.now();
  off.wanted = maxDowntime;
  if (isOff(server) && off.since === undefined) return warnOfOff(operation, await powerRecord(operation));
  off.until = now + (parseDuration(maxDowntime) ?? 0);
  if (isOff(server)) return;
  await account.powerLedger.note({ cloudId, since: new Date(now).toISOString(), resourceUrn });
  off.since = now;
  await switchTo(operation, "poweroff", now);
  off.shownAt = clock.now();
}

/** What was put off is taken later, and another run may have ended its own snapshot and switched the server on by then. */
export async function offAgain(operation: Operation): Promise<void> {
  const { account, clock, cloudId, off } = operation;
  if (off.wanted === undefined) return;
  const server = await account.listing.server(cloudId, clock.now());
  if (server !== undefined && !isOff(server)) await switchOff(operation, server, off.wanted);
}

/** Takes note of a server that a killed run of ours left off, by its note on this machine. */
export async function findLeftOff(operation: Operation): Promise<void> {
  const { account, clock, cloudId, progress } = operation;
  const left = account.powerLedger.find(cloudId);
  if (left === undefined) return;
  if (!isOff(await account.listing.server(cloudId, clock.now()))) return account.powerLedger.remove(cloudId);
  progress.warn(
    `An interrupted run switched server ${cloudId} off at ${left.since} and could not switch it on again; this run does.`,
  );
  foundOff(operation, Date.parse(left.since));
}

/** The server is off because of us, from an earlier run: the end of the turn brings it back. */
function foundOff({ clock, off }: Operation, since: number): void {
  off.since = since;
  off.shownAt = clock.now();
  off.until = clock.now() + (parseDuration(DEFAULT_DOWNTIME) ?? 0);
}

/**
 * Takes note of a server that a killed run of ours left off, where the note of it is gone with its machine: a snapshot of
 * ours is there that no state knows, and Utho's record shows that the server was switched off for it. Without that proof
 * the server stays off, since its owner may have switched it off, and a warning says so.
 */
export async function findUnnoted(operation: Operation, server: Server): Promise<void> {
  const { account, clock, cloudId, off, progress, resourceUrn } = operation;
  if (off.since !== undefined || !isOff(server)) return;
  const record = await powerRecord(operation);
  const since = new Date(clock.now()).toISOString();
  if (record.offAt === undefined || !record.forSnapshot) return warnOfOff(operation, record);
  progress.warn(
    `An interrupted run switched server ${cloudId} off for its snapshot, at ${record.offAt} of Utho's own clock, and could not switch it on again; this run does.`,
  );
  // The next run must know it too, should this one be killed; where no note can be kept, it is still switched on.
  await account.powerLedger.note({ cloudId, since, resourceUrn }).catch(() => {});
  foundOff(operation, clock.now());
}

interface PowerRecord {
  /** When it was switched off, by the record's own clock; `undefined`: it was not, or something followed. */
  offAt?: WallTime | undefined;
  isUsed?: boolean;
  /** Whether that was as soon as it was off, which is what our runs do. */
  forSnapshot?: boolean;
}

const POWER = /power|reboot|restor|deploy|start|stop|shut/i;

async function powerRecord(operation: Operation): Promise<PowerRecord> {
  const { listingLag, pollInterval } = operation.account.settings;
  const newestFirst = ((await recordIfOffered(operation)) ?? []).reverse();
  const last = newestFirst.findIndex(({ action = "" }) => POWER.test(action));
  const power = newestFirst[last];
  if (power === undefined || !/off|stop|shut/i.test(power.action ?? "")) return {};
  const taken = newestFirst
    .slice(0, last)
    .filter(({ action = "" }) => /snapshot/i.test(action) && !/delet|remov/i.test(action))
    .at(-1);
  const pause = millisecondsOf(taken?.startedAt) - millisecondsOf(power.completedAt ?? power.startedAt);
  // The record has seconds only.
  const forSnapshot = pause >= 0 && pause <= listingLag + 2 * pollInterval + 2_000;
  return { offAt: power.startedAt, isUsed: taken !== undefined, forSnapshot };
}

/**
 * Said once: a snapshot that is taken of it later shows that its being off was accepted. One that was taken at once is
 * that of a run, of this program or another, which may have been killed: that is said until the server runs. Another run
 * of this machine brings it back.
 */
function warnOfOff(
  { account, cloudId, progress }: Operation,
  { offAt, isUsed, forSnapshot }: PowerRecord,
): void {
  if (offAt === undefined || account.powerLedger.isHeldByAnother(cloudId)) return;
  if (isUsed === true && forSnapshot !== true) return;
  const off = `Server ${cloudId} is off and stays off: by Utho's record it was switched off at ${offAt} of Utho's own clock`;
  progress.warn(
    forSnapshot === true
      ? `${off}, and a snapshot was taken at once, as a run with powerOff does, of this stack or another. If that run goes on, it switches the server on; if it was killed, run it again, or power the server on in Utho's console.`
      : `${off}, and nothing here shows by whom. If an interrupted run of this program did it, on a machine whose notes are gone, power it on in Utho's console.`,
  );
}

/** Runs `work` and then switches the server on if it is off because of us, also when `work` fails. */
export async function backOnAfter<T>(operation: Operation, work: () => Promise<T>): Promise<T> {
  let made: T;
  try {
    made = await work();
  } catch (error) {
    throw await backOnAfterFailure(operation, error);
  }
  try {
    await backOn(operation);
  } catch (error) {
    if (!(error instanceof ProviderFailure) || !isMade(made)) throw error;
    throw new PartialFailure(error.story, made.id, made.outs);
  }
  return made;
}

/** What a create or an update leaves behind, so that a failure after it still carries it into state. */
function isMade(made: unknown): made is { id: string; outs: Record<string, unknown> } {
  return typeof made === "object" && made !== null && "id" in made && "outs" in made;
}

/** The failure of the work, with what became of the server. */
async function backOnAfterFailure(operation: Operation, error: unknown): Promise<unknown> {
  const { cloudId, off } = operation;
  if (off.since === undefined) return error;
  const first = toFailure(error, `take a snapshot of server ${cloudId}, which was off for it`);
  const { kept, next } = first.story;
  try {
    await backOn(operation);
    return withStory(first, { ...first.story, kept: `${kept} Server ${cloudId} is on again.` });
  } catch (error) {
    const { story } = toFailure(error, `power server ${cloudId} on`);
    return withStory(first, { ...first.story, kept: `${kept} ${story.kept}`, next: `${story.next} ${next}` });
  }
}

function withStory(error: ProviderFailure, story: FailureStory): ProviderFailure {
  return error instanceof PartialFailure
    ? new PartialFailure(story, error.id, error.properties)
    : new ProviderFailure(story);
}

/** Switches a server on that is off because of us. */
export async function backOn(operation: Operation): Promise<void> {
  const { since, shownAt } = operation.off;
  if (since === undefined) return;
  // Asked for once in a turn: if it fails, the note makes the next run try again,
  operation.off.since = undefined;
  await switchTo(operation, "poweron", since);
  // and so it does for one that was never seen off, and may shut down after all.
  if (shownAt !== undefined) await forgetOff(operation);
}

export async function forgetOff({ account, cloudId, off }: Operation): Promise<void> {
  off.since = undefined;
  off.until = undefined;
  off.shownAt = undefined;
  account.powerLedger.remove(cloudId);
}

/** Time that a server gets to come back, even when the operation's own is over. */
const POWER_ON_MS = 5 * 60_000;

type PowerAction = "poweron" | "poweroff";

async function switchTo(operation: Operation, action: PowerAction, offSince: number): Promise<void> {
  const { account, clock, cloudId } = operation;
  const wantOff = action === "poweroff";
  const until = wantOff
    ? Math.min(operation.deadline, operation.off.until ?? operation.deadline)
    : Math.max(operation.deadline, clock.now() + POWER_ON_MS);
  const look = async (): Promise<Look<true>> => {
    const server = await account.listing.server(cloudId, clock.now());
    if (server !== undefined && isOff(server) === wantOff) return { done: true };
    return { waiting: wantOff ? "still running" : `off for ${formatDuration(clock.now() - offSince)}` };
  };
  const request = switching(operation, action, until);
  const end = await untilDone<true, Acknowledgement>(operation, {
    ...request,
    look,
    patienceMs: (answer) => patienceWith(operation, action, answer),
    // Whoever leaves the server running has done no harm.
    insists: !wantOff,
  });
  if ("done" in end) return;
  if (wantOff && "refused" in end) {
    // One that goes off after all must not be taken for one that runs, and be left off.
    const shown = Math.min(until, clock.now() + account.settings.listingLag);
    if ("done" in (await watch(operation, request.doing, shown, look))) return;
  }
  throw notSwitched(operation, wantOff, end);
}

function switching(operation: Operation, action: PowerAction, until: number) {
  const { account, cloudId } = operation;
  const doing = `powering server ${cloudId} ${action === "poweroff" ? "off" : "on"}`;
  const send = (options: CallOptions) => account.client.servers.power(cloudId, action, options);
  return { doing, until, send };
}

/** Time that a start which Utho accepted has to show. */
const START_SHOWN_MS = 60_000;

/**
 * An empty answer is how Utho says yes to this, and how a request that went nowhere looks too. A yes may also never
 * happen: a start is asked for again then, since it does a running server no harm. A second request to power off could
 * be carried out after the server was switched on again, so that is asked for once.
 */
function patienceWith(
  { account }: Operation,
  action: PowerAction,
  { acknowledged }: Acknowledgement,
): number {
  if (!acknowledged) return account.settings.listingLag;
  return action === "poweroff" ? Number.POSITIVE_INFINITY : START_SHOWN_MS;
}

/** Has a server started that is seen off and should run by itself: asks only when the last request had its time. */
export class Waking {
  hasAsked = false;
  private askAt: number | undefined;

  constructor(
    private readonly operation: Operation,
    /** How long it may be off before it is asked for, in milliseconds. */
    private readonly patienceMs: number,
  ) {}

  async seenOff(): Promise<void> {
    const { clock } = this.operation;
    this.askAt ??= clock.now() + this.patienceMs;
    if (clock.now() < this.askAt) return;
    this.hasAsked = true;
    this.askAt = (await requestPowerOn(this.operation)) + clock.now();
  }
}

/** Gives the time that the request has to show, in milliseconds; one that was refused or lost is repeated after it. */
async function requestPowerOn(operation: Operation): Promise<number> {
  const ending = await attempt(operation, switching(operation, "poweron", operation.deadline));
  if (ending.kind === "answered") return patienceWith(operation, "poweron", ending.answer);
  if (ending.kind === "refused" && ending.error instanceof AuthError) throw ending.error;
  return patienceAfter(operation, ending);
}

function notSwitched(
  operation: Operation,
  wantOff: boolean,
  end: Exclude<DeedEnd<true>, { done: true }>,
): ProviderFailure {
  const refused = "refused" in end;
  const trouble = refused ? end.refused : end.trouble;
  const why = refused
    ? "Utho refused it."
    : `it was not ${wantOff ? "off" : "on"} in time. Last seen: ${end.timedOut}.`;
  const { cloudId } = operation;
  return new ProviderFailure({
    code: "UTHO_POWER",
    attempted: `power server ${cloudId} ${wantOff ? "off" : "on"}`,
    because: why,
    said: saidBy(trouble),
    kept: wantOff ? "no snapshot was made." : `server ${cloudId} may still be OFF.`,
    next: wantOff
      ? "shut the server down yourself and run again, or set powerOff: false for a live snapshot."
      : `power server ${cloudId} on in Utho's console.`,
    cause: trouble,
  });
}
