import { decode, unexpectedShape } from "./decode";
import { NotFoundError } from "./errors";
import { type Id, parseId } from "./id";
import { type CallOptions, path } from "./request";
import type { Send } from "./retry";
import { type Action, actionList, singleAction } from "./schema/action";

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

  /** Reads one action (GET /actions/{id}). @returns undefined where Utho does not know it */
  async get(id: Id, options: CallOptions = {}): Promise<Action | undefined> {
    const operation = "actions.get";
    const wanted = parseId(id, "id", operation);
    try {
      const answer = await this.#send({ operation, method: "GET", path: path`/actions/${wanted}` }, options);
      const found = decode(answer, singleAction).action;
      const action = found.find((one) => one.id === wanted);
      if (action === undefined && found.length > 0)
        throw unexpectedShape(answer, "it is about other actions");
      return action;
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }
}
