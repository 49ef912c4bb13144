import type { CloudId } from "../../client/request";
import { adviceOnOwned, adviceOnServer, adviceOnUnmanaged, type Keepers } from "./advice";
import { describe, OWED } from "./entries";
import { FINDING_KINDS, type Finding, type FindingKind, type ServerEntry, type SnapshotEntry } from "./model";
import type { Interruption } from "./pending";
import { count, formatAge, formatCost } from "./text";

/** A finding before it was compared with the baseline, the ignore file and `--fail-on`. */
export type Found = Omit<Finding, "isNew" | "ignored" | "alarms">;

const KIND_OF_STATE: Readonly<Partial<Record<SnapshotEntry["state"], FindingKind>>> = {
  missing: "missing",
  failed: "failed",
  drifted: "drift",
  interrupted: "interrupted",
  unmanaged: "unmanaged",
};

/** Everything worth knowing, the worst kind first. */
export function findingsOf(
  snapshots: readonly SnapshotEntry[],
  servers: readonly ServerEntry[],
  pending: readonly Interruption[],
  keepers: Keepers,
  maxAge: number,
): Found[] {
  const formers = formersIn(snapshots, keepers);
  const found = [
    ...snapshots.flatMap((entry) => ofSnapshot(entry, snapshots, keepers)),
    ...pending.flatMap(ofNothingLeft),
    ...servers.flatMap((server) => ofServer(server, formers, keepers, maxAge)),
  ];
  return found.sort((a, b) => FINDING_KINDS.indexOf(a.kind) - FINDING_KINDS.indexOf(b.kind));
}

function ofSnapshot(entry: SnapshotEntry, all: readonly SnapshotEntry[], keepers: Keepers): Found[] {
  const kind = KIND_OF_STATE[entry.state];
  if (kind === undefined) return [];
  const [owner] = entry.owners;
  const subject = {
    snapshot: entry.id,
    ...(entry.cloudId === null ? {} : { server: entry.cloudId }),
    ...(owner === undefined ? {} : { urn: owner.urn }),
  };
  // Drift that goes on to another value is news; a status or a cost that changes meanwhile is not.
  const what = kind === "drift" ? ` ${describe(entry.drift)}` : "";
  const found = {
    kind,
    key: `${kind} snapshot ${entry.id}${what}`,
    subject,
    ...wordingOf(kind, entry, all, keepers),
  };
  return [found];
}

function wordingOf(
  kind: FindingKind,
  entry: SnapshotEntry,
  all: readonly SnapshotEntry[],
  keepers: Keepers,
): { title: string; next: string } {
  const place = `${serverWords(entry)}: ${entry.id}${momentOf(entry)}`;
  const which = `${place} "${entry.name}"`;
  const [owner] = entry.owners;
  const resource = owner === undefined ? "" : ` (${owner.kind} ${owner.name} of stack ${owner.stack})`;
  switch (kind) {
    case "missing":
      return {
        title: `${place} was deleted outside${resource}${noneLeft(entry, all)}`,
        next: adviceOnOwned(kind, entry, keepers),
      };
    case "failed":
      return {
        title: `${which} has failed: ${entry.status ?? "no status"}${resource}`,
        next: adviceOnOwned(kind, entry, keepers),
      };
    case "drift":
      return {
        title: `${which} was changed outside: ${describe(entry.drift)}${resource}`,
        next: adviceOnOwned(kind, entry, keepers),
      };
    case "interrupted":
      return {
        title: `${which} ${entry.detail === OWED ? "was to be deleted and still exists" : "was left by an interrupted run"}${resource}`,
        next: entry.detail,
      };
    default:
      return {
        title: `${which} is in none of these stacks, and costs ${formatCost(entry.monthlyCost)} a month`,
        next: adviceOnUnmanaged(entry),
      };
  }
}

/** Another resource's snapshot of the server covers it, so no other finding says that its rotation has none. */
function noneLeft({ cloudId, owners: [owner] }: SnapshotEntry, all: readonly SnapshotEntry[]): string {
  if (owner?.kind !== "SnapshotRotation") return "";
  const left = all.some(
    (one) =>
      (one.usable || one.state === "undetermined") &&
      one.cloudId === cloudId &&
      one.owners.some(({ urn, stack }) => urn === owner.urn && stack === owner.stack),
  );
  return left ? "" : "; the rotation has no usable snapshot of this server left";
}

/** The name that a person knows comes first. */
function serverWords({ serverName, cloudId, serverExists }: SnapshotEntry): string {
  if (cloudId === null) return "unknown server";
  const name = serverName ?? `server ${cloudId}`;
  return serverExists ? name : `${name} (gone)`;
}

/** " of 27 Nov 02:00 UTC" */
function momentOf({ createdAt }: SnapshotEntry): string {
  if (createdAt === null) return "";
  const [, day, month, , time = ""] = new Date(createdAt).toUTCString().split(" ");
  return ` of ${Number(day)} ${month} ${time.slice(0, 5)} UTC`;
}

/** A run that was interrupted before anything was to be seen of it. */
function ofNothingLeft({ shown, owner, left }: Interruption): Found[] {
  // What it left, or what it was at work on, is in the snapshot's own finding.
  if (left.length > 0 || (owner.kind === "Snapshot" && shown.operation !== "creating")) return [];
  return [
    {
      kind: "interrupted",
      key: `interrupted ${shown.operation} ${shown.urn}`,
      subject: { urn: shown.urn, ...(shown.cloudId === null ? {} : { server: shown.cloudId }) },
      title: `A run was interrupted while ${shown.operation} ${owner.kind} ${owner.name} of stack ${owner.stack}${owner.kind === "ServerClone" ? "" : "; it left no snapshot that is to be seen"}`,
      next:
        owner.kind === "ServerClone"
          ? "It may have made a server: the next `pulumi up` looks for it and goes on from there."
          : "The next `pulumi up` looks again, and goes on from what is there.",
    },
  ];
}

/** Servers that are gone and that a rotation still has, by the hostname that they had. */
function formersIn(snapshots: readonly SnapshotEntry[], { rotations }: Keepers): Map<string, CloudId> {
  const formers = new Map<string, CloudId>();
  for (const { serverExists, serverName, cloudId } of snapshots) {
    if (serverExists || serverName === null || cloudId === null || formers.has(serverName)) continue;
    if (rotations.has(cloudId)) formers.set(serverName, cloudId);
  }
  return formers;
}

function ofServer(
  server: ServerEntry,
  formers: ReadonlyMap<string, CloudId>,
  keepers: Keepers,
  maxAge: number,
): Found[] {
  const { cloudId, hostname, coverage, recoveryPoint } = server;
  if (coverage === "covered") return [];
  const which = `${hostname} (${cloudId})`;
  const age = recoveryPoint === null ? "of unknown age" : `${formatAge(recoveryPoint.ageSeconds)} old`;
  const title =
    coverage === "uncovered"
      ? `${which} has no usable snapshot`
      : `${which}: its newest usable snapshot is ${age}, more than ${formatAge(maxAge / 1000)}`;
  return [
    {
      kind: coverage,
      key: `${coverage} server ${cloudId}`,
      subject: { server: cloudId },
      title:
        server.snapshots > 0 && coverage === "uncovered"
          ? `${title} (${count(server.snapshots, "snapshot")}, none Active)`
          : title,
      next: adviceOnServer(cloudId, keepers, formers.get(hostname)),
    },
  ];
}
