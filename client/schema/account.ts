import * as v from "valibot";
import type { Account } from "../account";
import { compact, number, optionalId, text, word } from "./fields";

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
