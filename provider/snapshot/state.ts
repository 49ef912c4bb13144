import type { Server, Snapshot } from "../../client";
import { compact, complete } from "../../client/compact";
import type { CloudId } from "../../client/id";
import { type RawInputs, textOf } from "../engine/inputs";
import { NO_SEAL_YET, sealTriggers } from "../engine/values";
import { asFacts, asInState, type SnapshotFacts, toFacts } from "../utho/facts";
import { isActive, UNKNOWN_STATUS } from "../utho/status";
import { asSnapshotInputs } from "./check";
import type { SnapshotInputs, SnapshotState } from "./contract";

/** A state's outputs, whatever version of this package wrote them: what is missing or of another type is left out. */
export function asSnapshotState(props: RawInputs): SnapshotState {
  const { adoptId, resourceUrn, timeouts } = asSnapshotInputs(props);
  const hidden = complete<Omit<SnapshotState, keyof SnapshotFacts>>({
    declaredName: textOf(props, "declaredName"),
    recorded: asRecorded(props.recorded),
    triggersDigest: textOf(props, "triggersDigest"),
    adoptId,
    resourceUrn,
    timeouts,
  });
  return { ...asFacts(props), ...hidden };
}

function asRecorded(value: unknown): SnapshotState["recorded"] {
  if (typeof value !== "object" || value === null || !("name" in value)) return undefined;
  if (typeof value.name !== "string") return undefined;
  const sizeGb = "sizeGb" in value && typeof value.sizeGb === "number" ? value.sizeGb : undefined;
  return compact({ name: value.name, sizeGb });
}

/** What outputs are made from when the program's inputs are at hand. */
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
  const usable = isActive(facts.status) || facts.status === UNKNOWN_STATUS;
  const unsealed = known?.triggersDigest === NO_SEAL_YET ? NO_SEAL_YET : undefined;
  const seenReady = usable || known?.recorded !== undefined;
  return compact({
    ...facts,
    declaredName: inputs.name === facts.name ? undefined : inputs.name,
    recorded: seenReady ? asSeen(facts) : undefined,
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
  const firstReady = isActive(facts.status) ? asSeen(facts) : undefined;
  const renamed = props.name && props.name !== facts.name ? props.name : undefined;
  return compact({
    ...facts,
    declaredName: props.declaredName ?? renamed,
    recorded: props.recorded ?? firstReady,
    triggersDigest: props.snapshotId ? props.triggersDigest : NO_SEAL_YET,
    adoptId: props.adoptId,
    resourceUrn: props.resourceUrn,
    timeouts: props.timeouts,
  });
}

function asSeen({ name, sizeGb }: SnapshotState): SnapshotState["recorded"] {
  return compact({ name, sizeGb });
}
