import { decode } from "./decode";
import type { CallOptions } from "./request";
import type { Send } from "./retry";
import { type Account, account } from "./schema/account";

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
