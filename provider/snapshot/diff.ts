import type { Difference, RawInputs } from "../engine/inputs";
import { replacementText } from "../engine/progress";
import { hasUnknown, isFirstSeal, isSealOf, isUnknown } from "../engine/values";
import { ProviderFailure } from "../failure";
import { parseSnapshotId, type SnapshotRef } from "../utho/names";
import type { ProviderRuntime } from "../utho/runtime";
import { isActive, isFailure, UNKNOWN_STATUS } from "../utho/status";
import { asSnapshotInputs, type SnapshotInputs, type SnapshotState } from "./contract";

/**
 * Compares state with the program. Also decides what counts as drift: on refresh the engine passes the fresh outputs
 * as `olds` and the old inputs as `news`, and believes this answer alone.
 *
 * Only the program replaces a snapshot. Whatever was changed outside is shown as a change, never as a replacement,
 * because replacing deletes data that cannot be made again. The one exception was never data: a snapshot that failed
 * before it was ever Active.
 */
export function diffSnapshot(id: SnapshotRef, olds: SnapshotState, news: SnapshotInputs): Difference {
  refuseAdoptionOfAnother(id, olds, news);
  const replaces = [
    ...(news.cloudId !== olds.cloudId ? ["cloudId"] : []),
    ...(nameChangedByProgram(olds, news) ? ["name"] : []),
    ...(isSealOf(olds.triggersDigest, news.triggers) ? [] : ["triggers"]),
    ...(isFailure(olds.status) && olds.recorded === undefined ? ["status"] : []),
  ];
  const changes = isFirstSeal(olds.triggersDigest, news.triggers) || driftOf(olds, news).length > 0;
  return { changes: changes || replaces.length > 0, replaces };
}

interface PropertyDrift {
  property: "status" | "name" | "sizeGb";
  from: string | number | undefined;
  to: string | number | undefined;
}

/** What was changed outside, by the fresh outputs and the program's inputs. */
export function driftOf(olds: SnapshotState, news: Pick<SnapshotInputs, "waitForReady">): PropertyDrift[] {
  const { status, recorded } = olds;
  const from = recorded === undefined ? undefined : "Active";
  if (isFailure(status)) return [{ property: "status", from, to: status }];
  const awaited = news.waitForReady !== false && status !== UNKNOWN_STATUS;
  const drift: PropertyDrift[] =
    awaited && !isActive(status) ? [{ property: "status", from, to: status }] : [];
  if (recorded === undefined) return drift;
  if (olds.name !== recorded.name) drift.push({ property: "name", from: recorded.name, to: olds.name });
  // A listing without a size is no evidence of another size.
  const sizes = [olds.sizeGb, recorded.sizeGb];
  if (!sizes.includes(undefined) && olds.sizeGb !== recorded.sizeGb)
    drift.push({ property: "sizeGb", from: recorded.sizeGb, to: olds.sizeGb });
  return drift;
}

function nameChangedByProgram(olds: SnapshotState, news: SnapshotInputs): boolean {
  if (news.name === undefined) return false;
  return news.name !== olds.name && news.name !== (olds.declaredName ?? olds.recorded?.name ?? olds.name);
}

/** `adoptId` counts at creation only. Pointing an existing resource at another snapshot would have to delete its own. */
function refuseAdoptionOfAnother(id: SnapshotRef, olds: SnapshotState, news: SnapshotInputs): void {
  if (news.adoptId === undefined || isUnknown(news.adoptId) || news.cloudId !== olds.cloudId) return;
  const { snapshotId } = parseSnapshotId(id);
  if (news.adoptId === snapshotId || news.adoptId === olds.adoptId) return;
  throw new ProviderFailure({
    code: "UTHO_INPUT_ADOPT_ID",
    attempted: `change adoptId of the resource that stands for snapshot ${id} to ${news.adoptId}`,
    because:
      "adoptId is read when the resource is created; this one already has a snapshot, which would be deleted.",
    kept: `snapshot ${id} and its entry in the state are unchanged.`,
    next: `declare a second Snapshot with adoptId: "${news.adoptId}", or take adoptId out of this one.`,
  });
}

/** Says that the server will be switched off, so that a preview shows it. */
export async function announceCreation(runtime: ProviderRuntime, news: RawInputs): Promise<void> {
  const { cloudId, resourceUrn } = asSnapshotInputs(news);
  const server = isUnknown(cloudId) ? "The server" : `Server ${cloudId}`;
  const text = hasUnknown(news.powerOff)
    ? `Whether ${server} is switched off for the snapshot (powerOff) is not known before the update.`
    : `${server} is switched off for the snapshot, and on again after it (powerOff).`;
  await runtime.say(resourceUrn, "info", text);
}

export async function announceReplacement(
  runtime: ProviderRuntime,
  id: SnapshotRef,
  { name, monthlyCost }: SnapshotState,
  replaces: readonly string[],
  news: RawInputs,
): Promise<void> {
  const price = monthlyCost === undefined ? "" : `, ₹${monthlyCost} a month`;
  const text = replacementText(`Snapshot ${id} (${name}${price})`, "is deleted", replaces, news);
  await runtime.say(asSnapshotInputs(news).resourceUrn, "info", text);
}
