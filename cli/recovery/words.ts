import type { ServerInfo, SnapshotInfo } from "../../provider/lookup/types";
import { costOf, monthlyCost } from "../../provider/utho/facts";
import { ageText, visible, wall } from "../screen/text";

/** A restore that is done. */
export interface Restored {
  snapshot: string;
  /** ISO 8601: the moment that the server is back at. */
  takenAt: string | undefined;
  restoredAt: string | undefined;
  /** The server as it was before; `undefined`: it is gone, or there was none. */
  safety: SnapshotInfo | undefined;
  /** Name of the restore that this one undid. */
  undoes: string | undefined;
  running: boolean;
}

/** What is overwritten with what, in one sentence, and what becomes of what is there now. */
export function overwriteText(
  { id, name, createdAt }: SnapshotInfo,
  { hostname, cloudId, diskSizeGb }: ServerInfo,
  timeZone: string,
  now: number,
): string {
  const age = createdAt === undefined ? undefined : ageText(now - Date.parse(createdAt));
  const moment =
    createdAt === undefined ? "" : ` of ${wall(Date.parse(createdAt), timeZone)} (${timeZone}), ${age} ago`;
  const size =
    diskSizeGb === undefined
      ? ""
      : ` of at most ${diskSizeGb} GB (${costOf({ monthlyCost: monthlyCost(diskSizeGb) })})`;
  return (
    `The disk of ${hostname} (${cloudId}) will be overwritten with snapshot ${id} (${visible(name)})${moment}. ` +
    `What it holds now is kept first, in a safety snapshot${size}. The server restarts.`
  );
}

/** What is made of what, and who pays. */
export function cloneText(
  { id, name, createdAt }: SnapshotInfo,
  { hostname, planId }: { hostname: string; planId: string },
  timeZone: string,
): string {
  const moment = createdAt === undefined ? "" : ` of ${wall(Date.parse(createdAt), timeZone)} (${timeZone})`;
  return (
    `A new server ${visible(hostname)} will be made from snapshot ${id} (${visible(name)})${moment}. ` +
    `Utho bills it as any server of plan ${planId}, from now until it is destroyed; its API names no price, utho.com/pricing does.`
  );
}

/** How a restore ended, and what can follow. */
export function doneLines(
  { snapshot, takenAt, restoredAt, safety, undoes, running }: Restored,
  { hostname, line, timeZone }: { hostname: string; line: string; timeZone: string },
): string[] {
  const moment = takenAt === undefined ? "" : ` of ${wall(Date.parse(takenAt), timeZone)} (${timeZone})`;
  const when = restoredAt === undefined ? "" : ` at ${wall(Date.parse(restoredAt), timeZone)}`;
  const head = `${hostname} was put back to snapshot ${snapshot}${moment}${when}${undoes === undefined ? "" : `, which undid ${undoes}`}.`;
  const runs = running ? "It runs." : "It does NOT run now: look at it in Utho's console.";
  if (safety === undefined) return [`${head} ${runs}`];
  return [
    `${head} ${runs}`,
    `What it held before is in safety snapshot ${safety.id} (${costOf(safety)} until it is deleted).`,
    ...(undoes === undefined
      ? [`Go back:      ${line} --undo`]
      : [`Forth again:  ${line} --to ${safety.id}`]),
    `Once more:    ${line} --to ${snapshot} --again`,
    `All is well:  ${line} --done      deletes the safety snapshots`,
  ];
}

/** What can be typed after the list. */
export function listingHints(line: string, open: string | undefined): string[] {
  const interrupted =
    open === undefined ? [] : [`A restore to ${open} did not end. To go on: ${line} --to ${open} --yes`];
  return [
    ...interrupted,
    `To put it back: ${line} --to <id|yesterday|newest|2026-11-24T03:00>; with --yes it is done, without it shown, and asked for at a terminal.`,
  ];
}

/** What `--done` deletes. */
export function savedText(safeties: readonly SnapshotInfo[], hostname: string, folder: string): string {
  const total = safeties.reduce((sum, one) => sum + (one.monthlyCost ?? 0), 0);
  const list = safeties.map(({ id }) => id).join(", ");
  const what =
    safeties.length === 0
      ? "There is no safety snapshot any more."
      : `${safeties.length === 1 ? "Safety snapshot" : "Safety snapshots"} ${list} will be deleted, which saves ₹${total} a month: --undo is not possible after that.`;
  return `${what} ${hostname} stays as it is; ${folder} is removed.`;
}
