import { asRestoreState } from "../../../../provider/restore/contract";
import { RestoreLifecycle } from "../../../../provider/restore/lifecycle";
import { type SimulatorSettings, startSimulator } from "../../../../simulator";
import type { Outcome } from "../../../support/faults/trial";
import { OneResource } from "./one-resource";
import { OneSubject } from "./one-subject";

/** What the account of a restore is made of. */
export interface RestoredOptions {
  settings?: Partial<SimulatorSettings>;
  /** Further inputs. */
  inputs?: Record<string, unknown>;
  /** The server is off at first. */
  off?: boolean;
}

const KIND = {
  urn: "urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:SnapshotRestore::undo",
  lifecycle: (runtime: ConstructorParameters<typeof RestoreLifecycle>[0]) => new RestoreLifecycle(runtime),
};

/** A program that puts server 1001 back to the snapshot "golden", once. */
export class Restored extends OneSubject {
  /** How many restores there may be. */
  allowed = 1;

  private constructor(
    one: OneResource,
    private readonly golden: string,
  ) {
    super(one);
  }

  static async open(options: RestoredOptions = {}): Promise<Restored> {
    const quick = { snapshotDurationMs: 10, restoreDurationMs: 20, powerDurationMs: 10 };
    const simulator = await startSimulator({ settings: { ...quick, ...options.settings } });
    simulator.cloud.setContents("1001", "version 1");
    const { id } = simulator.cloud.addSnapshot({ cloudId: "1001", name: "golden" });
    simulator.cloud.setContents("1001", "version 2");
    if (options.off === true) simulator.cloud.changeServer("1001", { powerState: "Stopped" });
    const one = new OneResource(simulator, KIND);
    one.program = { snapshot: `1001/${id}`, ...options.inputs };
    return new Restored(one, id);
  }

  /** `pulumi up` with little time: a restore whose answer was lost is watched for until that is over. */
  async upBriefly(): Promise<Outcome> {
    const { program } = this.one;
    this.one.program = { ...program, timeouts: { create: "4s", update: "4s" } };
    const ended = await this.up();
    this.one.program = program;
    return ended;
  }

  /** A restore is never "gone", whatever Utho answers. */
  async refresh(): Promise<Outcome> {
    const ended = await this.one.refresh();
    if (this.one.state === undefined) throw new Error("The refresh gave up a restore that has happened.");
    return ended;
  }

  losses(): string[] {
    const problems: string[] = [];
    const others = this.others();
    if (others.length > 1) problems.push(`${others.length} safety snapshots`);
    const asked = this.restores();
    if (asked > this.allowed) problems.push(`${asked} restores`);
    if (this.simulator.cloud.snapshots().every(({ id }) => id !== this.golden))
      problems.push("golden is lost");
    const safety = this.safetyInState();
    if (this.one.program !== undefined && safety !== undefined && !others.includes(safety))
      problems.push(`state believes in ${safety}`);
    return problems;
  }

  disagreements(): string[] {
    const { program, state } = this.one;
    const wanted = program === undefined ? [] : [this.safetyInState()];
    const problems = this.losses();
    if (String(this.others()) !== String(wanted))
      problems.push(`safety snapshots are ${this.others()}, state knows ${this.safetyInState()}`);
    if (this.restores() !== this.allowed) problems.push(`${this.restores()} restores of ${this.allowed}`);
    const { contents } = this.simulator.cloud.server("1001");
    if (contents !== "version 1") problems.push(`the server holds ${contents}`);
    if ((program === undefined) !== (state === undefined)) problems.push("state and program differ");
    if (state?.broken === true || (state !== undefined && asRestoreState(state.outs).phase !== "restored"))
      problems.push("state says that the restore did not end");
    return problems;
  }

  private restores(): number {
    return this.simulator.cloud.operations("1001").filter(({ kind }) => kind === "restore").length;
  }

  private others(): string[] {
    return this.simulator.cloud.snapshots().flatMap(({ id }) => (id === this.golden ? [] : [id]));
  }

  private safetyInState(): string | undefined {
    return asRestoreState(this.one.state?.outs ?? {}).safetySnapshotId?.split("/")[1];
  }
}
