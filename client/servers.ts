import { type Acknowledgement, acknowledgementOf } from "./acknowledgement";
import type { Answer } from "./answer";
import { asksForConfirmation } from "./classify";
import { compact } from "./compact";
import { decode, unexpectedShape } from "./decode";
import { ArgumentError, BadRequestError, NotFoundError } from "./errors";
import { type CloudId, type Id, parseId, type SnapshotId } from "./id";
import { type Page, readAllPages, shortOf } from "./paging";
import { type CallOptions, path, withQuery } from "./request";
import type { Send } from "./retry";
import { pageMeta } from "./schema/meta";
import { type Deployment, deployment, ownServerPage, type Server, serverPage } from "./schema/server";

/** What to do with a server's power. */
export type PowerAction = "poweron" | "poweroff" | "powercycle" | "hardreboot";

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

const POWER_ACTIONS: ReadonlySet<string> = new Set(["poweron", "poweroff", "powercycle", "hardreboot"]);
const PER_PAGE = 100;
// utho-go v0.2.5 sends this very sentence, Utho's Terraform provider 0.7 the hostname.
const CONFIRM_DESTROY = "I am aware this action will delete data and server permanently";

/** Cloud servers. */
export class Servers {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  /** Lists all servers of the account, over all pages (GET /cloud). */
  async list(options: CallOptions = {}): Promise<Server[]> {
    let latest: Answer | undefined;
    const read = async (page: number, perpage = PER_PAGE): Promise<Page<Server>> => {
      const query = { page, perpage };
      latest = await this.#send(
        { operation: "servers.list", method: "GET", path: withQuery("/cloud", query) },
        options,
      );
      return serversOf(latest, page);
    };
    return readAllPages({
      read: (page) => read(page),
      keyOf: (server) => server.cloudId,
      endless: (pages) => wrongListing(latest, `the listing does not end after ${pages} pages`),
      short: (shown, total) => wrongListing(latest, shortOf(shown.length, total)),
      whole: (total) => read(1, total),
      withoutMeta: true,
    });
  }

  /**
   * Reads one server (GET /cloud/{cloudid}).
   *
   * @returns undefined where Utho does not know it: an empty list, or an error that says so (utho-go v0.2.5)
   */
  async get(cloudId: Id<CloudId>, options: CallOptions = {}): Promise<Server | undefined> {
    const operation = "servers.get";
    const id = parseId(cloudId, "cloudId", operation);
    let answer: Answer;
    try {
      answer = await this.#send({ operation, method: "GET", path: path`/cloud/${id}` }, options);
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
    const servers = listIn(answer, decode(answer, ownServerPage).cloud);
    // Only an empty list says that there is no such server; no list says nothing at all.
    if (servers === undefined) throw unexpectedShape(answer, "cloud is missing or unusable");
    const server = servers.find((one) => one.cloudId === id);
    if (server === undefined && servers.length > 0)
      throw unexpectedShape(answer, "it is about other servers");
    return server;
  }

  /** Creates a server (POST /cloud/deploy). Never repeated once it may have been sent. */
  async deploy(request: DeployRequest, options: CallOptions = {}): Promise<Deployment> {
    const body = deployBody(request);
    const answer = await this.#send(
      { operation: "servers.deploy", method: "POST", path: "/cloud/deploy", body },
      options,
    );
    const known = isObject(answer.json) ? decode(answer, deployment) : {};
    const said = acknowledgementOf(answer);
    return { ...known, ...said, acknowledged: said.acknowledged || known.cloudId !== undefined };
  }

  /**
   * Deletes a server and its data (DELETE /cloud/{cloudid}/destroy). Some of Utho's clients confirm it by a sentence,
   * others by the server's name: both are sent, and where that is refused as no confirmation, once the name alone.
   *
   * @throws NotFoundError where there is no such server
   */
  async destroy(cloudId: Id<CloudId>, hostname: string, options: CallOptions = {}): Promise<Acknowledgement> {
    const operation = "servers.destroy";
    const id = parseId(cloudId, "cloudId", operation);
    const ask = async (confirm: string) => {
      const body = { confirm, confirm_name: hostname };
      const request = { operation, method: "DELETE", path: path`/cloud/${id}/destroy`, body } as const;
      return acknowledgementOf(await this.#send(request, options));
    };
    try {
      return await ask(CONFIRM_DESTROY);
    } catch (error) {
      const another = error instanceof BadRequestError && asksForConfirmation(error.apiMessage ?? "");
      if (!another || hostname === "") throw error;
      return ask(hostname);
    }
  }

  /** Switches a server (POST /cloud/{cloudid}/{action}). Never repeated once it may have been sent. */
  async power(
    cloudId: Id<CloudId>,
    action: PowerAction,
    options: CallOptions = {},
  ): Promise<Acknowledgement> {
    const operation = "servers.power";
    const id = parseId(cloudId, "cloudId", operation);
    if (!POWER_ACTIONS.has(action)) {
      throw new ArgumentError(
        `${operation}: the action must be one of ${[...POWER_ACTIONS].join(", ")}`,
        operation,
      );
    }
    const request = { operation, method: "POST", path: path`/cloud/${id}/${action}` } as const;
    return acknowledgementOf(await this.#send(request, options));
  }
}

function serversOf(answer: Answer, number: number): Page<Server> {
  const page = decode(answer, serverPage);
  const meta = pageMeta(page.meta);
  // After the first page an answer without a list is how a listing may end.
  const mayBeEmpty = meta.total === 0 || (number > 1 && answer.verdict !== "empty");
  const items = listIn(answer, page.cloud) ?? (mayBeEmpty ? [] : undefined);
  if (items === undefined) throw unexpectedShape(answer, "cloud is missing or unusable");
  return { items, meta };
}

/** The list of an answer; a null in its place is an empty one where Utho says in words that all went well. */
function listIn(answer: Answer, cloud: Server[] | null | undefined): Server[] | undefined {
  return cloud ?? (cloud === null && answer.verdict === "success" ? [] : undefined);
}

function wrongListing(latest: Answer | undefined, what: string): Error {
  return latest === undefined ? new Error(what) : unexpectedShape(latest, what);
}

function deployBody(request: DeployRequest): Record<string, unknown> {
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

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
