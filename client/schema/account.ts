import * as v from "valibot";
import { compact } from "../compact";
import { number, optionalId, text, word } from "./fields";

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
