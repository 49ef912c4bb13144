import type { Clock, Server, Snapshot, UthoClient } from "../../client";
import { AuthError, CancelledError, NetworkError, RateLimitedError, TimeoutError } from "../../client/errors";
import type { CloudId, SnapshotId } from "../../client/request";
import { ShortListing } from "../../client/snapshots";
import type { Progress } from "../engine/progress";
import { byServer, zoneOf } from "./facts";

/** The snapshots of the account, as one listing call showed them. */
export class AccountListing {
  private groups: ReturnType<typeof byServer<Snapshot>> | undefined;
  private shownZone: string | undefined;

  constructor(
    /** Which call it was; "none": the API offers no such call, and only each server's own answer is left. */
    readonly source: "deploy" | "snapshot" | "servers" | "none",
    readonly byId: ReadonlyMap<SnapshotId, Snapshot>,
    /** As much of `byId` as the call itself showed; the rest are from the servers. */
    readonly listed = byId,
  ) {}

  of(cloudId: CloudId): readonly Snapshot[] {
    this.groups ??= byServer(this.byId.values());
    return this.groups.get(cloudId) ?? [];
  }

  /** The zone of its times, as configured or as all of its snapshots show it. */
  zone(configured: string | undefined, now: number): string {
    this.shownZone ??= zoneOf(this.byId.values(), configured, now);
    return this.shownZone;
  }
}

interface Answer<T> {
  askedAt: number;
  /** How many writes had ended when it was asked for; clocks are too coarse to order the two. */
  writesBefore: number;
  value: Promise<T>;
}

/** By the server's id; of the account as a whole, by `ALL`. */
type Answers<T> = Map<CloudId, Answer<T>>;

const ALL = "all";

/** The servers to which a write makes an answer stale. */
type Concerned = CloudId | readonly CloudId[];

const NOTHING = new AccountListing("none", new Map());

/**
 * The account's snapshots and the servers' own answers, shared by all operations of this process. Each caller says
 * how old an answer it can live with (`notBefore`); callers that ask at the same time share one call. A write makes
 * stale only what was listed for the server that it changed: the operations on other servers go on sharing.
 */
export class SharedListing {
  private readonly accountAnswers: Answers<AccountListing> = new Map();
  private readonly fleetAnswers: Answers<Server[]> = new Map();
  private readonly serverAnswers: Answers<Server | undefined> = new Map();
  private readonly notOffered = new Set<AccountListing["source"]>();
  private readonly offered = new Set<AccountListing["source"]>();
  private writes = 0;
  private readonly lastWriteTo = new Map<CloudId, number>();
  /** Whether the account's listing was seen to lack what a server has had for long. */
  isShort = false;
  private polledAt = Number.NEGATIVE_INFINITY;
  private begunAt = Number.POSITIVE_INFINITY;
  private comingPoll: Promise<AccountListing> | undefined;

  constructor(
    private readonly client: UthoClient,
    private readonly clock: Clock,
  ) {}

  /**
   * Snapshots of the whole account, asked for at `notBefore` (milliseconds since the epoch) or later.
   * @param concerned the servers that the caller cares for; left out, a write to any server makes the answer stale
   */
  account(notBefore: number, concerned?: Concerned): Promise<AccountListing> {
    return this.shared(this.accountAnswers, ALL, { notBefore, concerned }, () => this.askAccount());
  }

  /**
   * The same for one who looks again and again: whoever waits at a time shares the next call, and these calls are
   * `intervalMs` apart. So their number depends on the time that passes, never on how many snapshots are waited for.
   */
  polled(cloudId: CloudId, since: number, intervalMs: number): Promise<AccountListing> {
    const known = this.accountAnswers.get(ALL);
    const recent = known !== undefined && known.askedAt > this.clock.now() - intervalMs;
    if (recent && this.isFresh(known, since, cloudId)) return known.value;
    this.comingPoll ??= this.nextTurn(intervalMs).then(() => {
      this.comingPoll = undefined;
      this.polledAt = this.clock.now();
      return this.account(this.polledAt);
    });
    return this.comingPoll;
  }

