import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../../client";
import type { CloudId } from "../../client/request";
import { systemClock } from "../../client/time";
import { type ConfigSource, formerNamesIn, keysLookedAt, readSettings, type Settings } from "../config";
import { Journal } from "../engine/journal";
import type { Lifeline } from "../engine/lifeline";
import { EngineMemory } from "../engine/memory";
import { engineProgress, type Progress, type ProgressFactory } from "../engine/progress";
import type { Account } from "./account";
import { runsFolder } from "./notes";

export type { Account };

/** One create, update or delete while it runs: whom it talks to, where it reports, and when it must end. */
export interface Operation {
  account: Account;
  clock: Clock;
  progress: Progress;
  cloudId: CloudId;
  resourceUrn?: string | undefined;
  /** Ends the process if its engine is gone: what it writes would not be recorded. */
  beforeWrite: () => Promise<void>;
  startedAt: number;
  deadline: number;
  timeout: string;
  /** Whether the engine wants the run to end. */
  stop: Stop;
  /** How this turn keeps its server off; parts of an operation share it. */
  off: Off;
}

/** The engine's wish that a run ends soon: waits that may end early heed it, and nothing new is begun. */
class Stop {
  isAsked = false;
  private ask = (): void => {};
  readonly asked = new Promise<void>((resolve) => {
    this.ask = resolve;
  });

  request(): void {
    this.isAsked = true;
    this.ask();
  }
}

/** A server that is off because of us; empty: it is not. All times in milliseconds since the epoch. */
export interface Off {
  /** The server is to be off for the snapshot, by us or by its owner, and by us for so long at most. */
  wanted?: string;
  since?: number | undefined;
  /** When it runs again at the latest, where no snapshot has begun by then. */
  until?: number | undefined;
  /** When it was first seen off; Utho may take it for running a little longer. */
  shownAt?: number | undefined;
}

interface RuntimeOptions {
  env?: NodeJS.ProcessEnv;
  clock?: Clock;
  progress?: ProgressFactory;
  lifeline?: Lifeline;
  /** Address of the engine whose plugin this is; its processes share their memory. */
  engine?: string | undefined;
}

/** One configured provider. What one call learns (a replacement, an id taken over, a listing) is there for the next. */
export class ProviderRuntime {
  readonly clock: Clock;
  readonly progress: ProgressFactory;
  readonly lifeline: Lifeline;
  readonly env: NodeJS.ProcessEnv;
  readonly memory: EngineMemory;
  readonly stop = new Stop();
  /** Accounts that the states of this process' resources were written with. */
  readonly accountIds = new Set<string>();
  private config: ConfigSource = () => undefined;
  private given: ReadonlyMap<string, string | undefined> | undefined;
  private known: Promise<Account> | undefined;
  private checked: Settings | undefined;

  constructor(options: RuntimeOptions = {}) {
    this.env = options.env ?? process.env;
    this.clock = options.clock ?? systemClock;
    this.progress = options.progress ?? engineProgress(options.engine);
    this.lifeline = options.lifeline ?? (async () => {});
    this.memory = new EngineMemory(Journal.of(runsFolder(this.env), options.engine));
  }

  /**
   * Takes the configuration of the stack, or of an explicit provider; synchronous, since the engine's first call may
   * overtake an awaited one. Each kind of resource brings it again: while it stays the same, the account stays, with
   * its listing and the turns of its servers.
   */
  configure(source: ConfigSource): void {
    const given = new Map(keysLookedAt.map((key) => [key, source(key)]));
    if (isDeepStrictEqual(given, this.given)) return;
    this.given = given;
    this.config = (key) => given.get(key);
    this.checked = undefined;
    this.known = undefined;
  }

  /** The checked configuration. Throws what is wrong with it. */
  settings(): Settings {
    if (this.checked !== undefined) return this.checked;
    this.checked = readSettings(this.config, this.env);
    // Of no resource in particular, and so said once for the whole stack.
    for (const advice of formerNamesIn(this.config)) this.progress(undefined).warn(advice);
    return this.checked;
  }

  /** Says one thing on a resource's row, and waits until the engine has it. */
  async say(urn: string | undefined, kind: "info" | "warn", text: string): Promise<void> {
    const progress = this.progress(urn);
    progress[kind](text);
    await progress.flush();
  }

  /** Ends waits that may end early, such as that for a snapshot which goes into state as it is. */
  cancel(): void {
    this.stop.request();
  }

  /** The account, connected on first use: an operation without requests must not load an HTTP client. */
  account(): Promise<Account> {
    const settings = this.settings();
    this.known ??= import("./account.js").then(({ connectAccount }) =>
      connectAccount(settings, this.clock, this.env, this.accountIds),
    );
    return this.known;
  }
}
