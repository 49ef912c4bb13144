import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PartialFailure } from "../../../../provider/failure";
import type { GuardedProvider, Lifecycle } from "../../../../provider/guard";
import type { ProviderRuntime } from "../../../../provider/utho/runtime";
import type { Simulator } from "../../../../simulator";
import { clockOf } from "../../../../testing/clock";
import { type Outcome, PATIENT, type Patience } from "../../../support/faults/trial";
import { rigFor } from "../lifecycle-rig";

type Values = Record<string, unknown>;

/** The resource in state. */
export interface Recorded {
  id: string;
  inputs: Values;
  outs: Values;
  /** The last create or update ended with an error that named the id. */
  broken: boolean;
}

/** What sets one kind of resource apart. */
export interface Kind {
  urn: string;
  lifecycle: (runtime: ProviderRuntime) => Lifecycle;
}

/**
 * One resource of a program and its state, on a machine of its own, driven in this process in the engine's order of
 * calls. Every operation has a provider of its own, which remembers nothing, as in a new plugin process.
 */
export class OneResource {
  /** What the program says; `undefined`: it no longer declares the resource. */
  program: Values | undefined;
  state: Recorded | undefined;
  /** Replaced, and still to be deleted. */
  readonly owed: Recorded[] = [];
  private readonly home = mkdtempSync(join(tmpdir(), "pulumi-utho-one-"));
  /** Few looks, so that hundreds of lives cost little; what a lost answer has left is looked for during 100 ms. */
  private readonly config: Record<string, string> = {
    "utho:pollInterval": PATIENT.pollInterval,
    "utho:listingLag": "100ms",
  };

  constructor(
    readonly simulator: Simulator,
    private readonly kind: Kind,
  ) {}

  /** Time goes by, for the cloud as for us. */
  advance(ms: number): void {
    this.simulator.advance(ms);
  }

  /** Sets for how long each answer is waited for from now on, and how often a wait looks. */
  waitFor({ requestTimeout, pollInterval }: Patience): void {
    this.config["utho:requestTimeout"] = requestTimeout;
    this.config["utho:writeTimeout"] = requestTimeout;
    this.config["utho:pollInterval"] = pollInterval;
  }

  up(): Promise<Outcome> {
    return this.operation(async (provider, errors) => {
      if (this.program !== undefined)
        await attempt(errors, () => this.converge(provider, this.program ?? {}));
      if (errors.length > 0) return;
      for (const old of [...this.owed]) {
        await attempt(errors, async () => {
          await provider.delete(old.id, old.outs);
          this.owed.splice(this.owed.indexOf(old), 1);
        });
      }
      const { state } = this;
      if (this.program !== undefined || state === undefined) return;
      await attempt(errors, async () => {
        await provider.delete(state.id, state.outs);
        this.state = undefined;
      });
    });
  }

  refresh(): Promise<Outcome> {
    return this.operation((provider, errors) =>
      attempt(errors, async () => {
        const { state } = this;
        if (state === undefined) return;
        const { id, props } = await provider.read(state.id, state.outs);
        if (id === "") this.state = undefined;
        else this.state = { ...state, outs: structuredClone(props) };
        if (id !== "") await provider.diff(id, props, state.inputs);
      }),
    );
  }

  async close(): Promise<void> {
    rmSync(this.home, { recursive: true, force: true });
    await this.simulator.close();
  }

  private async operation(
    work: (provider: GuardedProvider, errors: string[]) => Promise<void>,
  ): Promise<Outcome> {
    const { provider } = rigFor(this.simulator, this.kind.lifecycle, this.config, {
      clock: clockOf(this.simulator),
      home: this.home,
    });
    const errors: string[] = [];
    await work(provider, errors);
    return { errors };
  }

  private async converge(provider: GuardedProvider, program: Values): Promise<void> {
    const news = { ...structuredClone(program), resourceUrn: this.kind.urn };
    const { state } = this;
    if (state === undefined) return this.create(provider, await checked(provider, {}, news));
    const inputs = await checked(provider, state.inputs, news);
    const { changes, replaces } = await provider.diff(state.id, state.outs, inputs);
    if (replaces.length > 0) return this.create(provider, await checked(provider, {}, news), state);
    if (changes || state.broken) return this.update(provider, state, inputs);
    this.state = { ...state, inputs };
  }

  private async create(provider: GuardedProvider, inputs: Values, replaced?: Recorded): Promise<void> {
    const record = (id: string, outs: Values, broken: boolean): void => {
      if (replaced !== undefined) this.owed.push(replaced);
      this.state = { id, inputs, outs: structuredClone(outs), broken };
    };
    try {
      const { id, outs } = await provider.create(inputs);
      record(id, outs, false);
    } catch (error) {
      if (error instanceof PartialFailure) record(error.id, error.properties, true);
      throw error;
    }
  }

  private async update(provider: GuardedProvider, state: Recorded, inputs: Values): Promise<void> {
    const record = (outs: Values, broken: boolean): void => {
      this.state = { ...state, inputs, outs: structuredClone(outs), broken };
    };
    try {
      const { outs } = await provider.update(state.id, state.outs, inputs);
      record(outs, false);
    } catch (error) {
      if (error instanceof PartialFailure) record(error.properties, true);
      throw error;
    }
  }
}

async function checked(provider: GuardedProvider, olds: Values, news: Values): Promise<Values> {
  const { inputs, failures } = await provider.check(olds, news);
  const [failure] = failures;
  if (failure !== undefined) throw new Error(failure.reason);
  return inputs;
}

async function attempt(errors: string[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    errors.push(error instanceof Error ? error.message : String(error));
  }
}
