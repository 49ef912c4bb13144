import { type FailureStory, ProviderFailure } from "../failure";
import { saidBy } from "../said";
import type { NotReady, Readiness } from "./ready";
import { formatSnapshotId } from "./snapshotid";
import type { Operation } from "./turn";

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
      because: "neither the account's listing nor the server's own lists it any more.",
      kept: `the id ${id} is in state.`,
      next: "see in Utho's console who deleted it; `pulumi up --refresh` drops it from state and takes a new one.",
    };
  }
  return {
    code: "UTHO_SNAPSHOT_NOT_READY",
    attempted,
    because: `it was not within the timeout of ${operation.timeout}. Last seen: ${readiness.last}.`,
    said: saidBy(cause),
    kept,
    next: "run again: the next `pulumi up` goes on waiting for this one; a longer customTimeouts.create waits longer at once.",
    cause,
  };
}

/** Throws what went wrong; a snapshot whose status nobody tells is let through with a warning. */
export function requireReady(operation: Operation, readiness: Readiness): void {
  if (readiness.kind === "active") return;
  if (readiness.kind !== "untold") throw new ProviderFailure(notReadyStory(operation, readiness));
  operation.progress.warn(
    `Utho lists snapshot ${operation.cloudId}/${readiness.snapshot.id} but tells no status; whether it is Active could not be seen.`,
  );
}
