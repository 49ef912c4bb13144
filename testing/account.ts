import { silentProgress } from "../provider/engine/progress";
import type { GuardedProvider } from "../provider/guard";
import { ProviderRuntime } from "../provider/utho/runtime";
import type { Simulator } from "../simulator";
import { clockOf } from "./clock";
import type { Behind } from "./providers";

/** What stands in a configuration under a key such as "utho:maxRetries". */
export type Given = (key: string) => string | undefined;

/** One account of a program under mocks, for one run: the engine starts a plugin process for each operation too. */
export class MockedAccount {
  private readonly runtime: ProviderRuntime;
  private readonly own: Readonly<Record<string, string>>;
  private readonly providers = new Map<Behind, GuardedProvider>();

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
    this.own = {
      "utho:token": simulator.token,
      "utho:endpoint": simulator.url,
      "utho:timeZone": simulator.cloud.settings().timeZone,
    };
  }

  /** The provider behind a resource, configured as the stack is now. */
  provider(behind: Behind): GuardedProvider {
    const runtime = this.configured();
    const provider = this.providers.get(behind) ?? behind.provider(runtime);
    this.providers.set(behind, provider);
    return provider;
  }

  /** The test may have given the stack's configuration only after it made the mocks. */
  configured(): ProviderRuntime {
    // A blank token stays one: that program would fail in a real run too.
    this.runtime.configure((key) => (this.given(key) === "" ? "" : (this.own[key] ?? this.given(key))));
    return this.runtime;
  }
}
