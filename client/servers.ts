import * as v from "valibot";
import type { Answer } from "./answer";
import { asksForConfirmation } from "./classify";
import { compact, isRecord } from "./compact";
import {
  type Acknowledgement,
  acknowledgementOf,
  cloudId,
  decode,
  optionalListOf,
  parseSize,
  readNumber,
  readText,
  statusIn,
  unexpectedShape,
} from "./decode";
import { type Deployment, type DeployRequest, deployBody, readDeployment } from "./deploy";
import { ArgumentError, BadRequestError, NotFoundError } from "./errors";
import { type Page, readAllPages, readMeta, shortOf } from "./paging";
import type { Send } from "./pipeline";
import { type CallOptions, type CloudId, type Id, parseId, path, withQuery } from "./request";
import { type Snapshot, snapshot } from "./snapshots";
import { type ServerStatus, serverStatus } from "./status";
import { parseWallTime, type WallTime } from "./time";

/** Where a server stands. */
export interface ServerLocation {
  /** Name of the place, for example "Delhi (Noida)". */
  location?: string;
  /** Name of the country. */
  country?: string;
  /** Short name of the data centre, for example "innoida". */
  dc?: string;
  /** Country code. */
  dccc?: string;
}

/** A cloud server. */
export interface Server {
  /** Utho's number of the server. */
  cloudId: CloudId;
  /** Its hostname; empty where the answer holds none. */
  hostname: string;
  /** Active, Pending or Stopped are known. */
  status?: ServerStatus;
  /** Running or Stopped are known. */
  powerStatus?: ServerStatus;
  /** Its IP address. */
  ip?: string;
  /** Size of its disk in GB. */
  diskSizeGb?: number;
  /** Number of virtual processors. */
  cpu?: number;
  /** Memory in MB. */
  ramMb?: number;
  /** A month's price, in the account's currency. */
  cost?: number;
  /** When it was deployed. */
  createdAt?: WallTime;
  /** The data centre where it stands. */
  location?: ServerLocation;
  /** Undefined where the answer has no such list, as it may be in a listing. */
  snapshots?: Snapshot[];
}

/** A server of GET /cloud and GET /cloud/{cloudid}, as utho-go v0.2.5 names the fields. */
const wire = v.looseObject({ cloudid: cloudId, snapshots: optionalListOf(snapshot) });

export const server: v.GenericSchema<unknown, Server> = v.pipe(wire, v.transform(toServer));

/**
 * The same in the answer about one server, which is the last to be asked for its snapshots: a null in their place
 * says that the server has no snapshots. In a listing of servers it may also mean that they are not shown there.
 */
const ownServer = v.pipe(
  wire,
  v.transform((from) => toServer({ ...from, snapshots: from.snapshots === null ? [] : from.snapshots })),
);

function toServer(from: v.InferOutput<typeof wire>): Server {
  return compact({
    cloudId: from.cloudid,
    hostname: readText(from.hostname) ?? "",
    status: statusIn(serverStatus, from.status),
    powerStatus: statusIn(serverStatus, from.powerstatus),
    ip: readText(from.ip),
    diskSizeGb: parseSize(from.disksize, "GB"),
    cpu: readNumber(from.cpu),
    ramMb: parseSize(from.ram, "MB"),
    cost: readNumber(from.cost),
    createdAt: parseWallTime(from.created_at),
    location: readLocation(from.dclocation),
    snapshots: from.snapshots?.map((one) => ({ ...one, cloudId: from.cloudid })),
  });
}

/** PHP writes an empty map as [], and a place that cannot be read is no reason to refuse the server. */
function readLocation(from: unknown): ServerLocation | undefined {
  if (!isRecord(from)) return undefined;
  const { location, country, dc, dccc } = from;
  const place = compact({
    location: readText(location),
    country: readText(country),
    dc: readText(dc),
    dccc: readText(dccc),
  });
  return Object.keys(place).length === 0 ? undefined : place;
}

/** The list is missing where PHP had nothing to put into it; the caller decides whether that can be so. */
export const serverPage = v.looseObject({ cloud: optionalListOf(server, "cloudid") });

/** GET /cloud/{cloudid}. */
const ownServerPage = v.object({ cloud: optionalListOf(ownServer, "cloudid") });

/** What to do with a server's power. */
export type PowerAction = "poweron" | "poweroff" | "powercycle" | "hardreboot";

const POWER_ACTIONS: ReadonlySet<string> = new Set(["poweron", "poweroff", "powercycle", "hardreboot"]);
const PER_PAGE = 100;
// utho-go v0.2.5 sends this very sentence, Utho's Terraform provider 0.7 the hostname.
const CONFIRM_DESTROY = "I am aware this action will delete data and server permanently";

/** Cloud servers. */
export class Servers {
  constructor(private readonly send: Send) {}

  /** Lists all servers of the account, over all pages (GET /cloud). */
  async list(options: CallOptions = {}): Promise<Server[]> {
    let latest: Answer | undefined;
    const read = async (page: number, perpage = PER_PAGE): Promise<Page<Server>> => {
      const query = { page, perpage };
      latest = await this.send(
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
      answer = await this.send({ operation, method: "GET", path: path`/cloud/${id}` }, options);
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
    const answer = await this.send(
      { operation: "servers.deploy", method: "POST", path: "/cloud/deploy", body },
      options,
    );
    return readDeployment(answer);
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
      return acknowledgementOf(await this.send(request, options));
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
    return acknowledgementOf(await this.send(request, options));
  }
}

function serversOf(answer: Answer, number: number): Page<Server> {
  const page = decode(answer, serverPage);
  const meta = readMeta(page.meta);
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
