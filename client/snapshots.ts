import * as v from "valibot";
import type { Answer } from "./answer";
import { compact } from "./compact";
import {
  type Acknowledgement,
  acknowledgementOf,
  decode,
  listOf,
  optionalListOf,
  parseSize,
  readOptionalId,
  readText,
  snapshotId,
  statusIn,
  unexpectedShape,
} from "./decode";
import {
  ArgumentError,
  BadRequestError,
  NotFoundError,
  UnexpectedResponseError,
  type UthoError,
} from "./errors";
import { type Page, readAllPages, readMeta, shortOf } from "./paging";
import type { Send } from "./pipeline";
import {
  type CallOptions,
  type CloudId,
  type Id,
  parseId,
  path,
  type SnapshotId,
  withQuery,
} from "./request";
import { type SnapshotStatus, snapshotStatus } from "./status";
import { parseWallTime, type WallTime } from "./time";

/** A point-in-time image of one server. */
export interface Snapshot {
  /** Utho's number of the snapshot. It may not be unique over servers. */
  id: SnapshotId;
  /** The server it was taken from, where the listing says so. */
  cloudId?: CloudId;
  /** Its name; empty where the answer holds none. */
  name: string;
  /** Stored size in GB. */
  sizeGb?: number;
  /** "Active" is usable; other words are not documented. A server's own list has no status. */
  status?: SnapshotStatus;
  /** Storage class: general, ebs or another word. */
  storage?: string;
  /** Operating system image of the server that it was taken of. */
  image?: string;
  /** A note, in a server's own list. Utho's API offers no way to write one. */
  note?: string;
  /** When it was made. */
  createdAt?: WallTime;
}

/**
 * A snapshot in any of its listings: `{id,size,created_at,note,name}` under a server (utho-go v0.2.5) and
 * `{id,cloudid,image,size,name,status,storage,createdate}` in /cloud/getdeploy (seen by third parties).
 */
const wire = v.looseObject({ id: snapshotId });

export const snapshot: v.GenericSchema<unknown, Snapshot> = v.pipe(
  wire,
  v.transform(
    (from): Snapshot =>
      compact({
        id: from.id,
        cloudId: readOptionalId(from.cloudid),
        name: readText(from.name) ?? "",
        sizeGb: parseSize(from.size, "GB"),
        status: statusIn(snapshotStatus, from.status),
        storage: readText(from.storage),
        image: readText(from.image),
        note: readText(from.note),
        createdAt: parseWallTime(from.created_at) ?? parseWallTime(from.createdate),
      }),
  ),
);

export const snapshotList: v.GenericSchema<unknown, Snapshot[]> = listOf(snapshot);

/** /cloud/getdeploy: the list stands under `snapshots`, beside images and backups, which we ignore. */
const deployListing = v.looseObject({ snapshots: optionalListOf(snapshot) });

/** /snapshot: documented to exist, its body is not. The list may stand under either of these, or alone. */
const accountListing = v.looseObject({
  snapshots: optionalListOf(snapshot),
  snapshot: optionalListOf(snapshot),
  data: optionalListOf(snapshot),
});

/** What Utho says to a deletion. */
export interface Deletion {
  /** "unconfirmed": HTTP says success, the body says nothing. */
  outcome: "deleted" | "notFound" | "unconfirmed";
  /** Utho's words. */
  message?: string;
}

/** A listing says that it has more than it shows. */
export class ShortListing extends UnexpectedResponseError {
  constructor(
    cause: UthoError,
    readonly shown: readonly Snapshot[],
  ) {
    super(cause.message, cause);
  }
}

/** Snapshots of servers. */
export class Snapshots {
  constructor(private readonly send: Send) {}

  /**
   * Lists the account's snapshots by the route that the console's deploy page uses
   * (GET /cloud/getdeploy?product=cloud, seen by third parties).
   *
   * @returns undefined where the API does not offer this listing; every doubt is an error, never an empty list
   */
  async listByDeploy(options: CallOptions = {}): Promise<Snapshot[] | undefined> {
    const base = withQuery("/cloud/getdeploy", { product: "cloud" });
    return this.list("snapshots.listByDeploy", base, readDeployListing, options);
  }

  /**
   * Lists the account's snapshots (GET /snapshot; documented to exist, its answer is not).
   *
   * @returns undefined where the API does not offer this listing; every doubt is an error, never an empty list
   */
  async listAccount(options: CallOptions = {}): Promise<Snapshot[] | undefined> {
    return this.list("snapshots.listAccount", "/snapshot", readAccountListing, options);
  }

  /**
   * Starts a snapshot (POST /cloud/{cloudid}/snapshot/create). The answer holds no id: look for it in a listing.
   * Never repeated once it may have been sent; on an error with effect "unknown" look before trying again.
   */
  async create(cloudId: Id<CloudId>, name: string, options: CallOptions = {}): Promise<Acknowledgement> {
    const operation = "snapshots.create";
    const id = parseId(cloudId, "cloudId", operation);
    if (typeof name !== "string" || name.trim() === "") {
      throw new ArgumentError(`${operation}: the snapshot needs a name that is not blank`, operation);
    }
    const request = {
      operation,
      method: "POST",
      path: path`/cloud/${id}/snapshot/create`,
      body: { name },
    } as const;
    return acknowledgementOf(await this.send(request, options));
  }

