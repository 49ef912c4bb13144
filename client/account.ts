import * as v from "valibot";
import { compact } from "./compact";
import { decode, id, listOf, number, optionalId, sizeGb, statusBy, text, wallTime, word } from "./decode";
import type { Send } from "./pipeline";
import { type CallOptions, type Id, parseId, path, type SnapshotId } from "./request";
import { type ActionStatus, actionStatus } from "./status";
import type { WallTime } from "./time";

/** Whose token it is. */
export interface Account {
  /** Utho's number of the account. */
  id?: string;
  /** Full name of its owner. */
  name?: string;
  /** The owner's company. */
  company?: string;
  /** Address by which the owner logs in. */
  email?: string;
  /** Currency of its prices and credit, such as "INR". */
  currency?: string;
  /** In `currency`. */
  availableCredit?: number;
  /** Utho's word of whether its owner's identity is verified (KYC). */
  kyc?: string;
  /** Utho's word of whether the account is verified. */
  verify?: string;
  /** How many servers the account may have. */
  serverLimit?: number;
}

/** GET /account/info, as utho-go v0.2.5 names the fields; the many others are of no use here. */
export const account = v.pipe(
  v.object({
    user: v.object({
      id: optionalId,
      fullname: text,
      company: text,
      email: text,
      currency: text,
      availablecredit: number,
      kyc: word,
      verify: word,
      cloudlimit: number,
    }),
  }),
  v.transform(
    ({ user }): Account =>
      compact({
        id: user.id,
        name: user.fullname,
        company: user.company,
        email: user.email,
        currency: user.currency,
        availableCredit: user.availablecredit,
        kyc: user.kyc,
        verify: user.verify,
        serverLimit: user.cloudlimit,
      }),
  ),
);

/** Something that was asked of the cloud, and how far it is. */
export interface Action {
  /** Utho's number of the action. */
  id: string;
  /** What is done. */
  action?: string;
  /** What it is done to, for example "cloud". */
  resourceType?: string;
  /** Number of the thing that it is done to, for example a server's `cloudId`. */
  resourceId?: string;
  /** When it began. */
  startedAt?: WallTime;
  /** When it ended; absent until then. */
  completedAt?: WallTime;
  /** How far it is, in percent, as text. */
  process?: string;
  /** Pending, Support and Success are known. */
  status?: ActionStatus;
  /** Utho's words about it. */
  message?: string;
}

/** An entry of GET /actions, as utho-go v0.2.5 names the fields. */
const wire = v.object({
  id,
  action: text,
  resource_type: text,
  resource_id: optionalId,
  started_at: wallTime,
  completed_at: wallTime,
  process: text,
  status: statusBy(actionStatus),
  message: text,
});

const action = v.pipe(
  wire,
  v.transform(
    (from): Action =>
      compact({
        id: from.id,
        action: from.action,
        resourceType: from.resource_type,
        resourceId: from.resource_id,
        startedAt: from.started_at,
        completedAt: from.completed_at,
        process: from.process,
        status: from.status,
        message: from.message,
      }),
  ),
);

const actionList = v.object({ actions: listOf(action) });

/** The account that the token belongs to. */
export class AccountInfo {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  /** Reads the account (GET /account/info): the cheapest way to try a token. Throws AuthError for a wrong one. */
  async info(options: CallOptions = {}): Promise<Account> {
    const answer = await this.#send(
      { operation: "account.info", method: "GET", path: "/account/info" },
      options,
    );
    return decode(answer, account);
  }
}

/** The account's record of actions. */
export class Actions {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  /** Lists actions as Utho gives them (GET /actions; utho-go v0.2.5 knows of no pages there). */
  async list(options: CallOptions = {}): Promise<Action[]> {
    const answer = await this.#send({ operation: "actions.list", method: "GET", path: "/actions" }, options);
    return decode(answer, actionList).actions;
  }
}

/** A size of server that Utho sells. */
export interface Plan {
  /** Utho's number of the plan, as deploy takes it. */
  id: string;
  /** Its disk in GB; 0: it has none of its own and needs block storage beside it. */
  diskGb?: number;
}

const plan = v.pipe(
  v.object({ id, disk: sizeGb }),
  v.transform((from): Plan => compact({ id: from.id, diskGb: from.disk })),
);

/** GET /plans and GET /cloud/plans/snapshot/{id}, of whose fields these two are of use. */
const planList = v.object({ plans: listOf(plan) });

/** A data centre. */
export interface Zone {
  /** Short name, for example "innoida". */
  slug?: string;
  /** Make of processor that a server there gets, in Utho's words. */
  defaultCpu?: string;
}

const zone = v.pipe(
  v.object({ slug: text, default_cpu: text }),
  v.transform((from): Zone => compact({ slug: from.slug, defaultCpu: from.default_cpu })),
);

/** GET /dczones, of whose many fields these two are of use. */
const zoneList = v.object({ dczones: listOf(zone) });

/** Utho's sizes of servers. */
export class Plans {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  /** Lists all plans (GET /plans). */
  async list(options: CallOptions = {}): Promise<Plan[]> {
    const answer = await this.#send({ operation: "plans.list", method: "GET", path: "/plans" }, options);
    return decode(answer, planList).plans;
  }

  /** Lists the plans that a server can be deployed with from a snapshot (GET /cloud/plans/snapshot/{id}). */
  async listForSnapshot(snapshotId: Id<SnapshotId>, options: CallOptions = {}): Promise<Plan[]> {
    const operation = "plans.listForSnapshot";
    const wanted = parseId(snapshotId, "snapshotId", operation);
    const answer = await this.#send(
      { operation, method: "GET", path: path`/cloud/plans/snapshot/${wanted}` },
      options,
    );
    return decode(answer, planList).plans;
  }
}

/** Utho's data centres. */
export class Zones {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  /** Lists the data centres (GET /dczones). */
  async list(options: CallOptions = {}): Promise<Zone[]> {
    const answer = await this.#send({ operation: "zones.list", method: "GET", path: "/dczones" }, options);
    return decode(answer, zoneList).dczones;
  }
}
