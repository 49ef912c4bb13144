import type { Snapshot } from "../../client";
import type { SnapshotId } from "../../client/request";
import { type FailureStory, ProviderFailure, saidBy } from "../failure";
import { type Look, watch } from "./attempt";
import { merged, pollFreshness } from "./listing";
import { formatSnapshotId } from "./names";
import { recordIfOffered } from "./record";
import type { Operation } from "./runtime";
import { isActive, isDeleted, isFailure, NO_STATUS } from "./status";

/** How the wait for a snapshot ended, with the last that was seen of it. */
export type Readiness =
  | { kind: "active"; snapshot: Snapshot }
  | { kind: "unknown"; snapshot: Snapshot }
  | NotReady;

/** A wait that did not end well; `late` carries what was seen last. */
type NotReady =
  | { kind: "failed"; snapshot: Snapshot }
  | { kind: "vanished"; snapshot: Snapshot }
  | { kind: "late"; snapshot: Snapshot; last: string };

/** An unknown status word means "not yet"; where no listing shows a status, being listed is all there is to know. */
export async function untilReady(operation: Operation, found: Snapshot): Promise<Readiness> {
  let snapshot = found;
  let missingSince: number | undefined;
  let untoldSince: number | undefined;
  const outcome = await watch<Readiness>(
    operation,
    `creating snapshot ${found.name}`,
    operation.deadline,
    async () => {
      const sight = await lookAt(operation, found.id);
      if (sight.snapshot === undefined || isDeleted(sight.snapshot.status)) {
        const now = operation.clock.now();
        missingSince ??= now;
        if (now - missingSince < operation.account.settings.listingLag)
          return { waiting: sight.snapshot?.status?.word ?? "no longer listed" };
        return { done: { kind: "vanished", snapshot } };
      }
      missingSince = undefined;
      snapshot = merged(snapshot, sight.snapshot);
      const look = judge(snapshot);
      if (!("done" in look) || look.done.kind !== "unknown" || !sight.mayShowLater) return look;
      untoldSince ??= operation.clock.now();
      const patient = operation.clock.now() - untoldSince < operation.account.settings.listingLag;
      if (patient) return { waiting: "no status listed" };
      if (sight.isListed) return look;
      if (await isAtWork(operation)) return { waiting: "not listed yet, and under way" };
      const { account, cloudId, progress } = operation;
      account.listing.sayShort(progress, formatSnapshotId({ cloudId, snapshotId: found.id }));
      return look;
    },
    true,
  );
  if ("done" in outcome) return outcome.done;
  return { kind: "late", snapshot, last: outcome.timedOut };
}

interface Sight {
  snapshot: Snapshot | undefined;
  /** Whether the account's listing has it, or the API has no listing. */
  isListed: boolean;
  /** A listing of the account has shown statuses before, and may do so again. */
  mayShowLater: boolean;
}

async function lookAt(operation: Operation, snapshotId: SnapshotId): Promise<Sight> {
  const { account, cloudId } = operation;
  // Any listing of the current interval will do: the one that the snapshot was found in may already call it Active.
  const listing = await account.listing.polled(cloudId, 0, account.settings.pollInterval);
  const listed = listing.byId.get(snapshotId);
  if (listed?.status !== undefined) return { snapshot: listed, isListed: true, mayShowLater: false };
  const server = await account.listing.server(cloudId, pollFreshness(operation, 0));
  const own = server?.snapshots?.find(({ id }) => id === snapshotId);
  const seen = own === undefined ? listed : merged(listed, own);
  const isListed = listing.listed.has(snapshotId) || listing.source === "none";
  return { snapshot: seen, isListed, mayShowLater: account.listing.hasToldStatus };
}

/** Whether Utho's record of actions shows something on this server that has not ended; without a record it does not. */
async function isAtWork(operation: Operation): Promise<boolean> {
  return ((await recordIfOffered(operation)) ?? []).some(({ status }) => status?.is === "pending");
}

function judge(snapshot: Snapshot): Look<Readiness> {
  const { status } = snapshot;
  if (isActive(status)) return { done: { kind: "active", snapshot } };
  if (isFailure(status)) return { done: { kind: "failed", snapshot } };
  if (status !== undefined) return { waiting: `status ${status}` };
  return { done: { kind: "unknown", snapshot: { ...snapshot, status: NO_STATUS } } };
}

/** Why a snapshot that exists is not usable, and what the next run does about it. */
export function notReadyStory(operation: Operation, readiness: NotReady, cause?: unknown): FailureStory {
  const { snapshot } = readiness;
  const id = formatSnapshotId({ cloudId: operation.cloudId, snapshotId: snapshot.id });
  const attempted = `wait until snapshot ${id} (${snapshot.name}) is Active`;
  const kept = `snapshot ${id} exists, and its id is in state.`;
  if (readiness.kind === "failed") {
    return {
      code: "UTHO_SNAPSHOT_FAILED",
      attempted,
      because: `its status is "${snapshot.status}", which is final.`,
      kept: `${kept} It holds no usable data.`,
      next: "run again: the next `pulumi up` takes a new one and then removes the failed one.",
    };
  }
  if (readiness.kind === "vanished") {
    return {
      code: "UTHO_SNAPSHOT_VANISHED",
      attempted,
      because: "neither the account's listing nor the server's own lists it now.",
      kept: `the id ${id} is in state.`,
      next: "find out in Utho's console who deleted it; `pulumi up --refresh` drops it from state and takes a new one.",
    };
  }
  return {
    code: "UTHO_SNAPSHOT_NOT_READY",
    attempted,
    because: `${operation.stop.isAsked ? "the run was cancelled before" : `it was not within the timeout of ${operation.timeout}`}. Last seen: ${readiness.last}.`,
    said: saidBy(cause),
    kept,
    next: "run again: the next `pulumi up` goes on waiting for this one; a longer customTimeouts.create waits longer at once.",
    cause,
  };
}

/** Throws what went wrong; a snapshot without a status is let through with a warning. */
export function requireReady(operation: Operation, readiness: Readiness): void {
  if (readiness.kind === "active") return;
  if (readiness.kind !== "unknown") throw new ProviderFailure(notReadyStory(operation, readiness));
  operation.progress.warn(
    `Utho lists snapshot ${operation.cloudId}/${readiness.snapshot.id} but shows no status, so it is unknown whether it is Active.`,
  );
}
