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

const STATE = {
  cloudId: orElse<CloudId>(textOf, ""),
  hostname: orElse(textOf, ""),
  ipv4: textOf,
  status: orElse(textOf, ""),
  powerStatus: textOf,
  /** Secret; absent where Utho's answer was lost or the server was taken over. */
  password: textOf,
  snapshot: orElse<SnapshotRef>(textOf, ""),
  planId: orElse(textOf, ""),
  dcslug: textOf,
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
  return compact({
    ...facts,
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
  });
}

type ServerFacts = Pick<CloneState, "hostname" | "status" | "ipv4" | "powerStatus">;

/** What Utho's answer says; what it leaves out stays as it was known. */
export function factsOf(server: Server | undefined, known: ServerFacts): ServerFacts {
  return compact({
    hostname: server?.hostname ?? known.hostname,
    status: server?.status?.word ?? known.status,
    ipv4: server?.ip ?? known.ipv4,
    powerStatus: server?.powerStatus?.word ?? known.powerStatus,
  });
}
