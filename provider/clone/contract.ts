import type { Server } from "../../client";
import { compact, complete } from "../../client/compact";
import type { CloudId } from "../../client/id";
import { flagOf, type RawInputs, type Timeouts, textOf, timeoutsOf } from "../engine/inputs";
import type { Keeping } from "../utho/keep";
import { markOf, type SnapshotRef, sourceIn } from "../utho/names";
import { UNKNOWN_STATUS } from "../utho/status";

/**
 * What passes between the engine and the ServerClone provider. All of it ends up in state files, so every name here is
 * a promise to states in the field.
 */

/** Inputs as `check` leaves them. */
export interface CloneInputs {
  /** `<cloudId>/<snapshotId>`; read at creation only. */
  snapshot: SnapshotRef;
  hostname: string;
  planId: string;
  dcslug?: string;
  billingCycle?: string;
  sshKeys?: string[];
  firewall?: string;
  vpcId?: string;
  enablePublicIp?: boolean;
  /** Make of processor; read at creation only, as are the next two. */
  cpuModel?: string;
  /** How to log in, as Utho calls it. */
  auth?: string;
  /** Secret. */
  rootPassword?: string;
  /** An existing server to take over instead of deploying one; read at creation only. */
  adoptId?: string;
  /** Whether a last snapshot is taken before the server is destroyed. */
  finalSnapshot?: boolean;
  /** Hidden: stands for the deployment in the note of this machine; fixed when the server is made. */
  mark?: string;
  /** Hidden: the resource's own URN. The engine drops the key `urn`. */
  resourceUrn?: string;
  /** Hidden: `customTimeouts` of the resource options, which never reach a dynamic provider by themselves. */
  timeouts?: Timeouts;
}

/** Outputs as state holds them. */
export interface CloneState {
  cloudId: CloudId;
  hostname: string;
  ipv4?: string;
  status: string;
  powerStatus?: string;
  /** Secret; absent where Utho's answer was lost or the server was taken over. */
  password?: string;
  /** The snapshot that the server was made from. */
  snapshot: SnapshotRef;
  planId: string;
  dcslug?: string;
  vpcId?: string;
  enablePublicIp?: boolean;
  finalSnapshot?: boolean;
  /** Hidden: the hostname that the program asked for. */
  declaredHostname?: string;
  /** Hidden: what was true when the server was last seen ready by create or update; drift is judged against it. */
  recorded?: { hostname: string };
  resourceUrn?: string;
  timeouts?: Timeouts;
}

/** A deployment writes a whole disk from a snapshot; Utho documents no time for it. */
export const CLONE_TIMEOUTS = { create: "30m", update: "30m", delete: "10m" } as const;

/** A deletion that takes a snapshot first has the time for both. */
export const FINAL_TIMEOUT = "40m";

/** Of the last snapshot of a clone's server. It may belong to no other server of the same resource. */
export function finalOf(urn: string, cloudId: string): Keeping {
  return { urn, mark: markOf(`${urn}\n${cloudId}`), purpose: "final" };
}

/** A state's outputs, whatever version of this package wrote them: what is missing or of another type is left out. */
export function asCloneState(props: RawInputs): CloneState {
  const text = (key: string): string | undefined => textOf(props, key);
  return complete<CloneState>({
    cloudId: text("cloudId") ?? "",
    hostname: text("hostname") ?? "",
    ipv4: text("ipv4"),
    status: text("status") ?? "",
    powerStatus: text("powerStatus"),
    password: text("password"),
    snapshot: sourceIn(props) ?? "",
    planId: text("planId") ?? "",
    dcslug: text("dcslug"),
    vpcId: text("vpcId"),
    enablePublicIp: flagOf(props, "enablePublicIp"),
    finalSnapshot: flagOf(props, "finalSnapshot"),
    declaredHostname: text("declaredHostname"),
    recorded: asRecorded(props.recorded),
    resourceUrn: text("resourceUrn"),
    timeouts: timeoutsOf(props),
  });
}

/** What is known of a clone besides Utho's answer about it. */
interface CloneOrigin {
  dcslug?: string | undefined;
  ipv4?: string | undefined;
  password?: string | undefined;
}

/** Outputs of a server that create has just made or found. */
export function stateOfNew(
  inputs: CloneInputs,
  cloudId: CloudId,
  server: Server | undefined,
  origin: CloneOrigin,
): CloneState {
  const facts = factsOf(server, { hostname: inputs.hostname, status: UNKNOWN_STATUS, ipv4: origin.ipv4 });
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
    declaredHostname: inputs.hostname,
    resourceUrn: inputs.resourceUrn,
    timeouts: inputs.timeouts,
  });
}

/** What Utho's answer says; what it leaves out stays as it was known. */
export function factsOf(
  server: Server | undefined,
  known: Pick<CloneState, "hostname" | "status"> & Pick<CloneOrigin, "ipv4"> & { powerStatus?: string },
): Pick<CloneState, "hostname" | "status" | "ipv4" | "powerStatus"> {
  return compact({
    hostname: server?.hostname ?? known.hostname,
    status: server?.status?.word ?? known.status,
    ipv4: server?.ip ?? known.ipv4,
    powerStatus: server?.powerStatus?.word ?? known.powerStatus,
  });
}

function asRecorded(value: unknown): CloneState["recorded"] {
  if (typeof value !== "object" || value === null || !("hostname" in value)) return undefined;
  return typeof value.hostname === "string" ? { hostname: value.hostname } : undefined;
}
