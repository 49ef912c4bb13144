import { decode } from "./decode";
import type { CallOptions } from "./request";
import type { Send } from "./retry";
import { type Action, actionList } from "./schema/action";

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
