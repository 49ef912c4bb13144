import { redact } from "../../client/redact";
import type { CloudId } from "../../client/request";
import type { Progress } from "../engine/progress";
import type { FailureStory, ProviderFailure } from "../failure";
import { byServer, failedText, monthlyCost } from "../utho/facts";
import { isFailure, mayBeActive } from "../utho/status";
import { describeIds, type RotationEntry, type RotationFailure, type RotationInputs } from "./contract";
import type { RotationSnapshot } from "./plan/types";
import { prefixOf } from "./settings";
import type { RotationState } from "./state";

/** What one run did on one server, and what it saw there last. */
export interface ServerOutcome {
  cloudId: CloudId;
  serverName?: string | undefined;
  /** `undefined`: the server's snapshots could not be looked at. */
  members: readonly RotationSnapshot[] | undefined;
  /** Ids of those that became Active; one that failed, or is not ready yet, counts as no backup. */
  taken: string[];
  deleted: string[];
  /** Ids that Utho was asked to delete, whatever came of it. */
  asked: string[];
  /** Ids that the policy does not keep, and that another resource of this run has adopted. */
  spared: string[];
  /** Ids that an earlier run asked Utho to delete, and that were there at the first look. */
  stayed: string[];
  errors: ProviderFailure[];
}

/** Of a server that nothing was done on yet, under the name that it had when it was last seen. */
export function untouched(cloudId: CloudId, serverName?: string): ServerOutcome {
  return {
    cloudId,
    serverName,
    members: undefined,
    taken: [],
    deleted: [],
    asked: [],
    spared: [],
    stayed: [],
    errors: [],
  };
}

/** The same for the output, which is no place for the token, whatever the cloud's words repeat. */
export function failuresOf(outcomes: readonly ServerOutcome[], token: string): RotationFailure[] {
  return outcomes.flatMap(({ cloudId, errors }) =>
    errors.map(({ code, story }) => ({
      cloudId,
      code,
      reason: redact(`could not ${story.attempted}: ${story.because}${saidIn(story)}`, token),
    })),
  );
}

export function tellWork(row: Progress, outcomes: readonly ServerOutcome[]): void {
  const [taken, deleted] = [workOf(outcomes, "taken"), workOf(outcomes, "deleted")];
  const parts = [
    ...(taken.length > 0 ? [`took ${taken.length} (${describeIds(taken)})`] : []),
    ...(deleted.length > 0 ? [`deleted ${deleted.length} (${describeIds(deleted)})`] : []),
  ];
  if (parts.length > 0) row.info(`The rotation ${parts.join(" and ")}.`);
}

/** What happened to its snapshots outside, and what earlier runs could not delete: each run that does something says it. */
export function tellDrift(
  row: Progress,
  known: RotationState | undefined,
  state: RotationState,
  outcomes: readonly ServerOutcome[],
): void {
  tellLosses(row, state);
  const stayed = outcomes.flatMap((one) => one.stayed);
  if (stayed.length > 0)
    row.warn(
      `An earlier run asked Utho to delete ${describeIds(stayed)}, and ${stayed.length === 1 ? "it still exists and costs" : "they still exist and cost"} on.${answersAbout(stayed, known)} If it goes on, delete them in Utho's console, or ask Utho's support.`,
    );
  const recorded = new Set<string>(known?.recorded);
  for (const { id, status } of state.snapshots) {
    if (!recorded.has(id) || mayBeActive(status) || isFailure(status)) continue;
    row.warn(
      `Snapshot ${id} was Active once and its status is now "${status}". It no longer counts as a backup and is not deleted; ask Utho's support about it.`,
    );
  }
}

/** What came of it at the last run, with Utho's words: a locked snapshot is refused at each. */
function answersAbout(stayed: readonly string[], known: RotationState | undefined): string {
  const reasons = (known?.failures ?? []).map(({ reason }) => reason);
  const about = reasons.filter((reason) => stayed.some((id) => reason.includes(` ${id}:`)));
  return about.length === 0 ? "" : ` The last run ${about.join("; it ")}.`.replace(/\.+$/, ".");
}

/** A failed snapshot costs like a good one, and no run need have seen it fail. */
export function sayFailed(row: Progress, { snapshots, neverData = [] }: RotationState): void {
  const dataless = new Set(neverData);
  for (const one of snapshots.filter(({ status }) => isFailure(status))) {
    const advice = dataless.has(one.id)
      ? "It holds no data: the rotation deletes it once an Active one stands in for it."
      : "It does not count as a backup and is not deleted, since it may have held data: delete it in Utho's console, or ask Utho's support about it.";
    row.warn(failedText(one.id, one, advice));
  }
}

