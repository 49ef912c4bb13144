import { UthoError } from "../../client/errors";
import type { Difference, RawInputs } from "../engine/inputs";
import { replacementText } from "../engine/progress";
import { hasUnknown, isSealOf, isUnknown } from "../engine/values";
import { ProviderFailure } from "../failure";
import { monthlyCost } from "../utho/facts";
import { REFRESH_WINDOW_MS } from "../utho/listing";
import { parseSnapshotId } from "../utho/names";
import type { ProviderRuntime } from "../utho/runtime";
import { findSource, requireRoom } from "../utho/source";
import { asRestoreInputs, isKeyOf, isUnfinished, type RestoreInputs, type RestoreState } from "./contract";

/**
 * Only another snapshot or other triggers restore again, by a replacement: the new restore comes with a safety
 * snapshot of its own before the old one's is removed. Whatever is done to snapshots outside, and every other option,
 * restores nothing. What this resource has restored once it never restores again (docs/decisions/0020).
 */
export function diffRestore(olds: RestoreState, news: RestoreInputs): Difference {
  const changed = changedInputs(olds, news);
  if (changed.length === 0) return { changes: olds.phase !== "restored", replaces: [] };
  if (isDone(olds, news)) return { changes: true, replaces: [] };
  return { changes: true, replaces: changed };
}

/**
 * Refuses to restore again because an id changed that no person wrote: a snapshot that was taken again, a newer one that
 * a look-up found. `triggers` that change with it say that the restore is meant (docs/decisions/0128).
 */
export function refuseMoving(olds: RestoreState, news: RestoreInputs, { replaces }: Difference): void {
  const moves = news.origin !== undefined || isUnknown(news.snapshot);
  if (!moves || news.acknowledgeMoving === true || !replaces.includes("snapshot")) return;
  if (replaces.includes("triggers") && !hasUnknown(news.triggers)) return;
  const next = isUnknown(news.snapshot) ? "another one, which this run makes" : `snapshot ${news.snapshot}`;
  const why =
    news.origin === "unseen"
      ? "the engine does not show whether a person changed it or it changed by itself"
      : "its id is not written in the program: it changed by itself";
  throw new ProviderFailure({
    code: "UTHO_RESTORE_MOVING",
    attempted: `restore server ${olds.cloudId} again`,
    because: `the snapshot of this restore was ${olds.snapshot} and would now be ${next}, and ${why}.`,
    kept: "nothing was made or changed; the earlier restore and its safety snapshot stay.",
    next: `if the restore is over, remove the resource, or give the id as text: snapshot: "${olds.snapshot}". To restore once more, change \`triggers\` too; to restore whenever the snapshot changes, set acknowledgeMoving: true.`,
  });
}

/**
 * Refuses to restore what this same run takes in place of another snapshot: it shows the server as it is now, and the one
 * of before the change, which is meant, would be deleted (docs/decisions/0190).
 */
export function refuseRetaken({ memory }: ProviderRuntime, news: RestoreInputs): void {
  const former = [...(news.sources ?? []), news.snapshot]
    .map((one) => memory.formerSnapshotOf(one))
    .find((one) => one !== undefined);
  if (former === undefined || news.acknowledgeMoving === true) return;
  throw new ProviderFailure({
    code: "UTHO_RESTORE_MOVING",
    attempted: `restore what was snapshot ${former}`,
    because: `this run takes a new snapshot in place of ${former}. The new one shows the server as it is now, so restoring it brings nothing back.`,
    kept: "nothing was restored, and no snapshot was deleted.",
    next: `give the id as text: snapshot: "${former}". It is restored before the replacement deletes it. To restore the new one nevertheless, set acknowledgeMoving: true.`,
  });
}

/** Whether the program went back to what this resource has restored before. */
export function isChangeBack(olds: RestoreState, news: RestoreInputs): boolean {
  return changedInputs(olds, news).length > 0 && isDone(olds, news);
}

function changedInputs(olds: RestoreState, news: RestoreInputs): string[] {
  return [
    ...(news.snapshot !== olds.snapshot ? ["snapshot"] : []),
    ...(isSealOf(olds.triggersDigest, news.triggers) ? [] : ["triggers"]),
  ];
}

