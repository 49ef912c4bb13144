import { decode } from "./decode";
import { type Id, parseId, type SnapshotId } from "./id";
import { type CallOptions, path } from "./request";
import type { Send } from "./retry";
import { type Plan, planList } from "./schema/plan";

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
