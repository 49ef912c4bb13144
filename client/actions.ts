import { decode, unexpectedShape } from "./decode";
import { NotFoundError } from "./errors";
import { type Id, parseId } from "./id";
import { readAllPages } from "./paging";
import { type CallOptions, path, withQuery } from "./request";
import type { Send } from "./retry";
import { actionPage, singleAction } from "./schema/action";
import { pageMeta } from "./schema/meta";
import type { WallTime } from "./walltime";

/** Something that was asked of the cloud, and how far it is. */
export interface Action {
  id: string;
  /** What is done. */
  action?: string;
  /** What it is done to, for example "cloud". */
  resourceType?: string;
  resourceId?: string;
  startedAt?: WallTime;
  completedAt?: WallTime;
  /** How far it is, in percent, as text. */
  process?: string;
  /** Pending, Support and Success are known. */
  status?: string;
  message?: string;
}

/** The account's record of actions. */
export class Actions {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  /** Lists actions (GET /actions). */
  async list(options: CallOptions = {}): Promise<Action[]> {
    const operation = "actions.list";
    const ask = async (url: string) => {
      const answer = await this.#send({ operation, method: "GET", path: url }, options.signal);
      const { actions, meta } = decode(answer, actionPage);
      return { answer, items: actions, meta: pageMeta(meta) };
    };
    const first = await ask("/actions");
    return readAllPages<Action>({
      first,
      read: (page) => ask(page === 1 ? "/actions" : withQuery("/actions", { page })),
      keyOf: (action) => action.id,
      endless: (pages) => unexpectedShape(first.answer, `the listing does not end after ${pages} pages`),
    });
  }

  /** Reads one action (GET /actions/{id}). @returns undefined where Utho does not know it */
  async get(id: Id, options: CallOptions = {}): Promise<Action | undefined> {
    const operation = "actions.get";
    const wanted = parseId(id, "id", operation);
    try {
      const answer = await this.#send(
        { operation, method: "GET", path: path`/actions/${wanted}` },
        options.signal,
      );
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
