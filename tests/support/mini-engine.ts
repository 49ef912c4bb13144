import { SNAPSHOT_FORWARDER, SNAPSHOT_TYPE } from "../../sdk/forwarder";
import { PartialError, type Plugin, type Props } from "./plugin";

/** One Snapshot of a program. */
export interface Declared {
  cloudId: string;
  triggers: readonly string[];
  retainOnDelete: boolean;
  /** Further inputs, such as `name` or `adoptId`. */
  more?: Readonly<Props> | undefined;
  /** Logical names that it had before. */
  aliases?: readonly string[];
}

/** One resource in state. */
export interface Recorded {
  urn: string;
  id: string;
  inputs: Props;
  outputs: Props;
  retainOnDelete: boolean;
  /** The last create or update ended with an error that named the id. */
  broken: boolean;
}

/** How one operation ended. */
export interface Ended {
  errors: string[];
  killed: boolean;
}

/** What a life runs on: the mini engine, or the whole real one. */
export interface LifeEngine {
  /** Live resources by URN. */
  readonly state: ReadonlyMap<string, Recorded>;
  /** Replaced resources whose deletion is still owed. */
  readonly owed: readonly Recorded[];
  /** Warnings that the provider gave. */
  readonly said: readonly string[];
  urnOf(name: string): string;
  up(program: ReadonlyMap<string, Declared>): Promise<Ended>;
  refresh(): Promise<Ended>;
  kill(): void;
  close(): void;
}

/** One operation's provider, as the engine drives it. */
export type Driver = Pick<Plugin, "check" | "diff" | "create" | "read" | "update" | "delete" | "close">;

/** Where providers run: the real plugin process, or this one. */
export interface Host {
  /** What the provider said to the engine beside its errors. */
  readonly said: readonly string[];
  begin(config: Record<string, string>): Promise<Driver>;
  kill(): void;
}

/**
 * Drives the provider, as a rule in the real plugin process, in the order of calls of the real engine, and keeps state as it does, so that
 * hundreds of whole lives are affordable. That the order is the engine's is what tests/engine shows.
 */
export class MiniEngine implements LifeEngine {
  /** Live resources by URN. */
  readonly state = new Map<string, Recorded>();
  /** Replaced resources whose deletion is still owed. */
  readonly owed: Recorded[] = [];
  private plugin: Driver | undefined;
  private killed = false;

  constructor(
    private readonly host: Host,
    private readonly config: Record<string, string>,
    private readonly stack = "dev",
  ) {}

  get said(): readonly string[] {
    return this.host.said;
  }

  close(): void {
    // The plugin process is the host's, and serves the next life too.
  }

  urnOf(name: string): string {
    return `urn:pulumi:${this.stack}::model::${SNAPSHOT_TYPE}::${name}`;
  }

  /** SIGKILL of the plugin, and the end of the operation: nothing more is recorded. */
  kill(): void {
    this.killed = true;
    this.host.kill();
  }

  up(program: ReadonlyMap<string, Declared>): Promise<Ended> {
    return this.operation(async (errors) => {
      await Promise.all(
        [...program].map(([name, declared]) => this.attempt(errors, () => this.step(name, declared))),
      );
      if (errors.length > 0 || this.killed) return;
      await this.settle(errors, program);
    });
  }

  refresh(): Promise<Ended> {
    return this.operation(async (errors) => {
      await Promise.all(
        [...this.state.values()].map((resource) => this.attempt(errors, () => this.reread(resource))),
      );
    });
  }

  /** What a program's `Snapshot.get` has read: the engine asks for it in every run, and owns nothing. */
  async get(name: string, id: string): Promise<Ended & { outputs: Props }> {
    let outputs: Props = {};
    const ended = await this.operation((errors) =>
      this.attempt(errors, async () => {
        const urn = this.urnOf(name);
        outputs = (await this.live().read(urn, id, { resourceUrn: urn })).outs;
      }),
    );
    return { ...ended, outputs };
  }

