import type { Clock, Server, Snapshot, UthoClient } from "../client";
import { AuthError, CancelledError, NetworkError, RateLimitedError, TimeoutError } from "../client/errors";

/** The snapshots of the account, as one listing call told them. */
export interface AccountListing {
  /** Which call told it; "none": the API offers no such call, and only each server's own answer is left. */
  source: "deploy" | "snapshot" | "servers" | "none";
  byId: ReadonlyMap<string, Snapshot>;
}

interface Answer<T> {
  askedAt: number;
  value: Promise<T>;
}

const NOTHING: AccountListing = { source: "none", byId: new Map() };

/**
 * The account's snapshots and the servers' own answers, shared by all operations of this process. Each caller says
 * how old an answer it can live with (`notBefore`); callers that ask at the same time share one call.
 */
export class SharedListing {
  private accountAnswer: Answer<AccountListing> | undefined;
  private readonly serverAnswers = new Map<string, Answer<Server | undefined>>();
  private readonly notOffered = new Set<AccountListing["source"]>();
  private writtenAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly client: UthoClient,
    private readonly clock: Clock,
  ) {}

  /** Snapshots of the whole account, asked for at `notBefore` (milliseconds since the epoch) or later. */
  account(notBefore: number): Promise<AccountListing> {
    const known = this.accountAnswer;
    if (known !== undefined && this.isFresh(known, notBefore)) return known.value;
    const answer = { askedAt: this.clock.now(), value: this.askAccount() };
    this.accountAnswer = answer;
    // A failed answer is not kept: the next caller asks again.
    answer.value.catch(() => {
      if (this.accountAnswer === answer) this.accountAnswer = undefined;
    });
    return answer.value;
  }

  /** One server with its own snapshots, asked for at `notBefore` or later; `undefined`: Utho does not know it. */
  server(cloudId: string, notBefore: number): Promise<Server | undefined> {
    const known = this.serverAnswers.get(cloudId);
    if (known !== undefined && this.isFresh(known, notBefore)) return known.value;
    const answer = { askedAt: this.clock.now(), value: this.client.servers.get(cloudId) };
    this.serverAnswers.set(cloudId, answer);
    answer.value.catch(() => {
      if (this.serverAnswers.get(cloudId) === answer) this.serverAnswers.delete(cloudId);
    });
    return answer.value;
  }

  /** Makes every answer that was asked for before now stale, because something was written. */
  written(): void {
    this.writtenAt = this.clock.now();
    this.accountAnswer = undefined;
    this.serverAnswers.clear();
  }

  private isFresh(answer: Answer<unknown>, notBefore: number): boolean {
    return answer.askedAt >= notBefore && answer.askedAt >= this.writtenAt;
  }

  private async askAccount(): Promise<AccountListing> {
    let firstError: unknown;
    for (const [source, ask] of this.sources()) {
      if (this.notOffered.has(source)) continue;
      try {
        const snapshots = await ask();
        if (snapshots !== undefined) return { source, byId: new Map(snapshots.map((s) => [s.id, s])) };
        this.notOffered.add(source);
      } catch (error) {
        if (!isOneCallsTrouble(error)) throw error;
        firstError ??= error;
      }
    }
    if (firstError !== undefined) throw firstError;
    return NOTHING;
  }

  private sources(): [AccountListing["source"], () => Promise<Snapshot[] | undefined>][] {
    return [
      ["deploy", () => this.client.snapshots.listByDeploy()],
      ["snapshot", () => this.client.snapshots.listAccount()],
      ["servers", async () => snapshotsOf(await this.client.servers.list())],
    ];
  }
}

/** Servers that tell no snapshots are no listing of snapshots. */
function snapshotsOf(servers: Server[]): Snapshot[] | undefined {
  const lists = servers.flatMap(({ cloudId, snapshots }) =>
    snapshots === undefined ? [] : [snapshots.map((snapshot) => ({ ...snapshot, cloudId }))],
  );
  return lists.length > 0 ? lists.flat() : undefined;
}

/** Trouble that another listing call may not have; a refused token or a dead line would meet every call alike. */
function isOneCallsTrouble(error: unknown): boolean {
  return ![AuthError, CancelledError, NetworkError, RateLimitedError, TimeoutError].some(
    (kind) => error instanceof kind,
  );
}
