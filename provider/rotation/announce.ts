import type { CloudId } from "../../client/request";
import type { RawInputs } from "../engine/inputs";
import type { ProviderRuntime } from "../utho/runtime";
import { describeIds, type RotationInputs } from "./contract";
import { forgetsAllBut, sparing } from "./decide";
import { costOf } from "./outcome";
import { billOf, type Outlook, outlookOf } from "./outlook";
import { billText, describeDeletes, describePlan, describeServers } from "./plan/describe";
import { isUnderWay } from "./plan/periods";
import type { ServerPlan } from "./plan/types";
import { policyOf } from "./settings";
import type { RotationState } from "./state";

/** What decides what is taken and deleted. */
const DECIDING = ["every", "at", "between", "keep", "minKeep", "timeZone", "paused"] as const;

/**
 * Says what the update will do, so that a preview shows it. Whatever the update deletes or switches off is named here,
 * or is said to be not known yet (docs/decisions/0087).
 * @param state `undefined` for a rotation that is new to it
 */
export async function announce(
  runtime: ProviderRuntime,
  inputs: RotationInputs,
  news: RawInputs,
  state: RotationState | undefined,
): Promise<void> {
  const progress = runtime.progress(inputs.resourceUrn);
  const outlook = await outlookOf(runtime, inputs, news, state);
  for (const line of forgettingLine(outlook)) progress.warn(line);
  for (const line of announcement(outlook)) {
    progress.info(line);
    // Sent at the same time, they would arrive in any order.
    await progress.flush();
  }
}

/** The announcement, line by line. The last line is what the resource's own row shows. */
function announcement(outlook: Outlook): string[] {
  const ifPlanned = (linesOf: (of: Outlook) => string[]): string[] =>
    isPlanned(outlook) ? linesOf(outlook) : [];
  return [
    ...staleLine(outlook),
    ...removalLine(outlook),
    ...ifPlanned(costLine),
    ...ifPlanned(roomLines),
    ...powerLine(outlook),
    ...ifPlanned(windowLine),
    ...ifPlanned(underWayLine),
    ...newServersLine(outlook),
    ...unsureLine(outlook),
    ...leavingLine(outlook),
    ...inUseLine(outlook),
    planLine(outlook),
  ];
}

function planLine(outlook: Outlook): string {
  const { inputs, state, plans, leaving, unsure, now, names } = outlook;
  const undecided = undecidedBy(outlook);
  if (undecided.length > 0) {
    const verb = undecided.length === 1 ? "is" : "are";
    return `${undecided.join(", ")} ${verb} not known before the update: what the rotation takes and deletes is decided then.`;
  }
  const some = leaving.length + unsure.length > 0 || hasNewServers(outlook);
  const where = some ? "On the servers that are known to stay, the rotation" : "The rotation";
  const who = outlook.full.length > 0 ? `Where Utho allows one more snapshot, the rotation` : where;
  if (inputs.paused) return `${who} is paused: it takes nothing and deletes nothing.`;
  if (plans.length === 0) return "Which servers are in the rotation is not known before the update.";
  if (state !== undefined) return `${who} ${describePlan(plans, now, names)}.`;
  if (outlook.stale !== undefined || outlook.open.has("namePrefix")) {
    return `${who} takes what is due and deletes nothing.`;
  }
  const later = plans.flatMap((plan) => plan.delete).length;
  const note = later === 0 ? "" : ` yet; the next run prunes ${later} that it had made in an earlier life`;
  return `${who} ${describePlan(plans.map(sparingAll), now, names)}${note}.`;
}

function newServersLine(outlook: Outlook): string[] {
  if (!hasNewServers(outlook)) return [];
  const what = outlook.state === undefined ? "taken" : "taken and deleted";
  return [`Some servers are not known before the update; what is ${what} there is decided then.`];
}

function leavingLine(outlook: Outlook): string[] {
  const { leaving, names, state, expiring, plans, now } = outlook;
  // Of one whose snapshots expire it was said when it left.
  const gone = expiring.length > 0 ? leaving.filter((one) => state?.cloudIds.includes(one)) : leaving;
  const verb = gone.length === 1 ? "leaves" : "leave";
  const lines =
    gone.length === 0
      ? []
      : [`${describeServers(gone, names)} ${verb} the rotation: ${fateOf(outlook, gone)}.`];
  const pruned = expiring.filter((plan) => plan.delete.length > 0);
  if (pruned.length === 0 || !plans.some(({ take }) => take)) return lines;
  const left = describeServers(
    pruned.map(({ cloudId }) => cloudId),
    names,
  );
  return [
    ...lines,
    `Of ${left}, no longer in the rotation, it ${describeDeletes(pruned, now, names)} (onRemove: "expire").`,
  ];
}

