import type { Server } from "../../client";
import { compact, isRecord } from "../../client/compact";
import type { CloudId } from "../../client/request";
import {
  type FieldsOf,
  fieldsIn,
  flagOf,
  HIDDEN,
  orElse,
  type RawInputs,
  textOf,
  textsOf,
} from "../engine/inputs";
import type { Keeping } from "../utho/keep";
import { markOf, type SnapshotRef, withSource } from "../utho/names";
import { UNKNOWN_STATUS } from "../utho/status";

/** All of this ends up in states, so every name here is a promise to those in the field. */

const INPUTS = {
  /** `<cloudId>/<snapshotId>`; read at creation only. */
  snapshot: orElse<SnapshotRef>(textOf, ""),
  hostname: orElse(textOf, ""),
  planId: orElse(textOf, ""),
  dcslug: textOf,
  billingCycle: textOf,
  sshKeys: textsOf,
  firewall: textOf,
  vpcId: textOf,
  enablePublicIp: flagOf,
  /** Make of processor; read at creation only, as are the next two. */
  cpuModel: textOf,
  /** How to log in, as Utho calls it. */
  auth: textOf,
  /** Secret. */
  rootPassword: textOf,
  /** An existing server to take over instead of deploying one; read at creation only. */
  adoptId: textOf,
  finalSnapshot: flagOf,
  /** Hidden: stands for the deployment in the note of this machine; fixed when the server is made. */
  mark: textOf,
  ...HIDDEN,
};

export type CloneInputs = FieldsOf<typeof INPUTS>;

export function asCloneInputs(checked: RawInputs): CloneInputs {
  return fieldsIn(INPUTS, withSource(checked));
}

/** What Utho's answers say of the server, and how each is read from a state; a refresh shows what has changed. */
const FACTS = {
  hostname: orElse(textOf, ""),
  ipv4: textOf,
  status: orElse(textOf, ""),
  powerStatus: textOf,
};

type ServerFacts = FieldsOf<typeof FACTS>;

/** All that a user sees. */
const OUTPUTS = {
  ...FACTS,
  cloudId: orElse<CloudId>(textOf, ""),
  /** Secret; absent where Utho's answer was lost or the server was taken over. */
  password: textOf,
  snapshot: orElse<SnapshotRef>(textOf, ""),
  planId: orElse(textOf, ""),
  dcslug: textOf,
};

export type CloneOutputs = FieldsOf<typeof OUTPUTS>;

const STATE = {
  ...OUTPUTS,
  vpcId: textOf,
  enablePublicIp: flagOf,
  finalSnapshot: flagOf,
  /** Hidden: the hostname that the program asked for. */
  declaredHostname: textOf,
  /** Hidden: what was true when the server was last seen ready by create or update; drift is judged against it. */
  recorded: recordedOf,
  ...HIDDEN,
};

export type CloneState = FieldsOf<typeof STATE>;

export function asCloneState(props: RawInputs): CloneState {
  return fieldsIn(STATE, withSource(props));
}

function recordedOf(value: unknown): { hostname: string } | undefined {
  return isRecord(value) && typeof value.hostname === "string" ? { hostname: value.hostname } : undefined;
}

/** A deletion that takes a snapshot first has the time for both. */
export const FINAL_TIMEOUT = "40m";

/** Of the last snapshot of a clone's server. It may belong to no other server of the same resource. */
export function finalOf(urn: string, cloudId: string): Keeping {
  return { urn, mark: markOf(`${urn}\n${cloudId}`), purpose: "final" };
}

export function stateOfNew(
  inputs: CloneInputs,
  cloudId: CloudId,
  server: Server | undefined,
  origin: Partial<Pick<CloneState, "dcslug" | "ipv4" | "password">>,
): CloneState {
  const { hostname } = inputs;
  const facts = factsOf(server, { ...origin, hostname, status: UNKNOWN_STATUS });
  const others = {
    cloudId,
    password: origin.password,
    snapshot: inputs.snapshot,
    planId: inputs.planId,
    dcslug: origin.dcslug ?? server?.location?.dc,
    vpcId: inputs.vpcId,
    enablePublicIp: inputs.enablePublicIp,
    finalSnapshot: inputs.finalSnapshot,
    declaredHostname: hostname,
    resourceUrn: inputs.resourceUrn,
    timeouts: inputs.timeouts,
  } satisfies Record<Exclude<keyof CloneOutputs, keyof ServerFacts>, unknown> & RawInputs;
  return compact({ ...facts, ...others });
}

/** What Utho's answer says; what it leaves out stays as it was known. */
export function factsOf(server: Server | undefined, known: ServerFacts): ServerFacts {
  return compact({
    hostname: server?.hostname ?? known.hostname,
    status: server?.status?.word ?? known.status,
    ipv4: server?.ip ?? known.ipv4,
    powerStatus: server?.powerStatus?.word ?? known.powerStatus,
  } satisfies Record<keyof ServerFacts, unknown>);
}
