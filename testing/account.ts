import { silentProgress } from "../provider/engine/progress";
import { type GuardedProvider, providersOf, type Resource } from "../provider/guard";
import { ProviderRuntime } from "../provider/utho/runtime";
import type { Simulator } from "../simulator";
import { clockOf } from "./clock";

/** What stands in a configuration under a key such as "utho:maxRetries". */
export type Given = (key: string) => string | undefined;

/** One account of a program under mocks, for one run: the engine starts a plugin process for each operation too. */
export class MockedAccount {
  private readonly runtime: ProviderRuntime;
  private readonly own: Readonly<Record<string, string>>;
  private readonly providers: Readonly<Record<Resource, GuardedProvider>>;

  constructor(
    simulator: Simulator,
    home: string,
    note: (text: string) => void,
    private readonly given: Given,
  ) {
    this.runtime = new ProviderRuntime({
      env: { PULUMI_HOME: home },
      clock: clockOf(simulator),
      progress: () => ({ ...silentProgress, info: note, warn: note }),
    });
    this.providers = providersOf(this.runtime);
    this.own = {
      "utho:token": simulator.token,
      "utho:endpoint": simulator.url,
      "utho:timeZone": simulator.cloud.settings().timeZone,
    };
  }

  /** The provider of a kind of resource as the engine's plugin runs it, configured as the stack is now. */
  provider(kind: Resource): GuardedProvider {
    this.configured();
    return this.providers[kind];
  }

  /** The test may have given the stack's configuration only after it made the mocks. */
  configured(): ProviderRuntime {
    // A blank token stays one: that program would fail in a real run too.
    this.runtime.configure((key) => (this.given(key) === "" ? "" : (this.own[key] ?? this.given(key))));
    return this.runtime;
  }
}