/** What stays for another resource, though the policy would delete it. */
function inUseLine({ state, inUse }: Outlook): string[] {
  if (state === undefined || inUse.size === 0) return [];
  const each = [...inUse].map(([id, user]) => `${id} (${user})`);
  return [`Another resource has, or is made of, what would be deleted, so it stays: ${describeIds(each)}.`];
}

/** What a run would leave that is too young to be a way back. */
function forgettingLine({ inputs, plans, names, now, state }: Outlook): string[] {
  if (state === undefined) return [];
  const bare = plans.filter((plan) => forgetsAllBut(inputs, plan, now)).map(({ cloudId }) => cloudId);
  if (bare.length === 0) return [];
  return [
    `Only snapshots younger than a day remain on ${describeServers(bare, names)}: \`keep\` keeps no older one. A wider \`keep\`, or a larger \`minKeep\`, keeps some.`,
  ];
}

function unsureLine(outlook: Outlook): string[] {
  const { unsure, names, now } = outlook;
  if (unsure.length === 0) return [];
  const ids = unsure.map(({ cloudId }) => cloudId);
  const stay = unsure.length === 1 ? "it stays" : "they stay";
  const work = isPlanned(outlook)
    ? ` If ${stay}, the rotation ${describePlan(unsure, now, names)} there.`
    : "";
  return [
    `Not known before the update: whether ${describeServers(ids, names)} stays in the rotation.${work} If not, ${fateOf(outlook, ids)}.`,
  ];
}

function underWayLine(outlook: Outlook): string[] {
  const waiting = waitingOn(outlook).map(({ cloudId }) => cloudId);
  if (waiting.length === 0) return [];
  return [
    `Waits for a snapshot that is not Active yet on ${describeServers(waiting, outlook.names)}; one that fails is deleted, and another is taken.`,
  ];
}

function powerLine(outlook: Outlook): string[] {
  const { inputs, plans, unsure, names, open } = outlook;
  if (open.has("powerOff"))
    return ["Whether servers are switched off for it (powerOff) is not known before the update."];
  if (!inputs.powerOff || (inputs.paused && !open.has("paused"))) return [];
  if (undecidedBy(outlook).length > 0 || unsure.length > 0 || hasNewServers(outlook)) {
    return ["Each server whose snapshot is taken is switched off for it, and on again after it (powerOff)."];
  }
  const waiting = new Set(waitingOn(outlook));
  const off = plans.filter((plan) => plan.take || waiting.has(plan)).map(({ cloudId }) => cloudId);
  if (off.length === 0) return [];
  return [`Switches off for the snapshot, and on again after it: ${describeServers(off, names)}.`];
}

/** Where no run fell into the window, and what follows. */
function windowLine({ inputs, plans, names }: Outlook): string[] {
  const window = `the last window (between ${inputs.between?.join(" and ")}, ${inputs.timeZone})`;
  const lineFor = (take: boolean, what: string): string[] => {
    const missed = plans.filter((plan) => plan.missedWindow && plan.take === take);
    const ids = missed.map(({ cloudId }) => cloudId);
    return ids.length === 0 ? [] : [`No run fell into ${window} of ${describeServers(ids, names)}: ${what}.`];
  };
  return [
    ...lineFor(true, "what was due then is taken now, in or out of a window"),
    ...lineFor(false, "nothing is taken before the next window; run a job in it"),
  ];
}

function costLine(outlook: Outlook): string[] {
  const { inputs, plans, disks, now } = outlook;
  // Without room nothing is taken, and so nothing deleted: what is saved there is not known.
  if (plans.length === 0 || outlook.stale !== undefined || outlook.full.length > 0) return [];
  const spared = outlook.state === undefined ? plans.map(sparingAll) : plans;
  return [billText(billOf([...spared, ...outlook.expiring], policyOf(inputs), disks, now))];
}