  /** One server with its own snapshots, asked for at `notBefore` or later; `undefined`: Utho does not know it. */
  server(cloudId: CloudId, notBefore: number): Promise<Server | undefined> {
    return this.shared(this.serverAnswers, cloudId, { notBefore, concerned: cloudId }, () =>
      this.client.servers.get(cloudId),
    );
  }

  /**
   * The same as the list of all servers has it, which all who look at that time share: a call for a hundred of them.
   * `undefined`: it is not in it, or there is no such list, and the server itself has to be asked.
   */
  async listedServer(cloudId: CloudId, notBefore: number): Promise<Server | undefined> {
    const all = await this.servers(notBefore, cloudId).catch(() => []);
    return all.find((one) => one.cloudId === cloudId);
  }

  /** All servers of the account, asked for at `notBefore` or later, and after the last write to these, or to any. */
  servers(notBefore: number, concerned?: Concerned): Promise<Server[]> {
    return this.shared(this.fleetAnswers, ALL, { notBefore, concerned }, () => this.client.servers.list());
  }

  /** All servers, where they were asked for at `notBefore` or later by another look; asks nothing. */
  async knownServers(notBefore: number): Promise<Server[]> {
    const known = this.fleetAnswers.get(ALL);
    return known !== undefined && this.isFresh(known, notBefore, undefined) ? known.value : [];
  }

  /** When the first began of those who work at a time: what was listed since may serve all of them. */
  firstBegun(startedAt: number): number {
    this.begunAt = Math.min(this.begunAt, startedAt);
    return this.begunAt;
  }

  /** Says once in a run that the account's listing lacks what a server shows. */
  sayShort(progress: Progress, id: string): void {
    if (this.isShort) return;
    this.isShort = true;
    progress.warn(
      `Utho's listing of the account lacks snapshot ${id}, which its server shows: the listing ends early. Each server's own answer decides for its snapshots, one call for each; the status of what the listing lacks is not known, and a rotation keeps it and what it would replace, so that its cost grows.`,
    );
  }

  /** Whether a listing with statuses has answered before, even if it does not at this moment. */
  get hasToldStatus(): boolean {
    return this.offered.has("deploy") || this.offered.has("snapshot");
  }

  /** Makes stale what was asked about this server before now, because something was written to it. */
  written(cloudId: CloudId): void {
    this.writes += 1;
    this.lastWriteTo.set(cloudId, this.writes);
    this.serverAnswers.delete(cloudId);
    // An API that leaves an empty list out looks as if it had no such listing; by now it may not be empty.
    this.notOffered.clear();
  }

  private shared<T>(
    answers: Answers<T>,
    key: CloudId,
    { notBefore, concerned }: { notBefore: number; concerned?: Concerned | undefined },
    ask: () => Promise<T>,
  ): Promise<T> {
    const known = answers.get(key);
    if (known !== undefined && this.isFresh(known, notBefore, concerned)) return known.value;
    const answer = { askedAt: this.clock.now(), writesBefore: this.writes, value: ask() };
    answers.set(key, answer);
    // A failed answer is not kept: the next caller asks again.
    answer.value.catch(() => {
      if (answers.get(key) === answer) answers.delete(key);
    });
    return answer.value;
  }

  private isFresh(answer: Answer<unknown>, notBefore: number, concerned: Concerned | undefined): boolean {
    if (answer.askedAt < notBefore) return false;
    if (concerned === undefined) return answer.writesBefore >= this.writes;
    const servers = typeof concerned === "string" ? [concerned] : concerned;
    return servers.every((one) => answer.writesBefore >= (this.lastWriteTo.get(one) ?? 0));
  }

  private async nextTurn(intervalMs: number): Promise<void> {
    const wait = this.polledAt + intervalMs - this.clock.now();
    if (wait > 0) await this.clock.sleep(wait);
  }