  /**
   * Puts the server back to a snapshot, which overwrites its disk (POST /cloud/{cloudid}/snapshot/{id}/restore).
   * Never repeated once it may have been sent.
   */
  async restore(
    cloudId: Id<CloudId>,
    snapshotId: Id<SnapshotId>,
    options: CallOptions = {},
  ): Promise<Acknowledgement> {
    const operation = "snapshots.restore";
    const server = parseId(cloudId, "cloudId", operation);
    const snapshot = parseId(snapshotId, "snapshotId", operation);
    const request = {
      operation,
      method: "POST",
      path: path`/cloud/${server}/snapshot/${snapshot}/restore`,
    } as const;
    return acknowledgementOf(await this.send(request, options));
  }

  /** Deletes a snapshot (DELETE /cloud/{cloudid}/snapshot/{id}/delete). Repeated where that helps: it is safe. */
  async delete(
    cloudId: Id<CloudId>,
    snapshotId: Id<SnapshotId>,
    options: CallOptions = {},
  ): Promise<Deletion> {
    const operation = "snapshots.delete";
    const server = parseId(cloudId, "cloudId", operation);
    const snapshot = parseId(snapshotId, "snapshotId", operation);
    const request = {
      operation,
      method: "DELETE",
      path: path`/cloud/${server}/snapshot/${snapshot}/delete`,
    } as const;
    try {
      const { acknowledged, message } = acknowledgementOf(await this.send(request, options));
      return deletion(acknowledged ? "deleted" : "unconfirmed", message);
    } catch (error) {
      if (error instanceof NotFoundError) return deletion("notFound", error.apiMessage);
      throw error;
    }
  }

  private async list(
    operation: string,
    base: string,
    read: (answer: Answer) => Page<Snapshot> | undefined,
    options: CallOptions,
  ): Promise<Snapshot[] | undefined> {
    let latest: Answer;
    const ask = (url: string) => this.send({ operation, method: "GET", path: url }, options);
    try {
      latest = await ask(base);
    } catch (error) {
      if (isNotOffered(error)) return undefined;
      throw error;
    }
    // A dead route may answer 200 with nothing.
    const first = latest.verdict === "empty" ? undefined : read(latest);
    if (first === undefined) return undefined;
    const further = async (query: string): Promise<Page<Snapshot>> => {
      latest = await ask(query === "" ? base : `${base}${base.includes("?") ? "&" : "?"}${query}`);
      const next = read(latest);
      // The listing is offered, so a page of it without a list is a fault and not an end.
      if (next === undefined) throw unexpectedShape(latest, "a page of it holds no list of snapshots");
      return next;
    };
    return readAllPages({
      first,
      read: (page) => further(page === 1 ? "" : `page=${page}`),
      whole: (total) => further(`page=1&perpage=${total}`),
      short: (shown, total) => new ShortListing(unexpectedShape(latest, shortOf(shown.length, total)), shown),
      // Ids may not be unique over servers.
      keyOf: (snapshot) => `${snapshot.cloudId ?? ""}/${snapshot.id}`,
      endless: (pages) => unexpectedShape(latest, `the listing does not end after ${pages} pages`),
    });
  }
}

function deletion(outcome: Deletion["outcome"], message: string | undefined): Deletion {
  return compact({ outcome, message });
}

/**
 * A route that does not exist answers 404 or 405 with any body, or 401 in words of its own; or the API takes "getdeploy" for a server's id and
 * refuses that. A wrong token, a fault inside, a web page with 200 or no answer at all say nothing about the route.
 */
function isNotOffered(error: unknown): boolean {
  if (error instanceof NotFoundError || error instanceof BadRequestError) return true;
  if (!(error instanceof UnexpectedResponseError)) return false;
  return error.reason === "noRoute" || error.status === 404 || error.status === 405;
}

function readDeployListing(answer: Answer): Page<Snapshot> | undefined {
  if (Array.isArray(answer.json)) return undefined;
  const { snapshots, meta } = decode(answer, deployListing);
  return toPage(answer, snapshots, meta);
}

function readAccountListing(answer: Answer): Page<Snapshot> | undefined {
  if (Array.isArray(answer.json)) return toPage(answer, decode(answer, snapshotList), undefined);
  const { snapshots, snapshot, data, meta } = decode(answer, accountListing);
  // Null says "none" and counts only where no other field holds the list.
  const present = [snapshots, snapshot, data].filter((list) => list !== undefined);
  return toPage(answer, present.find((list) => list !== null) ?? present[0], meta);
}

/** No list: not offered. A null in its place is an empty list where Utho says in words that all went well. */
function toPage(
  answer: Answer,
  items: Snapshot[] | null | undefined,
  meta: unknown,
): Page<Snapshot> | undefined {
  const list = items ?? (items === null && answer.verdict === "success" ? [] : undefined);
  return list === undefined ? undefined : { items: list, meta: readMeta(meta) };
}
