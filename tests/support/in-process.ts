import { silentProgress } from "../../provider/engine/progress";
import { PartialFailure } from "../../provider/failure";
import { type GuardedProvider, guard, type Lifecycle } from "../../provider/guard";
import { ProviderRuntime } from "../../provider/utho/runtime";
import type { Driver, Host } from "./mini-engine";
import { PartialError, type Props } from "./plugin";

/**
 * Runs the provider in this process in place of the plugin: cheap enough for thousands of operations. Each operation
 * has a provider of its own, which remembers nothing, as in a new process.
 */
export class InProcessHost implements Host {
  readonly said: string[] = [];

  constructor(
    private readonly home: string,
    private readonly lifecycle: (runtime: ProviderRuntime) => Lifecycle,
  ) {}

  async begin(config: Record<string, string>): Promise<Driver> {
    const note = (text: string): void => void this.said.push(text);
    const runtime = new ProviderRuntime({
      env: { PULUMI_HOME: this.home },
      progress: () => ({ ...silentProgress, info: note, warn: note }),
    });
    runtime.configure((key) => config[key]);
    return new InProcess(guard(runtime, this.lifecycle));
  }

  /** There is no process to end. */
  kill(): void {}
}

class InProcess implements Driver {
  constructor(private readonly provider: GuardedProvider) {}

  async check(_urn: string, olds: Props, news: Props): Promise<Props> {
    const { inputs, failures } = await this.provider.check(olds, news);
    const [failure] = failures;
    if (failure !== undefined) throw new Error(failure.reason);
    return structuredClone(inputs);
  }

  diff(_urn: string, id: string, olds: Props, news: Props) {
    return this.provider.diff(id, olds, news);
  }

  async create(_urn: string, inputs: Props): Promise<{ id: string; outs: Props }> {
    return handedOver(() => this.provider.create(inputs));
  }

  async read(_urn: string, id: string, props: Props): Promise<{ id: string; outs: Props }> {
    const read = await this.provider.read(id, props);
    return { id: read.id, outs: structuredClone(read.props) };
  }

  async update(_urn: string, id: string, olds: Props, news: Props): Promise<Props> {
    return (await handedOver(() => this.provider.update(id, olds, news))).outs;
  }

  delete(_urn: string, id: string, props: Props): Promise<void> {
    return this.provider.delete(id, props);
  }

  close(): void {}
}

/** Nothing is shared with the provider, and a failure with an id is the one that the plugin makes of it. */
async function handedOver<T>(work: () => Promise<T>): Promise<T> {
  try {
    return structuredClone(await work());
  } catch (error) {
    if (!(error instanceof PartialFailure)) throw error;
    throw new PartialError(error.message, error.id, structuredClone(error.properties));
  }
}
