import { ROTATION_TYPE } from "../../sdk/forwarder";
import { type Owner, Ownership } from "../stack/ownership";
import type { StackState } from "../stack/state";
import { logicalNameOf, programOf } from "../stack/urn";
import { keepersIn } from "./advice";
import type { Cloud } from "./cloud";
import { coverageOf } from "./coverage";
import { entriesOf } from "./entries";
import { findingsOf } from "./findings";
import { type Judgement, judge } from "./judgement";
import { type FindingKind, type Report, SCHEMA_VERSION, type Source } from "./model";
import { ownedSnapshots } from "./owned";
import { pendingOf } from "./pending";
import { totalsOf } from "./totals";

export interface ReportOptions extends Judgement {
  version: string;
  /** Milliseconds: a server with a usable snapshot younger than this is covered. */
  maxAge: number;
  failOn: readonly FindingKind[];
}

/** The whole report. Pure: the clock is the moment when the cloud was asked. */
export function buildReport(states: readonly StackState[], cloud: Cloud, options: ReportOptions): Report {
  const owned = ownedSnapshots(states);
  const ownership = new Ownership(states);
  const pending = pendingOf(states, ownership, cloud);
  const snapshots = entriesOf(states, owned, ownership, pending, cloud);
  const servers = coverageOf(snapshots, cloud, options.maxAge);
  const found = findingsOf(snapshots, servers, pending, keepersIn(states), options.maxAge);
  const { findings, notes } = judge(found, snapshots, servers, options, cloud.askedAt);
  const alarms = findings.filter((one) => one.alarms).length;
  const undetermined = snapshots.filter(({ state }) => state === "undetermined").length;
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: "pulumi-utho", version: options.version },
    createdAt: new Date(cloud.askedAt).toISOString(),
    maxAgeSeconds: Math.round(options.maxAge / 1000),
    failOn: [...options.failOn],
    hasBaseline: options.baseline !== undefined,
    sources: states.map((state) => sourceOf(state, owned)),
    snapshots,
    servers,
    pending: pending.map(({ shown }) => shown),
    findings,
    totals: totalsOf(snapshots, servers),
    notes: [...notes, ...pausedNotes(states), ...notesOn(snapshots)],
    verdict: { exitCode: undetermined > 0 ? 2 : alarms > 0 ? 1 : 0, alarms, undetermined },
  };
}

function sourceOf(
  { stack, project, origin, resources }: StackState,
  owned: ReturnType<typeof ownedSnapshots>,
): Source {
  const own = new Set(resources);
  const snapshots = owned.filter(({ resource }) => own.has(resource)).length;
  return { stack, project: project ?? null, origin, snapshots };
}

/** A pause is easily forgotten, and nothing else shows it until a backup is too old. */
function pausedNotes(states: readonly StackState[]): string[] {
  return states.flatMap(({ stack, resources }) =>
    resources
      .filter((one) => one.type === ROTATION_TYPE && !one.external && !one.delete)
      .filter(({ outputs }) => outputs.paused === true)
      .map(
        ({ urn }) =>
          `SnapshotRotation ${logicalNameOf(urn)} of stack ${stack} is paused: it takes nothing and deletes nothing.`,
      ),
  );
}

/** A rotation spares what another resource of its own program has adopted, and knows no other stack. */
function endOf(owners: readonly Owner[]): string {
  const rotations = owners.filter(({ kind }) => kind === "SnapshotRotation");
  const [rotation] = rotations;
  if (rotation === undefined) return "whichever goes first deletes it";
  const isSpared =
    rotations.length === 1 && owners.every(({ urn }) => programOf(urn) === programOf(rotation.urn));
  if (isSpared) return "the rotation leaves it";
  return `${rotation.name} of stack ${rotation.stack} deletes it once its policy does not keep it, and knows nothing of another stack; of two that own it whichever goes first deletes it`;
}

function notesOn(snapshots: Report["snapshots"]): string[] {
  const notes: string[] = [];
  const there = snapshots.filter(({ exists }) => exists === true);
  const unknown = there.filter(({ status }) => status === null).length;
  if (unknown > 0) {
    notes.push(`Utho shows no status for ${unknown} of ${there.length} snapshots; these count as usable.`);
  }
  for (const { id, owners } of snapshots) {
    if (owners.length < 2) continue;
    const names = owners.map(({ stack, name }) => `${name} of stack ${stack}`).join(" and ");
    notes.push(`Snapshot ${id} is owned more than once, by ${names}: ${endOf(owners)}.`);
  }
  return notes;
}
