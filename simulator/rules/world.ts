import type { AdvancingClock } from "../clock";
import { mergeSettings } from "../settings/schema";
import type { SimulatorSettings } from "../settings/settings";
import { type Begun, CloudState } from "../store/state";
import { OutcomePlan } from "./outcomes";

export type { Begun };

/** What the rules work on: one state, one clock, the settings as they are now. */
export class World {
  readonly state: CloudState;
  readonly outcomes = new OutcomePlan();
  #settings: SimulatorSettings;

  constructor(
    readonly clock: AdvancingClock,
    settings: SimulatorSettings,
    account = 0,
  ) {
    this.state = new CloudState(account);
    this.#settings = settings;
  }

  get settings(): SimulatorSettings {
    return this.#settings;
  }

  /** Changes settings from now on; what is already under way keeps its course. */
  change(changes: unknown): void {
    this.#settings = mergeSettings(this.#settings, changes);
  }

  /** The present moment, with everything applied that has ended by it. */
  now(): number {
    const now = this.clock.now();
    this.state.settle(now);
    return now;
  }
}
