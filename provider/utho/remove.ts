import type { Deletion } from "../../client";
import { BusyError, UthoError } from "../../client/errors";
import { formatDuration } from "../duration";
import { ProviderFailure, saidBy } from "../failure";
import { type Look, untilDone } from "./attempt";
import { costOf } from "./facts";
import { confirmGone, locate } from "./find";
import type { AccountListing } from "./listing";
import {
  formatSnapshotId,
  parseSnapshotId,
  type SnapshotAddress,
  type SnapshotRef,
  takenAtOf,
} from "./names";
import type { Operation, ProviderRuntime } from "./runtime";
import { isBeingDeleted, isDeleted } from "./status";
import { inTurn, type OperationSubject } from "./turn";

interface Removal extends Pick<OperationSubject, "resourceUrn" | "timeouts"> {
  name?: string | undefined;
  adoptId?: string | undefined;
  monthlyCost?: number | undefined;
  /** Why it stays in Utho, and only its entry in state goes. */
  keep?: string | undefined;
}

/** Deletes a snapshot; one that is gone already is fine, and one that lives on is refused. */
export async function deleteSnapshot(
  runtime: ProviderRuntime,
  id: SnapshotRef,
  props: Removal,
): Promise<void> {
  const address = parseSnapshotId(id);
  const { keep, name, resourceUrn, timeouts } = props;
  const taken = {
    attempted: `delete snapshot ${id} after its replacement`,
    instead: "no new snapshot was taken: the existing one was taken over",
    interrupted: "creation",
    kept: `snapshot ${id} exists and stays in state; nothing was deleted.`,
    wanted: NEW_SNAPSHOT,
  };
  if (await livesOn(runtime, id, "Snapshot", resourceUrn, taken)) return;
  const older = runtime.memory.olderOf(resourceUrn, takenAtOf(props));
  if (older !== undefined)
    throw new ProviderFailure({
      code: "UTHO_TAKEN_OVER",
      attempted: `delete snapshot ${id} after its replacement`,
      because: `no new snapshot was taken: snapshot ${older} was taken over in its place, which is older than ${id}.`,
      kept: "both snapshots exist and stay in state; nothing was deleted.",
      next: afresh(NEW_SNAPSHOT),
    });
  if (keep !== undefined) {
    const kept = `Kept snapshot ${id} (${name}), which was replaced (${keep}). It is in no state now, and costs ${costOf(props)} until you delete it.`;
    return runtime.say(resourceUrn, "info", kept);
  }
  const subject = { cloudId: address.cloudId, resourceUrn, timeouts };
  await inTurn(runtime, "delete", subject, async (operation) => {
    await new Removing(address, await lastListing(operation)).untilGone(operation);
  });
}

/** How often Utho may answer a deletion, each time with `utho:listingLag` to show it, before it counts as not done. */
const MOST_ANSWERS = 2;

interface Removals {
  /** A deletion's own time. */
  operation: () => Operation;
  asks: (id: SnapshotRef) => void;
  gone: (id: SnapshotRef) => void;
  /** Throws where the others are not to be asked for. */
  failed: (id: SnapshotRef, error: unknown) => void;
}

/**
 * Deletes several snapshots of one server, one after the other in this order. Whether they are gone is seen by one listing
 * for all of them, which those of other servers share; what it shows still is waited for, and asked for again, one by one.
 */
export async function deleteInOrder(ids: readonly SnapshotRef[], removals: Removals): Promise<void> {
  const { listing, settings } = removals.operation().account;
  const known = await lastListing(removals.operation());
  const accepted = new Map<SnapshotRef, Removing>();
  for (const id of ids) {
    const removing = new Removing(parseSnapshotId(id), known);
    removals.asks(id);
    try {
      await removing.untilAccepted(removals.operation());
      accepted.set(id, removing);
    } catch (error) {
      removals.failed(id, error);
    }
  }
  if (accepted.size === 0) return;
  const { clock, cloudId } = removals.operation();
  const seen = await listing.polled(cloudId, clock.now(), settings.pollInterval).catch(() => undefined);
  for (const [id, removing] of accepted) {
    try {
      if (!removing.isGoneFrom(seen)) await removing.untilGone(removals.operation());
      removals.gone(id);
    } catch (error) {
      removals.failed(id, error);
    }
  }
}