function tellLosses(row: Progress, { losses = {} }: RotationState): void {
  const lost = Object.values(losses);
  if (lost.length === 0) return;
  const named = lost.map(
    ({ id, serverName, takenAt }) =>
      `${serverName === undefined ? "" : `${serverName} `}${id} of ${takenAt.slice(0, 10)}`,
  );
  const [subject, it] =
    lost.length === 1 ? [`Snapshot ${named[0]} is`, "it"] : [`Snapshots ${describeIds(named)} are`, "them"];
  row.warn(
    `${subject} no longer in the rotation: deleted or renamed outside, or by another run. The output \`losses\` lists ${it} until \`acknowledgeLosses\` names ${it}, or the policy would no longer keep ${it}.`,
  );
}

/** The snapshots of servers that left the rotation stay, and cost what they cost. */
export function tellLeft(row: Progress, known: RotationState | undefined, leaving: readonly string[]): void {
  const groups = byServer(known?.snapshots ?? []);
  for (const cloudId of leaving) {
    const [first, ...others] = groups.get(cloudId) ?? [];
    if (first !== undefined)
      row.info(`Left the rotation: ${placeOf(first)}. ${remainder([first, ...others])}`);
  }
}

export function remainder(entries: readonly RotationEntry[]): string {
  const cost = costOf(entries);
  const ids = describeIds(entries.map(({ id }) => id));
  const one = entries.length === 1;
  const price = cost === undefined ? "" : ` and ${one ? "costs" : "cost"} ₹${cost} a month`;
  return `${entries.length} of its snapshots ${one ? "remains" : "remain"}${price} (${ids}); delete them in Utho's console, or set onRemove: "delete" before you remove it.`;
}

/** INR a month, of those whose size is known; `undefined`: of none. */
export function costOf(snapshots: readonly { sizeGb?: number | undefined }[]): number | undefined {
  const sizes = snapshots.flatMap(({ sizeGb }) => sizeGb ?? []);
  return sizes.length === 0 ? undefined : monthlyCost(sizes.reduce((sum, size) => sum + size, 0));
}

/** So many servers are listed in full; the output `failures` holds all. */
const LONGEST_LIST = 5;

export function incompleteStory(
  inputs: RotationInputs,
  outcomes: readonly ServerOutcome[],
  cause: ProviderFailure,
): FailureStory {
  const failed = outcomes.filter(({ errors }) => errors.length > 0);
  const alone = failed.flatMap(({ errors }) => errors).length === 1;
  const [taken, deleted] = [workOf(outcomes, "taken").length, workOf(outcomes, "deleted").length];
  const listed = failed.slice(0, LONGEST_LIST).map((one) => {
    const reasons = one.errors.map(
      ({ code, story }) => `${code}: ${story.because}${alone ? "" : saidIn(story)}`,
    );
    return `${placeOf(one)}: ${[...new Set(reasons)].join(" ")}`;
  });
  const rest = failed.length - listed.length;
  const more = rest > 0 ? `; and ${rest} more, see the output "failures"` : "";
  return {
    code: "UTHO_ROTATION_INCOMPLETE",
    attempted: `rotate the snapshots "${prefixOf(inputs)}-…" of ${servers(outcomes.length)}`,
    because: `${failed.length} of ${servers(outcomes.length)} failed: ${listed.join("; ")}${more}`,
    ...(alone && cause.story.said !== undefined ? { said: cause.story.said } : {}),
    kept: `all that was done is in the state: ${taken} taken, ${deleted} deleted. On a server whose snapshot failed, nothing was deleted.`,
    next: `${adviceOf(failed)} The next \`pulumi up\` goes on with what failed and takes no second snapshot elsewhere.`,
    cause,
  };
}

/** The advice of every error, each once, with the servers that it is for. */
function adviceOf(failed: readonly ServerOutcome[]): string {
  const serversBy = new Map<string, Set<string>>();
  for (const one of failed)
    for (const { story } of one.errors)
      serversBy.set(story.next, (serversBy.get(story.next) ?? new Set()).add(placeOf(one)));
  return [...serversBy]
    .map(([next, places]) => (failed.length === 1 ? next : `${describeIds([...places])}: ${next}`))
    .map((text) => (/[.!?]$/.test(text) ? text : `${text}.`))
    .join(" ");
}

export function placeOf({ cloudId, serverName }: Pick<ServerOutcome, "cloudId" | "serverName">): string {
  return serverName === undefined ? `server ${cloudId}` : `${serverName} (${cloudId})`;
}

function saidIn({ said }: FailureStory): string {
  return said === undefined || said === "" ? "" : ` Utho said: ${said}`;
}

function workOf(outcomes: readonly ServerOutcome[], kind: "taken" | "deleted"): string[] {
  return outcomes.flatMap((one) => one[kind]);
}

function servers(count: number): string {
  return count === 1 ? "1 server" : `${count} servers`;
}
