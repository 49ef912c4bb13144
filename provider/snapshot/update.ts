import type { Snapshot } from "../../client";
import type { Made } from "../engine/inputs";
import { plain } from "../engine/values";
import { PartialFailure, ProviderFailure } from "../failure";
import { costOf, monthlyCost } from "../utho/facts";
import { locate } from "../utho/find";
import { formatSnapshotId, parseSnapshotId, type SnapshotRef } from "../utho/names";
import { notReadyStory, type Readiness, requireReady, untilReady } from "../utho/ready";
import type { Operation, ProviderRuntime } from "../utho/runtime";
import { isFailure } from "../utho/status";
import { inTurn } from "../utho/turn";
import { recordOf, type SnapshotInputs, type SnapshotState, toState } from "./contract";

/** Waits for one that was not ready. Utho cannot rename a snapshot, so a rename outside is accepted and said. */
export function updateSnapshot(
  runtime: ProviderRuntime,
  id: SnapshotRef,
  olds: SnapshotState,
  news: SnapshotInputs,
): Promise<Made> {
  return inTurn(runtime, "update", news, async (operation) => {
    return { id, outs: await updateNow(operation, id, olds, news) };
  });
}

async function updateNow(
  operation: Operation,
  id: SnapshotRef,
  olds: SnapshotState,
  news: SnapshotInputs,
): Promise<Record<string, unknown>> {
  const address = parseSnapshotId(id);
  const { account, clock } = operation;
  const { snapshot, server, listing } = await locate(account, address, clock.now());
  if (snapshot === undefined)
    throw new ProviderFailure({
      code: "UTHO_SNAPSHOT_NOT_FOUND",
      attempted: `update snapshot ${id}`,
      because: "it no longer exists: it was deleted outside.",
      kept: "the entry in the state.",
      next: "run `pulumi up --refresh`: it drops the entry from state and takes a new snapshot.",
    });
  const zone = (): string => listing.zone(account.settings.timeZone, clock.now());
  const outputs = (seenNow: Snapshot): Record<string, unknown> =>
    plain(toState({ inputs: news, snapshot: seenNow, server, known: olds, zone }));
  const readiness = await settle(operation, snapshot, olds, news);
  if (readiness.kind === "failed") {
    // State must learn of it: by its status the next run knows that it was never data, and replaces it.
    throw new PartialFailure(notReadyStory(operation, readiness), id, outputs(readiness.snapshot));
  }
  requireReady(operation, readiness);
  tellChanges(operation, olds, readiness.snapshot, news.name);
  return outputs(readiness.snapshot);
}

/** Waits for a snapshot that is not ready; a failed one stays and is reported. */
async function settle(
  operation: Operation,
  snapshot: Snapshot,
  olds: SnapshotState,
  news: SnapshotInputs,
): Promise<Readiness> {
  if (recordOf(olds) !== undefined && isFailure(snapshot.status)) throw goneBad(operation, snapshot);
  if (news.waitForReady === false) return { kind: "active", snapshot };
  const readiness = await untilReady(operation, snapshot);
  if (readiness.kind === "failed" && recordOf(olds) !== undefined)
    throw goneBad(operation, readiness.snapshot);
  return readiness;
}

/** Says what was changed outside, before it becomes the record that later drift is judged against. */
function tellChanges(
  operation: Operation,
  olds: SnapshotState,
  fresh: Snapshot,
  declared: string | undefined,
): void {
  const recorded = recordOf(olds);
  if (recorded === undefined) return;
  const id = `${operation.cloudId}/${fresh.id}`;
  if (recorded.name !== fresh.name) {
    const differs = declared !== undefined && declared !== fresh.name;
    const advice = differs
      ? ` The program still says "${declared}"; set name: "${fresh.name}" to agree.`
      : "";
    operation.progress.warn(
      `Snapshot ${id} was renamed outside, from "${recorded.name}" to "${fresh.name}". Utho cannot rename it back; it is kept as it is.${advice}`,
    );
  }
  if (fresh.sizeGb !== undefined && recorded.sizeGb !== undefined && fresh.sizeGb !== recorded.sizeGb) {
    operation.progress.warn(
      `Snapshot ${id} changed its size outside, from ${recorded.sizeGb} GB to ${fresh.sizeGb} GB; it is kept as it is.`,
    );
  }
}

function goneBad(operation: Operation, snapshot: Snapshot): ProviderFailure {
  const id = formatSnapshotId({ cloudId: operation.cloudId, snapshotId: snapshot.id });
  return new ProviderFailure({
    code: "UTHO_SNAPSHOT_FAILED",
    attempted: `bring snapshot ${id} in line with the program`,
    because: `it was Active once and its status is now "${snapshot.status}".`,
    kept: `snapshot ${id} and its entry in state: it is never deleted because of a change made outside, and costs ${costOf({ monthlyCost: monthlyCost(snapshot.sizeGb) })}.`,
    next: "ask Utho's support about it; to take a new one, change `triggers` or run `pulumi up --replace <urn>`.",
  });
}