  private async askAccount(): Promise<AccountListing> {
    let firstError: unknown;
    let forbidden: unknown;
    let answered = false;
    let short: { source: AccountListing["source"]; shown: readonly Snapshot[] } | undefined;
    for (const [source, ask] of this.sources()) {
      if (this.notOffered.has(source)) continue;
      try {
        const snapshots = await ask();
        answered = true;
        if (snapshots !== undefined) {
          this.offered.add(source);
          const byId = new Map(snapshots.map((s) => [s.id, s]));
          // It is not whole, and its rows hold more than those of the servers.
          for (const one of short?.shown ?? []) byId.set(one.id, { ...byId.get(one.id), ...one });
          const listed = short && new Map(short.shown.map((one) => [one.id, one]));
          return new AccountListing(short?.source ?? source, byId, listed);
        }
        // One that has answered before is only in trouble now.
        if (!this.offered.has(source)) this.notOffered.add(source);
      } catch (error) {
        if (isForbidden(error)) {
          forbidden ??= error;
          continue;
        }
        if (!isOneCallsTrouble(error)) throw error;
        firstError ??= error;
        if (!(error instanceof ShortListing)) continue;
        this.offered.add(source);
        short ??= { source, shown: error.shown };
      }
    }
    if (firstError !== undefined) throw firstError;
    if (forbidden !== undefined && !answered) throw forbidden;
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

/** Servers without snapshots are no listing of snapshots. */
function snapshotsOf(servers: Server[]): Snapshot[] | undefined {
  const lists = servers.flatMap(({ cloudId, snapshots }) =>
    snapshots === undefined ? [] : [snapshots.map((snapshot) => ({ ...snapshot, cloudId }))],
  );
  return lists.length > 0 ? lists.flat() : undefined;
}

/** A token may lack the right to one call and have it for another. Utho refuses with HTTP 403, or in words with 200. */
export function isForbidden(error: unknown): boolean {
  return error instanceof AuthError && error.status !== 401;
}

/** Trouble that another listing call may not have; a refused token or a dead line would meet every call alike. */
function isOneCallsTrouble(error: unknown): boolean {
  return ![AuthError, CancelledError, NetworkError, RateLimitedError, TimeoutError].some(
    (kind) => error instanceof kind,
  );
}

/** How old an answer a read or a preview may use: all of one run share one listing, however many they are. */
export const REFRESH_WINDOW_MS = 60_000;

/** Who looks, as an operation does, and at which server. */
interface Looking {
  account: { listing: SharedListing; settings: { pollInterval: number } };
  clock: Clock;
  cloudId: CloudId;
}

/** How old a shared answer may be while polling: callers that poll at the same pace share one call. */
export function pollFreshness({ account, clock }: Looking, since: number): number {
  return Math.max(since, clock.now() - account.settings.pollInterval);
}

/** Snapshots by id. */
export type SnapshotsById = Map<SnapshotId, Snapshot>;

/**
 * The server's snapshots by both of Utho's listings. Each may lag or lack some; together they keep an old snapshot
 * from being taken for a new one. The account's may be one interval of polling old.
 */
export async function snapshotsPresent(
  looking: Looking,
  server: Pick<Server, "snapshots"> | undefined,
): Promise<SnapshotsById> {
  const { account, cloudId } = looking;
  const present: SnapshotsById = new Map();
  for (const snapshot of server?.snapshots ?? []) present.set(snapshot.id, snapshot);
  const listing = await account.listing.account(pollFreshness(looking, 0), cloudId);
  for (const snapshot of listing.of(cloudId)) {
    present.set(snapshot.id, merged(present.get(snapshot.id), snapshot));
  }
  return present;
}

/** `newer` over `older`, but a field that the newer answer left out does not hide the older one's. */
export function merged(older: Snapshot | undefined, newer: Snapshot): Snapshot {
  return { ...older, ...newer };
}
