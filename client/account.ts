import { decode } from "./decode";
import type { CallOptions } from "./request";
import type { Send } from "./retry";
import { account } from "./schema/account";

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