function isDone(olds: RestoreState, news: RestoreInputs): boolean {
  return (olds.done ?? []).some((key) => isKeyOf(key, news));
}

/** What will be overwritten, and the size of the server's disk, which its safety snapshot does not exceed. */
interface Coming {
  text: string;
  diskSizeGb?: number | undefined;
}

/** Throws where the snapshot cannot be used; if Utho does not answer, it says what the program alone shows. */
export async function announceRestore(runtime: ProviderRuntime, news: RawInputs): Promise<void> {
  const inputs = asRestoreInputs(news);
  const coming = await whatWillHappen(runtime, inputs);
  const text = `${coming.text} It restarts. ${safetyText(news, coming.diskSizeGb)}`;
  await runtime.say(inputs.resourceUrn, "info", text);
}

/** Says what an update or a replacement of a restore does: it may go on, or remove the safety snapshot of before. */
export async function announceDifference(
  runtime: ProviderRuntime,
  state: RestoreState,
  news: RawInputs,
  { replaces }: Difference,
  carried: string | undefined,
): Promise<void> {
  const inputs = asRestoreInputs(news);
  const progress = runtime.progress(inputs.resourceUrn);
  const { safetySnapshotId, phase } = state;
  if (replaces.length > 0) {
    // The restore itself is announced by the check that precedes its creation.
    if (safetySnapshotId === undefined || safetySnapshotId === carried) return;
    const what = `Safety snapshot ${safetySnapshotId} of the restore before`;
    progress.info(
      isUnfinished(state)
        ? `${what} is kept, in no state, when it is replaced, since that restore did not end.`
        : replacementText(what, "is deleted", replaces, news),
    );
  } else if (isChangeBack(state, inputs)) {
    progress.info(
      `Nothing is restored: this resource has restored snapshot ${inputs.snapshot} with these triggers before.`,
    );
  } else if (phase !== "restored") {
    const coming = await whatWillHappen(runtime, inputs).catch(asFarAsKnown);
    const safety = safetySnapshotId === undefined ? ` ${safetyText(news, coming.diskSizeGb)}` : "";
    progress.info(`The restore that did not end goes on. ${coming.text} It restarts.${safety}`);
  }
  await progress.flush();
}

function safetyText({ safetySnapshot }: RawInputs, diskSizeGb: number | undefined): string {
  if (hasUnknown(safetySnapshot)) {
    return "Whether its present state is kept first (safetySnapshot) is not known before the update.";
  }
  if (safetySnapshot === false) return "Its present state is NOT kept.";
  const size =
    diskSizeGb === undefined ? "" : ` of at most ${diskSizeGb} GB (₹${monthlyCost(diskSizeGb)} a month)`;
  return `Its present state is kept first, in a safety snapshot${size}, which is deleted once this resource is removed or replaced.`;
}

async function whatWillHappen(runtime: ProviderRuntime, { snapshot: id }: RestoreInputs): Promise<Coming> {
  if (id === "" || isUnknown(id)) {
    return { text: "A server will be overwritten with a snapshot that is not known before the update." };
  }
  const address = parseSnapshotId(id);
  const { cloudId } = address;
  const now = runtime.clock.now();
  try {
    const account = await runtime.account();
    const times = { notBefore: now - REFRESH_WINDOW_MS, now };
    const attempted = `restore server ${cloudId} to snapshot ${id}`;
    const source = await findSource(account, address, times, attempted);
    requireRoom(source, attempted);
    const { snapshot, server, createdAt } = source;
    const named = server === undefined ? "" : ` (${server.hostname})`;
    const moment = createdAt === undefined ? "" : ` of ${createdAt}`;
    return {
      text: `Server ${cloudId}${named} will be overwritten with its state${moment}: snapshot ${id} (${snapshot.name}).`,
      diskSizeGb: server?.diskSizeGb,
    };
  } catch (error) {
    if (!(error instanceof UthoError)) throw error;
    return {
      text: `Server ${cloudId} will be overwritten with snapshot ${id}, whose moment could not be read now.`,
    };
  }
}

/** A snapshot that cannot be used stops the update itself; the preview of it only says so. */
function asFarAsKnown(error: unknown): Coming {
  if (!(error instanceof ProviderFailure)) throw error;
  return { text: `It is refused as things are: ${error.story.because}` };
}
