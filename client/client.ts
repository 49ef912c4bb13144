import { AccountInfo } from "./account";
import { Actions } from "./actions";
import { settle, type UthoClientOptions } from "./options";
import { assemble } from "./pipeline";
import { Plans } from "./plans";
import { Servers } from "./servers";
import { Snapshots } from "./snapshots";
import { Zones } from "./zones";

/**
 * Utho's API, typed.
 *
 * GET is repeated when the network fails, time runs out, or Utho answers 5xx, 429 or "busy": at most `maxRetries`
 * times, after the answer's Retry-After (a minute at most) or from half a second doubling to 20. DELETE is repeated
 * only where it certainly had no effect, POST only where nothing was sent (connection refused, name not resolved).
 *
 * ```ts
 * import { UthoClient } from "pulumi-utho/client";
 *
 * const client = new UthoClient({ token: process.env.UTHO_TOKEN ?? "" });
 * for (const server of await client.servers.list()) console.log(server.hostname);
 * ```
 */
export class UthoClient {
  /** Cloud servers: list, read, deploy, switch, destroy. */
  readonly servers: Servers;
  /** Snapshots of servers: list, create, restore, delete. */
  readonly snapshots: Snapshots;
  /** Sizes of servers. */
  readonly plans: Plans;
  /** The data centres. */
  readonly zones: Zones;
  /** The account's record of actions. */
  readonly actions: Actions;
  /** The account that the token belongs to. */
  readonly account: AccountInfo;

  /** @throws ArgumentError for an option that cannot be used */
  constructor(options: UthoClientOptions) {
    const send = assemble(settle(options));
    this.servers = new Servers(send);
    this.snapshots = new Snapshots(send);
    this.plans = new Plans(send);
    this.zones = new Zones(send);
    this.actions = new Actions(send);
    this.account = new AccountInfo(send);
  }
}
