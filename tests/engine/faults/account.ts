import { CODES } from "../../../provider/codes";
import { UNKNOWN_STATUS } from "../../../provider/snapshot/status";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../simulator";
import { type Declared, type Ended, MiniEngine } from "../../support/mini-engine";
import type { PluginHost, Props } from "../../support/plugin";

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

/** An account of its own with one program of one Snapshot, "a" on server 1001, driven through the real plugin. */
export class Account {
  readonly program = new Map<string, Declared>();

  private constructor(
    readonly simulator: Simulator,
    readonly engine: MiniEngine,
  ) {}

  static async open(host: PluginHost, options: AccountOptions = {}): Promise<Account> {
    const simulator = await startSimulator({ settings: { snapshotDurationMs: 25, ...options.settings } });
    const config = {
      ...QUICK,
      "utho:token": simulator.token,
      "utho:endpoint": simulator.url,
      ...options.config,
    };
    const account = new Account(simulator, new MiniEngine(host, config, options.stack));
    account.declare("a", options.inputs);
    return account;
  }

  declare(name: string, inputs: Props = {}, cloudId = "1001"): void {
    this.program.set(name, { cloudId, triggers: [], retainOnDelete: false, more: inputs });
  }

  up(): Promise<Ended> {
    return this.engine.up(this.program);
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

  /**
   * What of state and cloud do not agree: each declared Snapshot has its own, Active one, and there are no others.
   * Where no listing tells a status, state says so, and one that is still Pending is no disagreement.
   */
  disagreements(): string[] {
    const found: string[] = [];
    const cloud = new Map(this.simulator.cloud.snapshots().map((one) => [one.id, one]));
    for (const name of this.program.keys()) {
      const id = this.idOf(name);
      const snapshot = cloud.get(id ?? "");
      const told = this.engine.state.get(this.engine.urnOf(name))?.outputs.status;
      const untold = told === UNKNOWN_STATUS && snapshot?.status === "Pending";
      if (snapshot === undefined) found.push(`${name} has no snapshot in the cloud (state says ${id})`);
      else if (snapshot.status !== "Active" && !untold)
        found.push(`${name} stands for one that is ${snapshot.status}`);
      cloud.delete(id ?? "");
    }
    for (const { id, name } of cloud.values()) found.push(`nobody knows snapshot ${id} (${name})`);
    if (this.engine.state.size > this.program.size) found.push("state knows more than is declared");
    if (this.engine.owed.length > 0) found.push("state still owes a deletion");
    return found;
  }

  close(): Promise<void> {
    return this.simulator.close();
  }
}

/** The stable code that begins an error's text. */
export function codeOf(text: string): string {
  return /^(UTHO_[A-Z_]+): /.exec(text)?.[1] ?? "";
}

/** Whether the text begins with a code that is documented, and does not call the error a mistake of ours. */
export function hasStableCode(text: string): boolean {
  const code = codeOf(text);
  return code in CODES && code !== "UTHO_INTERNAL";
}
