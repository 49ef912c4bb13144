/**
 * What passes between the engine and the ServerClone provider. All of it ends up in state files, so every name here is
 * a promise to states in the field.
 */
import type { Timeouts } from "../engine/inputs";

/** Inputs as `check` leaves them. */
export interface CloneInputs {
  /** `<cloudId>/<snapshotId>`; read at creation only. */
  snapshotId: string;
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
  /** Hidden: stands for the deployment in the note of this machine; fixed when the server is made. */
  mark?: string;
  /** Hidden: the resource's own URN. The engine drops the key `urn`. */
  resourceUrn?: string;
  /** Hidden: `customTimeouts` of the resource options, which never reach a dynamic provider by themselves. */
  timeouts?: Timeouts;
}

/** Outputs as state holds them. */
export interface CloneState {
  cloudId: string;
  hostname: string;
  ipv4?: string;
  status: string;
  powerStatus?: string;
  /** Secret; absent where Utho's answer was lost or the server was taken over. */
  password?: string;
  /** The snapshot that the server was made from. */
  snapshotId: string;
  planId: string;
  dcslug?: string;
  vpcId?: string;
  enablePublicIp?: boolean;
  /** Hidden: the hostname that the program asked for. */
  declaredHostname?: string;
  /** Hidden: what was true when the server was last seen ready by create or update; drift is judged against it. */
  recorded?: { hostname: string };
  resourceUrn?: string;
  timeouts?: Timeouts;
}

/** A deployment writes a whole disk from a snapshot; Utho documents no time for it. */
export const CLONE_TIMEOUTS = { create: "30m", update: "30m", delete: "10m" } as const;
