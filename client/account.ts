import * as v from "valibot";
import { compact } from "./compact";
import { decode, id, listOf, parseSize, readNumber, readOptionalId, readText, statusIn } from "./decode";
import type { Send } from "./pipeline";
import { type CallOptions, type Id, parseId, path, type SnapshotId } from "./request";
import { type ActionStatus, actionStatus } from "./status";
import { parseWallTime, type WallTime } from "./time";

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
  v.object({ user: v.looseObject({}) }),
  v.transform(
    ({ user }): Account =>
      compact({
        id: readOptionalId(user.id),
        name: readText(user.fullname),
        company: readText(user.company),
        email: readText(user.email),
        currency: readText(user.currency),
        availableCredit: readNumber(user.availablecredit),
        kyc: readWord(user.kyc),
        verify: readWord(user.verify),
        serverLimit: readNumber(user.cloudlimit),
      }),
  ),
);

/** Text, a number, or true and false as words. */
function readWord(value: unknown): string | undefined {
  return typeof value === "boolean" ? String(value) : readText(value);
}

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
const action = v.pipe(
  v.looseObject({ id }),
  v.transform(
    (from): Action =>
      compact({
        id: from.id,
        action: readText(from.action),
        resourceType: readText(from.resource_type),
        resourceId: readOptionalId(from.resource_id),
        startedAt: parseWallTime(from.started_at),
        completedAt: parseWallTime(from.completed_at),
        process: readText(from.process),
        status: statusIn(actionStatus, from.status),
        message: readText(from.message),
      }),
  ),
);

const actionList = v.object({ actions: listOf(action) });

/** The account that the token belongs to. */
export class AccountInfo {
  constructor(private readonly send: Send) {}

  /** Reads the account (GET /account/info): the cheapest way to try a token. Throws AuthError for a wrong one. */
  async info(options: CallOptions = {}): Promise<Account> {
    const answer = await this.send(
      { operation: "account.info", method: "GET", path: "/account/info" },
      options,
    );
    return decode(answer, account);
  }
}

/** The account's record of actions. */
export class Actions {
  constructor(private readonly send: Send) {}

  /** Lists actions as Utho gives them (GET /actions; utho-go v0.2.5 knows of no pages there). */
  async list(options: CallOptions = {}): Promise<Action[]> {
    const answer = await this.send({ operation: "actions.list", method: "GET", path: "/actions" }, options);
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
  v.looseObject({ id }),
  v.transform((from): Plan => compact({ id: from.id, diskGb: parseSize(from.disk, "GB") })),
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
  v.looseObject({}),
  v.transform((from): Zone => compact({ slug: readText(from.slug), defaultCpu: readText(from.default_cpu) })),
);

/** GET /dczones, of whose many fields these two are of use. */
const zoneList = v.object({ dczones: listOf(zone) });

/** Utho's sizes of servers. */
export class Plans {
  constructor(private readonly send: Send) {}

  /** Lists all plans (GET /plans). */
  async list(options: CallOptions = {}): Promise<Plan[]> {
    const answer = await this.send({ operation: "plans.list", method: "GET", path: "/plans" }, options);
    return decode(answer, planList).plans;
  }

  /** Lists the plans that a server can be deployed with from a snapshot (GET /cloud/plans/snapshot/{id}). */
  async listForSnapshot(snapshotId: Id<SnapshotId>, options: CallOptions = {}): Promise<Plan[]> {
    const operation = "plans.listForSnapshot";
    const wanted = parseId(snapshotId, "snapshotId", operation);
    const answer = await this.send(
      { operation, method: "GET", path: path`/cloud/plans/snapshot/${wanted}` },
      options,
    );
    return decode(answer, planList).plans;
  }
}

/** Utho's data centres. */
export class Zones {
  constructor(private readonly send: Send) {}

  /** Lists the data centres (GET /dczones). */
  async list(options: CallOptions = {}): Promise<Zone[]> {
    const answer = await this.send({ operation: "zones.list", method: "GET", path: "/dczones" }, options);
    return decode(answer, zoneList).dczones;
  }
}