async function lastListing({ account, cloudId }: Operation): Promise<AccountListing | undefined> {
  return account.listing.account(0, cloudId).catch(() => undefined);
}

/**
 * A snapshot under deletion, which lasts until it is seen to be gone. A success alone is no proof: Utho may accept what
 * it then never does, and a snapshot that lives on unknown to any state costs money for ever. What was answered and does
 * not show in time is an error, and so is a refusal, at once; a busy server is waited for until the time is over.
 *
 * Errors: Utho's refusal; `UTHO_DELETE_UNCONFIRMED`; `UTHO_SERVER_BUSY`.
 */
class Removing {
  private readonly answers: Deletion[] = [];
  private answeredAt = 0;
  /** Whether its status said so when it was last seen. */
  private isUnderWay = false;

  /** Whether the account's listing showed it: one that ends early lacks it before and after. */
  private readonly wasListed: boolean;

  constructor(
    private readonly address: SnapshotAddress,
    before: AccountListing | undefined,
  ) {
    this.wasListed = before?.byId.has(address.snapshotId) === true;
  }

  /** Until Utho says that it is deleted, or it is seen to be gone. */
  untilAccepted(operation: Operation): Promise<void> {
    return this.until(operation, ({ outcome }) => outcome === "deleted");
  }

  untilGone(operation: Operation): Promise<void> {
    // "Not found" proves nothing by itself, and after a success that listings alone belie it does.
    return this.until(operation, ({ outcome }) => outcome === "notFound" && this.isConfirmed);
  }

  /** Whether a listing that is newer than the answer shows that it is gone. */
  isGoneFrom(listing: AccountListing | undefined): boolean {
    if (listing === undefined || listing.source === "none" || !this.wasListed) return false;
    return this.isConfirmed && !listing.byId.has(this.address.snapshotId);
  }

  private async until(operation: Operation, isProof: (answer: Deletion) => boolean): Promise<void> {
    const { account, clock, deadline } = operation;
    const { answers, address } = this;
    const end = await untilDone<true, Deletion>(operation, {
      doing: `deleting snapshot ${formatSnapshotId(address)}`,
      until: deadline,
      send: async (options) => {
        const answer = await account.client.snapshots.delete(address.cloudId, address.snapshotId, options);
        answers.push(answer);
        this.answeredAt = clock.now();
        return answer;
      },
      proofOf: (answer) => (isProof(answer) ? { done: true } : undefined),
      look: () => this.look(operation),
      patienceMs: () => account.settings.listingLag,
      askFirst: true,
      askedUntil: answers.length > 0 ? this.answeredAt + account.settings.listingLag : undefined,
      isVain: () => answers.length >= MOST_ANSWERS && !this.isUnderWay,
    });
    if ("done" in end) return;
    if ("refused" in end) throw end.refused;
    throw stillThere(operation, formatSnapshotId(address), end, answers);
  }

  private get isConfirmed(): boolean {
    return this.answers.some(({ outcome }) => outcome === "deleted");
  }

  /** Whether it is gone; a confirmed deletion is believed only where no answer of Utho's can show it. */
  private async look({ account, clock }: Operation): Promise<Look<true>> {
    const { address, isConfirmed: confirmed } = this;
    try {
      // Newer than the call in any case; deletions at the same time share a listing.
      const since = clock.now() - account.settings.pollInterval / 2;
      if (confirmed && this.isGoneFrom(await account.listing.account(since, address.cloudId)))
        return { done: true };
      const located = await locate(account, address, since);
      const { snapshot } = located;
      this.isUnderWay = isBeingDeleted(snapshot?.status);
      if (this.isUnderWay) return { waiting: `status ${snapshot?.status}` };
      if (snapshot !== undefined && !isDeleted(snapshot.status)) return { waiting: "still listed" };
      if (snapshot === undefined && !confirmed) await confirmGone(account, address, located);
      return { done: true };
    } catch (error) {
      if (confirmed && !(error instanceof UthoError)) return { done: true };
      throw error;
    }
  }
}

