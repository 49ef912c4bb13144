import { Mutex } from "async-mutex";
import { type Clock, UthoClient } from "../../client";
import type { CloudId } from "../../client/request";
import type { Settings } from "../config";
import { isNotOffered, ProviderFailure } from "../failure";
import { isForbidden, SharedListing } from "./listing";
import { PowerLedger } from "./notes";

/** What is shared by all resources of one plugin process, once it is configured. */
export interface Account {
  settings: Settings;
  client: UthoClient;
  listing: SharedListing;
  locks: ServerLocks;
  powerLedger: PowerLedger;
  identity: Identity;
}

export function connectAccount(
  settings: Settings,
  clock: Clock,
  env: NodeJS.ProcessEnv,
  expected: ReadonlySet<string>,
): Account {
  const client = new UthoClient({ ...settings, clock });
  return {
    settings,
    client,
    listing: new SharedListing(client, clock),
    locks: new ServerLocks(),
    powerLedger: new PowerLedger(env, settings.endpoint),
    identity: new Identity(client, expected),
  };
}

/**
 * Whose account the token belongs to, and whether it is the one that state was written with. With another one's token
 * everything that state knows looks gone, and would be dropped from it and made a second time.
 */
export class Identity {
  private asked: Promise<string | undefined> | undefined;

  constructor(
    private readonly client: UthoClient,
    /** Accounts that the states of this provider's resources name, as far as this run has met them. */
    private readonly expected: ReadonlySet<string>,
  ) {}

  /** Utho's number of the account; `undefined` if Utho does not show it. Asked for once in a run. */
  current(): Promise<string | undefined> {
    this.asked ??= this.ask();
    this.asked.catch(() => {
      this.asked = undefined;
    });
    return this.asked;
  }

  /**
   * Called before something of state is believed gone. Throws if any resource of this provider is of another account
   * than the token, since it may be this one; and, if the account is unknown, if nothing that the state knows is found.
   *
   * @param what that seems to be gone
   * @param isKnown whether something else that state knows is there, such as the snapshot's server
   */
  async confirm(what: string, isKnown: () => Promise<boolean>): Promise<void> {
    const current = this.expected.size === 0 ? undefined : await this.current();
    if (current === undefined) {
      if (!(await isKnown()))
        throw new ProviderFailure({
          code: "UTHO_OTHER_ACCOUNT",
          attempted: `see whether ${what} still exists`,
          because:
            "this token's account has neither it nor its server, and Utho does not show whose account it is.",
          kept: "the state is unchanged; nothing counts as gone.",
          next: "check that the token belongs to the account that the stack was made with. If it does, and everything is really gone, run `pulumi state delete <urn>`.",
        });
      return;
    }
    const others = [...this.expected].filter((one) => one !== current);
    if (others.length > 0)
      throw new ProviderFailure({
        code: "UTHO_OTHER_ACCOUNT",
        attempted: `see whether ${what} still exists`,
        because: `state was written with account ${others.join(", ")}, and this token belongs to account ${current}.`,
        kept: "the state is unchanged; nothing counts as gone.",
        next: "give the token of the account that the stack belongs to (utho:token or UTHO_TOKEN), and run again; a resource that was given another Provider gets its own back.",
      });
  }

  private async ask(): Promise<string | undefined> {
    try {
      return (await this.client.account.info()).id;
    } catch (error) {
      if (isForbidden(error) || isNotOffered(error)) return undefined;
      throw error;
    }
  }
}

/** Utho runs one operation on a server at a time, and a new snapshot is found only if no other of ours is made meanwhile. */
class ServerLocks {
  private readonly queues = new Map<CloudId, { mutex: Mutex; waiting: number }>();

  /** Runs `work` when the server is free of our own work; `onWait` hears how many are before it. */
  async inTurn<T>(cloudId: CloudId, work: () => Promise<T>, onWait: (before: number) => void): Promise<T> {
    const queue = this.queues.get(cloudId) ?? { mutex: new Mutex(), waiting: 0 };
    this.queues.set(cloudId, queue);
    if (queue.waiting > 0) onWait(queue.waiting);
    queue.waiting += 1;
    try {
      return await queue.mutex.runExclusive(work);
    } finally {
      queue.waiting -= 1;
    }
  }
}
