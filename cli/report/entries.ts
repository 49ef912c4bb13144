import type { Snapshot } from "../../client";
import { grouped } from "../../client/compact";
import { textsOf } from "../../provider/engine/inputs";
import { refreshState } from "../../provider/snapshot/contract";
import { driftOf } from "../../provider/snapshot/diff";
import { type SnapshotFacts, toFacts } from "../../provider/utho/facts";
import { formatSnapshotId } from "../../provider/utho/names";
import { isActive, isFailure } from "../../provider/utho/status";
import { type Claim, type Ownership, precedence } from "../stack/ownership";
import { once, type StackState, type StateResource } from "../stack/state";
import type { Cloud, Sighting } from "./cloud";
import { fateOnServer, leftBy, staysInUtho } from "./fate";
import { type Change, SNAPSHOT_STATES, type SnapshotEntry, type SnapshotStateName } from "./model";
import { type OwnedSnapshot, type Readers, readSnapshots } from "./owned";
import type { Interruption } from "./pending";
import { inSentence } from "./text";

const SECRET = "[secret]";

/** What is found of one snapshot by one resource that owns it. */
interface Judged {
  state: SnapshotStateName;
  detail: string;
  drift: Change[];
}

/** Everything in an entry besides what Utho and the state show of the snapshot. */
interface Surroundings {
  cloud: Cloud;
  hostnames: ReadonlyMap<string, string>;
  readers: Readers;
}

/** Every snapshot that a state names or the account holds, each once; the worst first. */
export function entriesOf(
  states: readonly StackState[],
  owned: readonly OwnedSnapshot[],
  ownership: Ownership,
  pending: readonly Interruption[],
  cloud: Cloud,
): SnapshotEntry[] {
  const around: Surroundings = {
    cloud,
    hostnames: new Map(cloud.servers.map(({ cloudId, hostname }) => [cloudId, hostname])),
    readers: readSnapshots(states),
  };
  const counted = owned.filter(
    (one) => one.exceptIf === undefined || sightingOf(one, cloud).seen !== one.exceptIf,
  );
  const byId = grouped(counted, ({ id }) => id);
  const underway = new Map(pending.map((one) => [one.owner.urn, one.shown.operation]));
  const entries = [...byId.values()].map((owners) => ownedEntry(thoseInForce(owners), underway, around));
  for (const snapshot of cloud.snapshots) {
    const claim = ownership.claimOn(snapshot);
    if (claim?.by !== "state" && !byId.has(idOf(snapshot)))
      entries.push(unlistedEntry(snapshot, claim, around));
  }
  return entries.sort(worstFirst);
}

/** Those that own it, the one that decides first: what was replaced does not where something stands in its place. */
function thoseInForce(owners: readonly OwnedSnapshot[]): OwnedSnapshot[] {
  const present = owners.filter(({ resource }) => !resource.delete);
  const all = present.length > 0 ? present : [...owners];
  return all.sort((a, b) => precedence(b.resource) - precedence(a.resource));
}

function ownedEntry(
  owners: readonly OwnedSnapshot[],
  underway: ReadonlyMap<string, string>,
  around: Surroundings,
): SnapshotEntry {
  const [first] = owners;
  if (first === undefined) throw new Error("A snapshot that is owned has an owner.");
  const sighting = sightingOf(first, around.cloud);
  const judged = owners.map((one) => judgeOwned(one, sighting, underway, around.cloud)).sort(byState)[0];
  const facts = factsOf(first, sighting, around.cloud);
  return {
    ...shown(facts, around),
    id: first.id,
    state: judged?.state ?? "undetermined",
    detail: judged?.detail ?? "",
    drift: judged?.drift ?? [],
    usable: sighting.seen === "there" && isUsable(sighting.snapshot),
    exists: sighting.seen === "unknown" ? null : sighting.seen === "there",
    status: sighting.seen === "there" ? (sighting.snapshot.status?.word ?? null) : null,
    owners: owners.map(({ owner }) => owner),
    readBy: readersOf(first.id, around),
  };
}

function judgeOwned(
  one: OwnedSnapshot,
  sighting: Sighting,
  underway: ReadonlyMap<string, string>,
  cloud: Cloud,
): Judged {
  const { resource, owner } = one;
  if (sighting.seen === "unknown") return { state: "undetermined", detail: sighting.reason, drift: [] };
  if (resource.delete) {
    return interrupted(
      staysInUtho(resource)
        ? "It was replaced, and stays: the next `pulumi up` takes it out of the state only, and it exists and costs on."
        : "It was replaced, and its deletion is still owed; the next `pulumi up` deletes it.",
    );
  }
  if (sighting.seen === "gone") {
    return { state: "missing", detail: "It is in state, and gone from the cloud.", drift: [] };
  }
  if (owedBy(resource).has(one.id)) return interrupted(OWED);
  const drift = changesOf(one, sighting.snapshot, cloud);
  if (isFailure(sighting.snapshot.status)) {
    return { state: "failed", detail: `Utho says: ${inSentence(String(sighting.snapshot.status))}.`, drift };
  }
  if (owner.kind === "Snapshot" && resource.initErrors.length > 0) {
    return interrupted(
      "Its creation ended with an error after it was taken; the next `pulumi up` goes on with it.",
    );
  }
  if (drift.length > 0) return { state: "drifted", detail: describe(drift), drift };
  const operation = underway.get(owner.urn);
  if (operation !== undefined && owner.kind === "Snapshot") {
    return interrupted(
      `A run was interrupted while ${operation} it; the next \`pulumi up\` goes on with it.`,
    );
  }
  const hidden = [...resource.hidden].filter((name) => ["name", "sizeGb", "recorded"].includes(name));
  const detail =
    hidden.length > 0 ? `Not compared, since encrypted in this state: ${hidden.join(", ")}.` : "";
  return { state: "in-sync", detail, drift };
}

