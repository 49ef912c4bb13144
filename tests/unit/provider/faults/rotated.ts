import { RotationLifecycle } from "../../../../provider/rotation/lifecycle";
import { asRotationState } from "../../../../provider/rotation/state";
import { type SimulatorSettings, startSimulator } from "../../../../simulator";
import type { Outcome } from "../../../support/faults/trial";
import { OneResource } from "./one-resource";
import { OneSubject } from "./one-subject";

const DAY = 24 * 3_600_000;

/** What the account of a rotation is made of. */
export interface RotatedOptions {
  settings?: Partial<SimulatorSettings>;
  /** Further inputs. */
  inputs?: Record<string, unknown>;
}

const KIND = {
  urn: "urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:SnapshotRotation::nightly",
  lifecycle: (runtime: ConstructorParameters<typeof RotationLifecycle>[0]) => new RotationLifecycle(runtime),
};

/** A program that takes a snapshot of server 1001 each day and keeps two, beside one that someone else made. */
export class Rotated extends OneSubject {
  /** Days on which it has run. */
  private days = 1;

  private constructor(
    one: OneResource,
    private readonly foreign: string,
  ) {
    super(one);
  }

  static async open(options: RotatedOptions = {}): Promise<Rotated> {
    const quick = { snapshotDurationMs: 10, powerDurationMs: 10 };
    const simulator = await startSimulator({ settings: { ...quick, ...options.settings } });
    const { id } = simulator.cloud.addSnapshot({ cloudId: "1001", name: "by hand" });
    const one = new OneResource(simulator, KIND);
    one.program = { cloudId: "1001", every: "24h", keep: { last: 2 }, ...options.inputs };
    return new Rotated(one, id);
  }

  /** A day goes by, and the next run is due. */
  nextDay(): void {
    this.one.advance(DAY);
    this.days += 1;
    this.simulator.requests.clear();
  }

  async refresh(): Promise<Outcome> {
    const ended = await this.one.refresh();
    if (this.one.state === undefined) throw new Error("The refresh gave the rotation up.");
    return ended;
  }

  losses(): string[] {
    const problems: string[] = [];
    const all = this.simulator.cloud.snapshots();
    if (all.every(({ id }) => id !== this.foreign)) problems.push("another owner's snapshot is gone");
    const made = this.made();
    if (made > this.days) problems.push(`${made} snapshots were taken on ${this.days} days`);
    // While it is declared there are never fewer than the policy keeps.
    const kept = Math.min(2, this.days - 1);
    if (this.one.program !== undefined && this.others().length < kept)
      problems.push(`only ${this.others().length} snapshots are left`);
    return problems;
  }

  disagreements(): string[] {
    const { program, state } = this.one;
    const problems = this.losses();
    const known = asRotationState(state?.outs ?? {}).snapshots;
    const ids = known.map(({ id }) => id.split("/")[1] ?? "").sort();
    if (String(ids) !== String(this.others()))
      problems.push(`there are ${this.others()}, state knows ${ids}`);
    const wanted = program === undefined ? 0 : Math.min(2, this.days);
    if (ids.length !== wanted) problems.push(`${ids.length} snapshots of ${wanted}`);
    if (known.some(({ status }) => status !== "Active")) problems.push("one is not Active");
    if (this.made() !== this.days) problems.push(`${this.made()} snapshots were taken on ${this.days} days`);
    if ((program === undefined) !== (state === undefined)) problems.push("state and program differ");
    if (state?.broken === true) problems.push("state says that the last run failed");
    return problems;
  }

  private others(): string[] {
    const { cloud } = this.simulator;
    return cloud
      .snapshots()
      .flatMap(({ id }) => (id === this.foreign ? [] : [id]))
      .sort();
  }

  private made(): number {
    return this.simulator.cloud.operations("1001").filter(({ kind }) => kind === "snapshot").length;
  }
}
