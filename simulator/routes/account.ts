import { success } from "../answers/envelope";
import { writeId } from "../answers/format";
import type { Route } from "./route";

/** The one account that there is. */
const user = { id: "700", type: "user", fullname: "Simulated Account", email: "account@simulator.invalid" };

export const accountRoutes: Route[] = [
  {
    operation: "account.info",
    method: "GET",
    path: "/account/info",
    respond: (world) =>
      success(world, "account read", { user: { ...user, id: writeId(world, user.id, "server") } }),
  },
];