/** What a rotation has asked Utho to delete. */
const owedBy = once(({ outputs }: StateResource) => new Set(textsOf(outputs.owed)));

export const OWED =
  "The rotation asked Utho to delete it, and it still exists and costs on; the next `pulumi up` that has something to do asks again. If it stays, delete it in Utho's console.";

function interrupted(detail: string): Judged {
  return { state: "interrupted", detail, drift: [] };
}

/** Drift as the provider judges it at a refresh. */
function changesOf({ resource, state, inputs }: OwnedSnapshot, snapshot: Snapshot, cloud: Cloud): Change[] {
  const fresh = refreshState(state, snapshot, { cloudId: state.cloudId, zone: () => cloud.zone });
  return driftOf(fresh, inputs).map(({ property, from, to }) => {
    const isSecret = resource.secrets.has(property) || resource.secrets.has("recorded");
    return { property, from: isSecret ? SECRET : (from ?? null), to: to ?? null };
  });
}

/** `name: "a" → "b"` for each change. */
export function describe(drift: readonly Change[]): string {
  return drift.map(({ property, from, to }) => `${property}: ${quoted(from)} → ${quoted(to)}`).join("; ");
}

function quoted(value: string | number | null): string {
  return value === null ? "unknown" : JSON.stringify(value);
}

/** A snapshot that no state lists. */
function unlistedEntry(snapshot: Snapshot, claim: Claim | undefined, around: Surroundings): SnapshotEntry {
  const cloudId = snapshot.cloudId ?? "";
  const facts = toFacts(snapshot, { cloudId, zone: () => around.cloud.zone });
  const id = idOf(snapshot);
  return {
    ...shown(facts, around),
    id,
    ...judgeUnlisted(snapshot, claim),
    drift: [],
    status: snapshot.status?.word ?? null,
    usable: isUsable(snapshot),
    exists: true,
    owners: claim === undefined ? [] : [claim.owner],
    readBy: readersOf(id, around),
  };
}

function judgeUnlisted(
  { id, status, cloudId }: Snapshot,
  claim: Claim | undefined,
): Pick<SnapshotEntry, "state" | "detail"> {
  const bad = isFailure(status) ? `Utho says: ${inSentence(String(status))}.` : "";
  if (claim === undefined) return { state: "unmanaged", detail: bad };
  const { owner, by, resource } = claim;
  if (cloudId !== undefined && owedBy(resource).has(`${cloudId}/${id}`))
    return { state: "interrupted", detail: OWED };
  if (by === "interrupted") return { state: "interrupted", detail: leftBy(owner, resource, id) };
  const counted = fateOnServer(cloudId, resource);
  return {
    state: bad === "" ? "in-sync" : "failed",
    detail: `${bad === "" ? "" : `${bad} `}By its name it is one of ${inSentence(owner.name)}'s, and not yet in the state: ${counted}.`,
  };
}

/** What an entry shows of the snapshot itself. */
function shown(facts: Partial<SnapshotFacts>, { cloud, hostnames }: Surroundings) {
  const { createdAt } = facts;
  const cloudId = facts.cloudId === undefined || facts.cloudId === "" ? null : facts.cloudId;
  const hostname = cloudId === null ? undefined : hostnames.get(cloudId);
  return {
    snapshotId: facts.snapshotId ?? "",
    cloudId,
    name: facts.name ?? "",
    serverName: hostname ?? facts.serverName ?? null,
    serverExists: hostname !== undefined,
    sizeGb: facts.sizeGb ?? null,
    monthlyCost: facts.monthlyCost ?? null,
    createdAt: createdAt ?? null,
    ageSeconds: createdAt === undefined ? null : Math.round((cloud.askedAt - Date.parse(createdAt)) / 1000),
  };
}

function readersOf(id: string, { readers }: Surroundings): string[] {
  return (readers.get(id) ?? []).map(({ stack }) => stack);
}

/** What Utho shows now, over what the state knows; for a deleted snapshot, what the state knows. */
function factsOf(
  { state, address }: OwnedSnapshot,
  sighting: Sighting,
  cloud: Cloud,
): Partial<SnapshotFacts> {
  if (sighting.seen !== "there") return { ...state, ...address };
  const cloudId = address?.cloudId ?? state.cloudId;
  return toFacts(sighting.snapshot, { cloudId, known: state, zone: () => cloud.zone });
}

function sightingOf({ id, address }: OwnedSnapshot, cloud: Cloud): Sighting {
  if (address === undefined) {
    return { seen: "unknown", reason: `The state holds the id "${id}", which is not a snapshot's.` };
  }
  return (
    cloud.sightings.get(formatSnapshotId(address)) ?? { seen: "unknown", reason: "It was not looked for." }
  );
}

function isUsable({ status }: Snapshot): boolean {
  return isActive(status) || status === undefined;
}

function idOf({ cloudId, id }: Snapshot): string {
  return cloudId === undefined ? id : formatSnapshotId({ cloudId, snapshotId: id });
}

function byState(a: { state: SnapshotStateName }, b: { state: SnapshotStateName }): number {
  return SNAPSHOT_STATES.indexOf(a.state) - SNAPSHOT_STATES.indexOf(b.state);
}

/** Within a state, server by server, the newest first. */
function worstFirst(a: SnapshotEntry, b: SnapshotEntry): number {
  return (
    byState(a, b) ||
    compare(a.serverName ?? "", b.serverName ?? "") ||
    compare(a.cloudId ?? "", b.cloudId ?? "") ||
    compare(b.createdAt ?? "", a.createdAt ?? "") ||
    compare(a.id, b.id)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
