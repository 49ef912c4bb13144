/** All of this ends up in states, so every name here is a promise to those in the field. */
import type { Server, Snapshot } from "../../client";
import { compact, isRecord } from "../../client/compact";
import type { CloudId } from "../../client/request";
import {
  amountOf,
  type FieldsOf,
  fieldsIn,
  flagOf,
  HIDDEN,
  oneOf,
  orElse,
  type RawInputs,
  textOf,
} from "../engine/inputs";
import { NO_SEAL_YET, sealTriggers } from "../engine/values";
import { asInState, SNAPSHOT_FACTS, toFacts } from "../utho/facts";
import { isActive, mayBeActive } from "../utho/status";

/** What becomes of a snapshot that another one replaces. */
export type OnReplace = "keep" | "delete";
export const ON_REPLACE = ["keep", "delete"] as const satisfies readonly OnReplace[];

const INPUTS = {
  cloudId: orElse<CloudId>(textOf, ""),
  /** Exact; left out, `create` generates one. */
  name: textOf,
  triggers: (value: unknown): unknown => value,
  powerOff: flagOf,
  maxDowntime: textOf,
  adoptId: textOf,
  waitForReady: flagOf,
  /** In effect at once, also for the snapshot of an earlier program. */
  onReplace: oneOf(ON_REPLACE),
  /** Hidden: six hex digits that end a generated name; fixed when the snapshot is made. */
  mark: textOf,
  ...HIDDEN,
};

export type SnapshotInputs = FieldsOf<typeof INPUTS>;

export function asSnapshotInputs(checked: RawInputs): SnapshotInputs {
  return fieldsIn(INPUTS, checked);
}

/** Outputs as state holds them: the facts, and what later operations must know. */
const STATE = {
  ...SNAPSHOT_FACTS,
  /** Hidden: the name the program asked for, if the snapshot has another (adopted, taken over, renamed). */
  declaredName: textOf,
  /**
   * Hidden: what was true when the snapshot was last seen Active by create or update. Drift is judged against it,
   * since the engine hands `diff` only fresh outputs and old inputs on refresh. Absent where the status is Active: all
   * is as the outputs show. Absent with another status: never Active so far.
   */
  recorded: recordedOf,
  /** Hidden: salted digest of `triggers`; the values themselves may be secret and stay out of the outputs. */
  triggersDigest: textOf,
  /** Hidden: the `adoptId` that the resource was created with. */
  adoptId: textOf,
  ...HIDDEN,
};

export type SnapshotState = FieldsOf<typeof STATE>;

export function asSnapshotState(props: RawInputs): SnapshotState {
  return fieldsIn(STATE, props);
}

function recordedOf(value: unknown): { name: string; sizeGb?: number } | undefined {
  if (!isRecord(value) || typeof value.name !== "string") return undefined;
  return compact({ name: value.name, sizeGb: amountOf(value.sizeGb) });
}

export interface OutputSources {
  inputs: SnapshotInputs;
  snapshot: Snapshot;
  server?: Server | undefined;
  known?: SnapshotState | undefined;
  zone: () => string;
}

/** Outputs of create and update: the facts, and the record that later runs judge drift against. */
export function toState(sources: OutputSources): SnapshotState {
  const { inputs, snapshot, server, known, zone } = sources;
  const facts = toFacts(snapshot, { cloudId: inputs.cloudId, server, known, zone });
  // Without a status, being listed is all there is to know; a later failure must not look like a failed creation.
  const usable = mayBeActive(facts.status);
  const unsealed = known?.triggersDigest === NO_SEAL_YET ? NO_SEAL_YET : undefined;
  const seenReady = usable || (known !== undefined && recordOf(known) !== undefined);
  return compact({
    ...facts,
    declaredName: inputs.name === facts.name ? undefined : inputs.name,
    recorded: seenReady && !isActive(facts.status) ? asSeen(facts) : undefined,
    triggersDigest: sealTriggers(inputs.triggers) ?? unsealed,
    adoptId: known === undefined ? inputs.adoptId : known.adoptId,
    resourceUrn: inputs.resourceUrn,
    timeouts: inputs.timeouts,
  });
}

/** Outputs of read: fresh facts over what state knows; the record stays, so that drift can be judged against it. */
export function refreshState(
  props: Partial<SnapshotState>,
  snapshot: Snapshot,
  context: { cloudId: CloudId; server?: Server | undefined; zone: () => string },
): SnapshotState {
  const fresh = toFacts(snapshot, { ...context, known: props });
  const facts = props.snapshotId ? asInState(fresh, props) : fresh;
  const renamed = props.name && props.name !== facts.name ? props.name : undefined;
  return compact({
    ...facts,
    declaredName: props.declaredName ?? renamed,
    recorded: props.recorded ?? changedSince(props, facts),
    triggersDigest: props.snapshotId ? props.triggersDigest : NO_SEAL_YET,
    adoptId: props.adoptId,
    resourceUrn: props.resourceUrn,
    timeouts: props.timeouts,
  });
}

/** What was true when the snapshot was last seen Active by create or update; `undefined`: it never was. */
export function recordOf(state: Partial<SnapshotState>): SnapshotState["recorded"] {
  return state.recorded ?? (isActive(state.status) ? asSeen(state) : undefined);
}

/** The record of a state whose outputs show it, where fresh ones do not. */
function changedSince(
  state: Partial<SnapshotState>,
  fresh: Partial<SnapshotState>,
): SnapshotState["recorded"] {
  const record = recordOf(state);
  const shows = isActive(fresh.status) && record?.name === fresh.name && record?.sizeGb === fresh.sizeGb;
  return shows ? undefined : record;
}

function asSeen({ name, sizeGb }: Partial<SnapshotState>): SnapshotState["recorded"] {
  return name ? compact({ name, sizeGb }) : undefined;
}
