import type { Answer } from "./answer";
import { compact, isRecord } from "./compact";
import { type Acknowledgement, acknowledgementOf, readOptionalId, readText } from "./decode";
import { ArgumentError } from "./errors";
import { type CloudId, type Id, parseId, type SnapshotId } from "./request";

/** A new server. Exactly one of `image`, `snapshotId` and `backupId` says what is on its disk. */
export interface DeployRequest {
  /** Hostname of the new server. */
  hostname: string;
  /** Data centre, for example "innoida". */
  dcslug: string;
  /** Id of a plan of GET /plans. */
  planId: string;
  /** Operating system image of GET /cloud/images, for example "ubuntu-22.04-x86_64". */
  image?: string | undefined;
  /** Number of the snapshot whose copy the disk becomes. */
  snapshotId?: Id<SnapshotId> | undefined;
  /** Number of the backup whose copy the disk becomes. */
  backupId?: Id | undefined;
  /** For example "hourly" or "monthly". */
  billingCycle?: string | undefined;
  /** How to log in, as Utho calls it, for example "option2". */
  auth?: string | undefined;
  /**
   * Password of root. Secret: sent, and never part of an error.
   * @default none: the answer then has one (utho-go v0.2.5)
   */
  rootPassword?: string | undefined;
  /** Ids of SSH keys; sent as one text, separated by commas. */
  sshKeys?: readonly Id[] | undefined;
  /**
   * Number of a firewall of the account.
   * @default none
   */
  firewall?: string | undefined;
  /**
   * Id of a VPC of the account.
   * @default none
   */
  vpcId?: string | undefined;
  /**
   * Whether it gets a public IP address; sent as text.
   * @default Utho's own, which is true
   */
  enablePublicIp?: boolean | undefined;
  /**
   * Whether it needs a subnet of the VPC; sent as text. A field of utho-go v0.2.5, documented nowhere.
   * @default Utho's own
   */
  subnetRequired?: boolean | undefined;
  /**
   * Make of processor, in Utho's words. A field of utho-go v0.2.5, documented nowhere.
   * @default Utho's own
   */
  cpuModel?: string | undefined;
}

/** What Utho says of a new server. */
export interface Deployment extends Acknowledgement {
  /** Utho's number of the new server; absent where the answer holds none: look for the hostname. */
  cloudId?: CloudId;
  /** Its public address, where it has one already. */
  ipv4?: string;
  /** Secret. */
  password?: string;
}

/** The body of POST /cloud/deploy, checked. */
export function deployBody(request: DeployRequest): Record<string, unknown> {
  const operation = "servers.deploy";
  const { image, snapshotId, backupId, sshKeys } = request;
  if ([image, snapshotId, backupId].filter((source) => source !== undefined).length !== 1) {
    throw new ArgumentError(`${operation}: give exactly one of image, snapshotId and backupId`, operation);
  }
  return compact({
    dcslug: required(request.dcslug, "dcslug"),
    planid: required(request.planId, "planId"),
    image,
    snapshotid: snapshotId === undefined ? undefined : parseId(snapshotId, "snapshotId", operation),
    backupid: backupId === undefined ? undefined : parseId(backupId, "backupId", operation),
    billingcycle: request.billingCycle,
    auth: request.auth,
    root_password: request.rootPassword,
    sshkeys: sshKeys?.map((key) => parseId(key, "sshKeys", operation)).join(","),
    firewall: request.firewall,
    vpc: request.vpcId,
    // Text, as utho-go v0.2.5 sends it.
    enable_publicip: request.enablePublicIp?.toString(),
    subnetRequired: request.subnetRequired?.toString(),
    cpumodel: request.cpuModel,
    cloud: [{ hostname: required(request.hostname, "hostname") }],
  });
}

function required(value: string, what: string): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new ArgumentError(`servers.deploy: ${what} is missing`, "servers.deploy");
}

/** Reads the answer to POST /cloud/deploy. */
export function readDeployment(answer: Answer): Deployment {
  const { cloudid, ipv4, password } = isRecord(answer.json) ? answer.json : {};
  const said = acknowledgementOf(answer);
  const cloudId = readOptionalId(cloudid);
  return compact({
    ...said,
    acknowledged: said.acknowledged || cloudId !== undefined,
    cloudId,
    ipv4: readText(ipv4),
    password: readText(password),
  });
}
