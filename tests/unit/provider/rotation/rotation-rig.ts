import { setImmediate as yieldToOthers } from "node:timers/promises";
import { PartialFailure } from "../../../../provider/failure";
import { RotationLifecycle } from "../../../../provider/rotation/lifecycle";
import { asRotationState } from "../../../../provider/rotation/state";
import type { ProviderRuntime } from "../../../../provider/utho/runtime";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../../simulator";
import { clockOf } from "../../../../testing/clock";
import { type Rig, rigFor } from "../lifecycle-rig";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const URN = "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/utho:SnapshotRotation::nightly";

/** How one `pulumi up` of one rotation ended. */
export interface Ended {
  changed: boolean;
  error?: Error | undefined;
  said: string[];
  writes: string[];
}

/** One rotation of a program and its state, driven in the engine's order of calls, at times that the test sets. */
export class RotationRig {
  id = "";
  inputs: Record<string, unknown> | undefined;
  outs: Record<string, unknown> = {};
  /** Milliseconds by which this machine's clock is wrong. */
  skew = 0;
  /** Another resource of the program, and what state holds of it. */
  declaredBeside: Record<string, unknown> | undefined;
  stateBeside: Record<string, unknown> = {};
  private life = { over: false };

  private constructor(
    readonly simulator: Simulator,
    private readonly config: Record<string, string>,
  ) {}

  static async start(
    options: SimulatorOptions = {},
    { start = "2026-03-01T02:00:00Z", config = {} }: { start?: string; config?: Record<string, string> } = {},
  ): Promise<RotationRig> {
    const offset = Date.parse(start) - Date.now();
    const simulator = await startSimulator({
      ...options,
      clock: { now: () => Date.now() + offset },
      settings: { snapshotDurationMs: 20, powerDurationMs: 20, ...options.settings },
    });
    return new RotationRig(simulator, config);
  }

  now(): number {
    return this.simulator.cloud.now() + this.skew;
  }

  /** Time goes by, for the cloud as for us. */
  advance(ms: number): void {
    this.simulator.advance(ms);
  }

  /** A plugin process of its own. */
  plugin(): Rig {
    const { sleep } = clockOf(this.simulator);
    const clock = { now: () => this.now(), sleep };
    const { life } = this;
    // One that was killed writes nothing any more, and its operation never ends.
    const lifeline = () => (life.over ? new Promise<void>(() => {}) : Promise.resolve());
    const lifecycle = (runtime: ProviderRuntime) => new RotationLifecycle(runtime);
    return rigFor(this.simulator, lifecycle, this.config, { clock, lifeline });
  }

  /** Resolves when a run that has begun has asked Utho so many times. */
  async looked(times: number): Promise<void> {
    const until = this.simulator.requests.count() + times;
    while (this.simulator.requests.count() < until) await yieldToOthers();
  }

  /** The end of the plugin process that runs: nothing of its operation is recorded. */
  kill(): void {
    this.life.over = true;
    this.life = { over: false };
  }

  /** A second state of the same rotation, as it is now: another job's. */
  copy(): RotationRig {
    const other: RotationRig = Object.create(RotationRig.prototype);
    return Object.assign(other, this, { outs: structuredClone(this.outs) });
  }

  async up(program: Record<string, unknown>): Promise<Ended> {
    const { life } = this;
    const { provider, said } = this.plugin();
    const before = this.simulator.requests.all().length;
    const ended = (changed: boolean, error?: Error): Ended => {
      const requests = this.simulator.requests.all().slice(before);
      const writes = requests.filter(({ method }) => method !== "GET").map(({ operation }) => operation);
      return { changed, error, said, writes };
    };
    const news = { resourceUrn: URN, ...program };
    // Every resource of a program is noted in the same way, whatever its kind.
    if (this.declaredBeside !== undefined) await provider.check(this.stateBeside, this.declaredBeside);
    const { inputs, failures } = await provider.check(this.inputs ?? {}, news);
    if (failures.length > 0) return ended(false, new Error(failures.map(({ reason }) => reason).join()));
    try {
      if (this.inputs === undefined) {
        const { id, outs } = await provider.create(inputs);
        if (!life.over) Object.assign(this, { id, inputs, outs });
        return ended(true);
      }
      const { changes } = await provider.diff(this.id, this.outs, inputs);
      if (!changes) return ended(false);
      const { outs } = await provider.update(this.id, this.outs, inputs);
      if (!life.over) Object.assign(this, { inputs, outs });
      return ended(true);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error instanceof PartialFailure && !life.over)
        Object.assign(this, { id: error.id, inputs, outs: error.properties });
      return ended(true, error);
    }
  }

  /** What `pulumi preview` shows: whether there is a change, and what is said of it. */
  async preview(program: Record<string, unknown>): Promise<{ changed: boolean; said: string[] }> {
    const { provider, said } = this.plugin();
    if (this.declaredBeside !== undefined) await provider.check(this.stateBeside, this.declaredBeside);
    const { inputs } = await provider.check(this.inputs ?? {}, { resourceUrn: URN, ...program });
    if (this.inputs === undefined) return { changed: true, said };
    const { changes } = await provider.diff(this.id, this.outs, inputs);
    return { changed: changes, said };
  }

  /** `pulumi refresh`: whether it shows drift. */
  async refresh(): Promise<boolean> {
    const { provider } = this.plugin();
    const { props } = await provider.read(this.id, this.outs);
    this.outs = props;
    return (await provider.diff(this.id, props, this.inputs ?? {})).changes;
  }

  async destroy(): Promise<string[]> {
    const { provider, said } = this.plugin();
    const { life } = this;
    await provider.delete(this.id, this.outs);
    if (!life.over) this.inputs = undefined;
    return said;
  }

  get state() {
    return asRotationState(this.outs);
  }

  /** Names of the snapshots of a server that truly exist, oldest first. */
  names(cloudId = "1001"): string[] {
    return this.simulator.cloud
      .snapshots()
      .filter((one) => one.cloudId === cloudId)
      .map(({ name }) => name);
  }
}

/** The day and hour in a generated name. */
export function timesIn(names: readonly string[]): string[] {
  return names.map((name) => /-(\d{8}t\d\d)/i.exec(name)?.[1]?.toUpperCase() ?? name);
}