/** What is deleted before the take, and that a limit may stop it. */
function roomLines({ inputs, state, full, spare, names }: Outlook): string[] {
  if (state === undefined) return [];
  const first = inputs.makeRoom ? [...spare.values()].flatMap((ids) => ids.slice(0, 1)) : [];
  const may = full.flatMap((cloudId) => spare.get(cloudId) ?? []).filter((id) => !first.includes(id));
  const then =
    may.length > 0
      ? `deletes first what \`keep\` does not keep: ${describeIds(may)}`
      : "takes and deletes nothing there";
  return [
    ...(first.length > 0 ? [`Makes room first (makeRoom): deletes ${describeIds(first)}.`] : []),
    ...(full.length > 0
      ? [
          `Utho allowed no more snapshots at the last run (UTHO_SNAPSHOT_LIMIT, on ${describeServers(full, names)}). Without more room the rotation ${then}.`,
        ]
      : []),
  ];
}

/** The engine asks nothing of us when it previews a removal, so that is said beforehand. */
function removalLine({ inputs, state }: Outlook): string[] {
  if (inputs.onRemove !== "delete" || state?.onRemove === "delete") return [];
  return [
    'onRemove is "delete": once the rotation is removed from the program, its snapshots are deleted with it, and the preview of that shows only the resource.',
  ];
}

function staleLine({ stale, state }: Outlook): string[] {
  if (stale === undefined) return [];
  return [
    state === undefined
      ? `Utho could not be asked (${stale}): what there is already is not known.`
      : `Utho could not be asked (${stale}): this is by the stack's state, without what was made or deleted outside since the last run.`,
  ];
}

function undecidedBy({ open }: Outlook): string[] {
  return DECIDING.filter((key) => open.has(key));
}

/** Whether what is taken and deleted is known by now, and anything is. */
function isPlanned(outlook: Outlook): boolean {
  return !outlook.inputs.paused && undecidedBy(outlook).length === 0;
}

function hasNewServers({ open, plans }: Outlook): boolean {
  return plans.length > 0 && (open.has("cloudIds") || open.has("cloudId"));
}

/** Servers on which a run would wait for a snapshot that another one began. */
function waitingOn({ inputs, plans, unsure, now }: Outlook): ServerPlan[] {
  const { everyMs } = policyOf(inputs);
  return [...plans, ...unsure].filter(({ keep }) =>
    keep.some(({ snapshot }) => isUnderWay(snapshot, everyMs, now)),
  );
}

/** New to the state, a rotation deletes nothing. */
function sparingAll(plan: ServerPlan): ServerPlan {
  return sparing(plan, () => "new");
}

/** What becomes of the snapshots of servers that leave: "all 3 snapshots (₹600 a month: 1001/5001, …) stay …". */
function fateOf(
  { inputs, open, members, stale, state, inUse }: Outlook,
  cloudIds: readonly CloudId[],
): string {
  const all = cloudIds.flatMap((cloudId) => members.get(cloudId) ?? []).filter(({ id }) => !inUse.has(id));
  // State does not list what an earlier run could not delete.
  const unlisted = stale !== undefined && cloudIds.some((cloudId) => state?.leaving?.includes(cloudId));
  if (all.length === 0 && !unlisted) return "no snapshot is affected";
  const cost = costOf(all);
  const price = cost === undefined ? "" : `₹${cost} a month: `;
  const ids = `(${price}${describeIds(all.map(({ id }) => id))})`;
  const isOne = all.length === 1 && !unlisted;
  const what = isOne ? `its only snapshot ${ids}` : `all ${all.length} snapshots ${ids}`;
  const subject = `${unlisted ? "all snapshots that are left" : what} ${isOne ? "is" : "are"}`;
  const { onRemove, paused } = inputs;
  const reason = `(onRemove: "${onRemove}")`;
  if (open.has("onRemove")) return `whether ${subject} deleted (onRemove) is not known before the update`;
  if (onRemove === "keep") return `${subject} kept ${reason}`;
  if (onRemove === "expire")
    return `${subject} kept until the policy would no longer keep ${isOne ? "it" : "them"} ${reason}`;
  if (open.has("paused")) return `${subject} deleted ${reason}, unless the rotation turns out to be paused`;
  if (!paused) return `${subject} deleted ${reason}`;
  return `${subject} kept while the rotation is paused, and deleted when it goes on ${reason}`;
}
