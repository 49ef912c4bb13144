import type { Server } from "../../client";
import { flagOf, type RawInputs, textOf, timeoutsOf } from "../engine/inputs";
import { UNKNOWN_STATUS } from "../utho/status";
import type { CloneInputs, CloneState } from "./contract";

/** A state's outputs, whatever version of this package wrote them: what is missing or of another type is left out. */
export function asCloneState(props: RawInputs): CloneState {
  const text = (key: string): string | undefined => textOf(props, key);
  return {
    cloudId: text("cloudId") ?? "",
    hostname: text("hostname") ?? "",
    ipv4: text("ipv4"),
    status: text("status") ?? "",
    powerStatus: text("powerStatus"),
    password: text("password"),
    snapshotId: text("snapshotId") ?? "",
    planId: text("planId") ?? "",
    dcslug: text("dcslug"),
    vpcId: text("vpcId"),
    enablePublicIp: flagOf(props, "enablePublicIp"),
    declaredHostname: text("declaredHostname"),
    recorded: asRecorded(props.recorded),
    resourceUrn: text("resourceUrn"),
    timeouts: timeoutsOf(props),
  };
}

/** What is known of a clone besides Utho's answer about it. */
export interface CloneOrigin {
  dcslug?: string | undefined;
  ipv4?: string | undefined;
  password?: string | undefined;
}

/** Outputs of a server that create has just made or found. */
export function stateOfNew(
  inputs: CloneInputs,
  cloudId: string,
  server: Server | undefined,
  origin: CloneOrigin,
): CloneState {
  const facts = factsOf(server, { hostname: inputs.hostname, status: UNKNOWN_STATUS, ipv4: origin.ipv4 });
  return {
    ...facts,
    cloudId,
    password: origin.password,
    snapshotId: inputs.snapshotId,
    planId: inputs.planId,
    dcslug: origin.dcslug ?? server?.location?.dc,
    vpcId: inputs.vpcId,
    enablePublicIp: inputs.enablePublicIp,
    declaredHostname: inputs.hostname,
    resourceUrn: inputs.resourceUrn,
    timeouts: inputs.timeouts,
  };
}

/** What Utho's answer tells; what it leaves out stays as it was known. */
export function factsOf(
  server: Server | undefined,
  known: Pick<CloneState, "hostname" | "status" | "ipv4" | "powerStatus">,
): Pick<CloneState, "hostname" | "status" | "ipv4" | "powerStatus"> {
  return {
    hostname: server?.hostname ?? known.hostname,
    status: server?.status ?? known.status,
    ipv4: server?.ip ?? known.ipv4,
    powerStatus: server?.powerStatus ?? known.powerStatus,
  };
}

function asRecorded(value: unknown): CloneState["recorded"] {
  if (typeof value !== "object" || value === null || !("hostname" in value)) return undefined;
  return typeof value.hostname === "string" ? { hostname: value.hostname } : undefined;
}
