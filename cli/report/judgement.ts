import picomatch from "picomatch";
import type { Found } from "./findings";
import type { Finding, FindingKind, ServerEntry, SnapshotEntry } from "./model";

/** One entry of the ignore file. */
export interface IgnoreRule {
  /** Glob or exact: a snapshot's id or name, a server's id or hostname, a resource's urn. */
  match: string;
  /** Left out: every kind. */
  kinds?: readonly FindingKind[] | undefined;
  reason?: string | undefined;
  /** "2027-01-31": the last day, in UTC, on which it holds. */
  until?: string | undefined;
}

export interface Judgement {
  failOn: readonly FindingKind[];
  /** Keys of findings that were known before. */
  baseline?: ReadonlySet<string> | undefined;
  ignore: readonly IgnoreRule[];
}

const DAY_MS = 86_400_000;

/** Which findings are new, which are to be ignored, and which count. */
export function judge(
  found: readonly Found[],
  snapshots: readonly SnapshotEntry[],
  servers: readonly ServerEntry[],
  { failOn, baseline, ignore }: Judgement,
  now: number,
): { findings: Finding[]; notes: string[] } {
  const names = namesOf(snapshots, servers);
  const rules = ignore.map((rule) => ({ rule, isMatch: matcher(rule.match), used: false }));
  const valid = rules.filter(({ rule }) => !hasExpired(rule, now));
  const findings = found.map((one): Finding => {
    const subjects = subjectsOf(one, names);
    const hit = valid.find(
      ({ rule, isMatch }) =>
        (rule.kinds?.includes(one.kind) ?? true) && subjects.some((text) => isMatch(text)),
    );
    if (hit !== undefined) hit.used = true;
    const isNew = baseline === undefined || !baseline.has(one.key);
    const ignored = hit && { reason: hit.rule.reason ?? null, until: hit.rule.until ?? null };
    const alarms = isNew && ignored === undefined && failOn.includes(one.kind);
    return { ...one, isNew, ignored: ignored ?? null, alarms };
  });
  const notes = rules.flatMap(({ rule, used }) => {
    if (hasExpired(rule, now))
      return [`Ignore entry "${rule.match}" expired on ${rule.until}; it ignores nothing any more.`];
    return used ? [] : [`Ignore entry "${rule.match}" matches nothing that was found.`];
  });
  return { findings, notes };
}

function hasExpired({ until }: IgnoreRule, now: number): boolean {
  return until !== undefined && Date.parse(`${until}T00:00:00Z`) + DAY_MS <= now;
}

/** `*` matches anything, slashes too: names and urns are no paths. Names with brackets still match themselves. */
function matcher(pattern: string): (text: string) => boolean {
  const isGlobMatch = picomatch(pattern, { bash: true, dot: true, nonegate: true });
  return (text) => text === pattern || isGlobMatch(text);
}

interface Names {
  snapshots: ReadonlyMap<string, SnapshotEntry>;
  hostnames: ReadonlyMap<string, string>;
}

function namesOf(snapshots: readonly SnapshotEntry[], servers: readonly ServerEntry[]): Names {
  return {
    snapshots: new Map(snapshots.map((one) => [one.id, one])),
    hostnames: new Map(servers.map(({ cloudId, hostname }) => [cloudId, hostname])),
  };
}

function subjectsOf({ subject }: Found, { snapshots, hostnames }: Names): string[] {
  const { snapshot, server, urn } = subject;
  const entry = snapshot === undefined ? undefined : snapshots.get(snapshot);
  const hostname = server === undefined ? undefined : hostnames.get(server);
  return [snapshot, entry?.name, server, entry?.serverName, hostname, urn].filter(
    (text): text is string => typeof text === "string" && text !== "",
  );
}
