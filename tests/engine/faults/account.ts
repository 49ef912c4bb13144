import { UNKNOWN_STATUS } from "../../../provider/utho/status";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../simulator";
import type { Patience } from "../../support/faults/trial";
import { type Declared, type Ended, type Host, MiniEngine } from "../../support/mini-engine";
import type { Props } from "../../support/plugin";

/** What an account is made of. */
export interface AccountOptions {
  settings?: SimulatorOptions["settings"];
  /** More configuration, for example `utho:requestTimeout`. */
  config?: Record<string, string>;
  stack?: string;
  /** Inputs of the one declared Snapshot beside its server. */
  inputs?: Props;
}

/** Configuration that makes the provider quick; a lost answer's snapshot is looked for during 250 ms. */
export const QUICK: Readonly<Record<string, string>> = {
  "utho:pollInterval": "10ms",
  "utho:listingLag": "250ms",
  "utho:maxRetries": "1",
};

/** An account of its own with one program of one Snapshot, "a" on server 1001, driven as the engine drives it. */
export class Account {
  readonly program = new Map<string, Declared>();

  private constructor(
    readonly simulator: Simulator,
    readonly engine: MiniEngine,
    private readonly config: Record<string, string>,
  ) {}

  static async open(host: Host, options: AccountOptions = {}): Promise<Account> {
    const simulator = await startSimulator({ settings: { snapshotDurationMs: 25, ...options.settings } });
    const config: Record<string, string> = {
      ...QUICK,
      "utho:token": simulator.token,
      "utho:endpoint": simulator.url,
      ...options.config,
    };
    const account = new Account(simulator, new MiniEngine(host, config, options.stack), config);
    account.declare("a", options.inputs);
    return account;
  }

  declare(name: string, inputs: Props = {}, cloudId = "1001"): void {
    this.program.set(name, { cloudId, triggers: [], retainOnDelete: false, more: inputs });
  }

  up(): Promise<Ended> {
    return this.engine.up(this.program);
  }

  /** Sets for how long each answer is waited for from now on; how often a wait looks is the same for all of an account. */
  waitFor({ requestTimeout }: Patience): void {
    this.config["utho:requestTimeout"] = requestTimeout;
    this.config["utho:writeTimeout"] = requestTimeout;
  }

  /** An operation of which an error would be a fault of the test itself. */
  async calm(operation: Promise<Ended>): Promise<void> {
    const { errors } = await operation;
    if (errors.length > 0) throw new Error(`An error in calm weather:\n${errors.join("\n")}`);
  }

  /** The id of the snapshot that state has for a resource. */
  idOf(name: string): string | undefined {
    return this.engine.state.get(this.engine.urnOf(name))?.id.split("/")[1];
  }

  /** Whatever is declared and was there is there still; nothing is there twice. */
  losses(): string[] {
    const snapshots = this.simulator.cloud.snapshots();
    const problems: string[] = [];
    if (snapshots.length > 1) problems.push(`${snapshots.length} snapshots: a second one was made`);
    for (const name of this.program.keys()) {
      const id = this.idOf(name);
      if (id !== undefined && snapshots.every((one) => one.id !== id)) problems.push(`lost ${id}`);
    }
    return problems;
  }

  /**
   * Where state and cloud disagree: each declared Snapshot has its own, Active one, and there are no others.
   * Where no listing shows a status, the state says so, and a snapshot that is still Pending is no disagreement.
   */
  disagreements(): string[] {
    const found: string[] = [];
    const cloud = new Map(this.simulator.cloud.snapshots().map((one) => [one.id, one]));
    for (const name of this.program.keys()) {
      const id = this.idOf(name);
      const snapshot = cloud.get(id ?? "");
      const status = this.engine.state.get(this.engine.urnOf(name))?.outputs.status;
      const unknown = status === UNKNOWN_STATUS && snapshot?.status === "Pending";
      if (snapshot === undefined) found.push(`${name} has no snapshot in the cloud (state says ${id})`);
      else if (snapshot.status !== "Active" && !unknown)
        found.push(`${name} stands for one that is ${snapshot.status}`);
      cloud.delete(id ?? "");
    }
    for (const { id, name } of cloud.values()) found.push(`no state holds snapshot ${id} (${name})`);
    if (this.engine.state.size > this.program.size) found.push("state knows more than is declared");
    if (this.engine.owed.length > 0) found.push("state still owes a deletion");
    return found;
  }

  close(): Promise<void> {
    return this.simulator.close();
  }
}
