import {
  FINDING_KINDS,
  type Finding,
  type FindingKind,
  type Report,
  type ServerEntry,
  type SnapshotEntry,
  type SnapshotStateName,
} from "./model";
import { count, formatAge, formatCost, formatSize, inSentence } from "./text";

/** How a state is called on a page. */
export const STATE_WORDS: Readonly<Record<SnapshotStateName, string>> = {
  undetermined: "unknown",
  missing: "missing",
  failed: "failed",
  drifted: "drifted",
  interrupted: "interrupted",
  unmanaged: "unmanaged",
  "in-sync": "in sync",
};

export const KIND_WORDS: Readonly<Record<FindingKind, string>> = {
  missing: "Missing: in state, and gone from the cloud",
  failed: "Failed: its status says that it holds no usable data",
  drift: "Drift: changed outside",
  interrupted: "Interrupted: left by a run that did not end",
  uncovered: "Uncovered: a server without a usable snapshot",
  stale: "Stale: a server whose newest usable snapshot is too old",
  unmanaged: "Unmanaged: a snapshot that no stack owns",
};

/** The result in one sentence. */
export function verdictOf({ verdict, findings, hasBaseline, totals }: Report): string {
  if (verdict.undetermined > 0) {
    return `Could not determine whether ${count(verdict.undetermined, "snapshot")} still ${verdict.undetermined === 1 ? "exists" : "exist"}.`;
  }
  if (verdict.alarms > 0)
    return `${count(verdict.alarms, hasBaseline ? "new finding" : "finding")} to look at.`;
  if (findings.length === 0) return "Everything is in sync.";
  const cost = ` (${formatCost(totals.unmanaged.monthlyCost)} a month)`;
  const kinds = FINDING_KINDS.flatMap((kind) => {
    const those = findings.filter((one) => one.kind === kind).length;
    return those === 0 ? [] : [`${those} ${kind}${kind === "unmanaged" ? cost : ""}`];
  });
  return `Nothing to be alarmed about; ${count(findings.length, "finding")} besides: ${kinds.join(", ")}.`;
}

/** The account, its stacks and its servers, a sentence each. */
export function summaryOf({ totals, sources, servers, maxAgeSeconds }: Report): string[] {
  const { account, unmanaged, sizeUnknown } = totals;
  const { covered, stale, uncovered } = totals.servers;
  const unknown = sizeUnknown > 0 ? `, ${sizeUnknown} of unknown size` : "";
  const stacks = sources.map(({ stack }) => stack).join(", ");
  return [
    `${count(account.count, "snapshot")} in the account: ${formatSize(account.sizeGb)}, ${formatCost(account.monthlyCost)} a month by the list price in INR${unknown}.`,
    `${unmanaged.count} of them unmanaged: ${formatSize(unmanaged.sizeGb)}, ${formatCost(unmanaged.monthlyCost)} a month.`,
    `${covered} of ${count(servers.length, "server")} covered within ${formatAge(maxAgeSeconds)}, ${stale} stale, ${uncovered} without a usable snapshot.`,
    `${count(sources.length, "stack")}: ${stacks}.`,
  ];
}

/** "prod/nightly" */
export function ownersOf({ owners }: SnapshotEntry): string {
  return owners.map(({ stack, name }) => `${stack}/${name}`).join(", ");
}

/** What is to be said of a snapshot: what is wrong, else who owns it. */
export function remarkOn(entry: SnapshotEntry): string {
  const { state } = entry;
  const detail = state === "drifted" ? inSentence(entry.detail) : entry.detail;
  const names = inSentence(ownersOf(entry));
  if (state === "drifted" || detail !== "") return names === "" ? detail : `${detail} [${names}]`;
  return names;
}

/** "1001 (web-1)" */
export function serverOf({ cloudId, serverName, serverExists }: SnapshotEntry): string {
  const id = cloudId ?? "?";
  const name = serverName === null ? id : `${serverName} (${id})`;
  return serverExists || cloudId === null ? name : `${name}, gone`;
}

/** The recovery point that a server reaches. */
export function recoveryOf({ recoveryPoint, coverage }: ServerEntry): string {
  if (recoveryPoint !== null) return `${formatAge(recoveryPoint.ageSeconds)} ago`;
  return coverage === "uncovered" ? "none" : "unknown";
}

/** Why a finding does not count, if it does not. */
export function excuseOf({ isNew, ignored, alarms }: Finding): string {
  if (alarms) return "";
  if (ignored !== null) {
    const until = ignored.until === null ? "" : ` until ${ignored.until}`;
    return `ignored${until}${ignored.reason === null ? "" : `: ${ignored.reason}`}`;
  }
  return isNew ? "not in --fail-on" : "known from the baseline";
}
