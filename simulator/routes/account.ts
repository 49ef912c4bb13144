import type { Answer } from "../answers/answer";
import { success } from "../answers/envelope";
import { writeId, writePrice } from "../answers/format";
import type { World } from "../rules/world";
import type { Route } from "./route";

/** What the account is called, whichever it is. */
const user = { type: "user", fullname: "Simulated Account", email: "account@simulator.invalid" };

export const accountRoutes: Route[] = [
  { operation: "account.info", method: "GET", path: "/account/info", respond: info },
];

function info(world: World): Answer {
  const { settings } = world;
  return success(world, "account read", {
    user: {
      ...user,
      id: writeId(world, settings.accountId, "server"),
      kyc: settings.accountKyc,
      verify: settings.accountVerify,
      availablecredit: writePrice(world, settings.availableCredit),
      currency: settings.currency,
      currencyprefix: settings.currencyPrefix,
      currencyrate: settings.currencyRate,
    },
  });
}