  private async operation(work: (errors: string[]) => Promise<void>): Promise<Ended> {
    const errors: string[] = [];
    this.killed = false;
    this.plugin = await this.host.begin(this.config);
    try {
      await work(errors);
    } finally {
      this.plugin.close();
    }
    return { errors, killed: this.killed };
  }

  private async attempt(errors: string[], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.killed) errors.push(error instanceof Error ? error.message : String(error));
    }
  }

  private async step(name: string, declared: Declared): Promise<void> {
    const urn = this.urnOf(name);
    const news: Props = {
      cloudId: declared.cloudId,
      triggers: [...declared.triggers],
      ...declared.more,
      resourceUrn: urn,
      __provider: SNAPSHOT_FORWARDER,
    };
    const old = this.known(urn, declared);
    if (old === undefined) return this.create(urn, await this.live().check(urn, {}, news), declared);
    const inputs = await this.live().check(urn, old.inputs, news);
    const difference = await this.live().diff(urn, old.id, old.outputs, inputs);
    if (difference.replaces.length > 0) {
      const fresh = await this.live().check(urn, {}, news);
      return this.create(urn, fresh, declared, old);
    }
    old.retainOnDelete = declared.retainOnDelete;
    if (difference.changes || old.broken) return this.update(old, inputs);
    old.inputs = inputs;
  }

  /** The resource's entry in state, found under its present name or an earlier one. */
  private known(urn: string, { aliases = [] }: Declared): Recorded | undefined {
    const names = [urn, ...aliases.map((name) => this.urnOf(name))];
    const [old] = names.flatMap((name) => this.state.get(name) ?? []);
    if (old === undefined || old.urn === urn) return old;
    this.state.delete(old.urn);
    const renamed = { ...old, urn };
    this.state.set(urn, renamed);
    return renamed;
  }

  private async create(urn: string, inputs: Props, declared: Declared, replaced?: Recorded): Promise<void> {
    const { retainOnDelete } = declared;
    const record = (id: string, outputs: Props, broken: boolean): void => {
      if (this.killed) return;
      if (replaced !== undefined) this.owed.push(replaced);
      this.state.set(urn, { urn, id, inputs, outputs, retainOnDelete, broken });
    };
    try {
      const { id, outs } = await this.live().create(urn, inputs);
      record(id, outs, false);
    } catch (error) {
      if (error instanceof PartialError) record(error.id, error.properties, true);
      throw error;
    }
  }

  private async update(old: Recorded, inputs: Props): Promise<void> {
    try {
      const outs = await this.live().update(old.urn, old.id, old.outputs, inputs);
      if (!this.killed) Object.assign(old, { inputs, outputs: outs, broken: false });
    } catch (error) {
      const partial = error instanceof PartialError && !this.killed;
      if (partial) Object.assign(old, { inputs, outputs: error.properties, broken: true });
      throw error;
    }
  }

  private async reread(resource: Recorded): Promise<void> {
    const { id, outs } = await this.live().read(resource.urn, resource.id, resource.outputs);
    if (this.killed) return;
    if (id === "") this.state.delete(resource.urn);
    else resource.outputs = outs;
  }

  /** Deletes what is owed and what the program no longer declares. */
  private async settle(errors: string[], program: ReadonlyMap<string, Declared>): Promise<void> {
    const declared = new Set([...program.keys()].map((name) => this.urnOf(name)));
    await Promise.all(
      [...this.owed].map((old) =>
        this.attempt(errors, async () => {
          if (!old.retainOnDelete) await this.live().delete(old.urn, old.id, old.outputs);
          if (!this.killed) this.owed.splice(this.owed.indexOf(old), 1);
        }),
      ),
    );
    const removed = [...this.state.values()].filter(({ urn }) => !declared.has(urn));
    await Promise.all(
      removed.map((old) =>
        this.attempt(errors, async () => {
          if (!old.retainOnDelete) await this.live().delete(old.urn, old.id, old.outputs);
          if (!this.killed) this.state.delete(old.urn);
        }),
      ),
    );
  }

  private live(): Driver {
    if (this.plugin === undefined) throw new Error("No operation is running.");
    return this.plugin;
  }
}