function stillThere(
  { clock, startedAt }: Operation,
  id: string,
  { timedOut, trouble }: { timedOut: string; trouble: UthoError | undefined },
  answers: readonly Deletion[],
): ProviderFailure {
  const lasted = formatDuration(clock.now() - startedAt);
  const vain = answers.length >= MOST_ANSWERS;
  return new ProviderFailure({
    code: trouble instanceof BusyError ? "UTHO_SERVER_BUSY" : "UTHO_DELETE_UNCONFIRMED",
    attempted: `delete snapshot ${id}`,
    because: `it was still there after ${lasted}. Last seen: ${timedOut}.${vain ? saidInVain(answers) : ""}`,
    said: saidBy(trouble) ?? answers.at(-1)?.message,
    kept: `snapshot ${id} stays in state until it is gone, and costs money.`,
    next: vain
      ? "run again; if it stays, delete it in Utho's console, or ask Utho's support. A longer utho:listingLag waits longer."
      : "run again; a longer customTimeouts.delete waits longer.",
    cause: trouble,
  });
}

function saidInVain(answers: readonly Deletion[]): string {
  const said = answers.every(({ outcome }) => outcome === "notFound")
    ? "that it knows no such snapshot or server"
    : "that it is deleted";
  return ` Utho answered ${answers.length} times ${said}.`;
}

/**
 * Whether a cloud object lives on under another resource, to which `adoptId` has handed it. Under the same resource, by
 * whatever name, it is in state twice, because a forced replacement made no new one: that stays an error until there is.
 */
export async function livesOn(
  runtime: ProviderRuntime,
  id: string,
  what: "Snapshot" | "Server",
  urn: string | undefined,
  taken: TakenOver,
): Promise<boolean> {
  const { memory } = runtime;
  const isDeclared = memory.programOf(urn) !== undefined;
  // What left the program, such as by another logical name, gives its object up even where the adoption failed.
  const holder = isDeclared ? memory.holderOf(id) : memory.ownerOf(id);
  if (holder === undefined) return false;
  if (holder === urn || (isDeclared && memory.hasTakenOver(id))) throw takenOver(taken);
  const text = `${what} ${id} still belongs to ${holder}; only this entry in the state was removed.`;
  await runtime.say(urn, "warn", text);
  return true;
}

const NEW_SNAPSHOT = "take a new snapshot, change `triggers`, or";

/** What a forced replacement did not make again. */
interface TakenOver {
  attempted: string;
  /** What happened instead, as the beginning of a sentence. */
  instead: string;
  /** What it looks like the re-run of. */
  interrupted: string;
  kept: string;
  /** Ends in what goes before "run `pulumi up …`". */
  wanted: string;
}

/** Refuses to remove what the replacement has taken over: within the window there is nothing new in its place. */
export function takenOver({ instead, interrupted, wanted, ...story }: TakenOver): ProviderFailure {
  return new ProviderFailure({
    ...story,
    code: "UTHO_TAKEN_OVER",
    because: `${instead}, since within utho:takeoverWindow a forced replacement looks like the re-run of an interrupted ${interrupted}.`,
    next: afresh(wanted),
  });
}

function afresh(wanted: string): string {
  return `to ${wanted} run \`pulumi up --refresh --replace <urn>\`, which shows the provider what is in the state. After \`pulumi config set utho:takeoverWindow 0\`, or when that window is over, \`pulumi up --replace <urn>\` does it as well.`;
}
