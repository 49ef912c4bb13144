import * as v from "valibot";
import { compact } from "./compact";
import { decode, id, listOf, sizeGb, text } from "./decode";
import { type Id, parseId, type SnapshotId } from "./id";
import type { Send } from "./pipeline";
import { type CallOptions, path } from "./request";

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
