import type { Simulator } from "../../../../simulator";
import type { Outcome, Patience, Subject } from "../../../support/faults/trial";
import type { OneResource } from "./one-resource";

/** A program of one resource whose calls are answered wrongly: what is the same for each kind of resource. */
export abstract class OneSubject implements Subject {
  protected constructor(protected readonly one: OneResource) {}

  get simulator(): Simulator {
    return this.one.simulator;
  }

  up(): Promise<Outcome> {
    return this.one.up();
  }

  /** `pulumi up`, of which an error would be a fault of the test itself. */
  async calm(): Promise<void> {
    const { errors } = await this.up();
    if (errors.length > 0) throw new Error(`An error in calm weather:\n${errors.join("\n")}`);
  }

  remove(): Promise<Outcome> {
    this.one.program = undefined;
    return this.up();
  }

  abstract losses(): string[];

  abstract disagreements(): string[];

  waitFor(patience: Patience): void {
    this.one.waitFor(patience);
  }

  close(): Promise<void> {
    return this.one.close();
  }
}
