import { unpacked } from "../../provider/engine/inputs";
import { asRotationState } from "../../provider/rotation/state";
import { ROTATION_FORWARDER, ROTATION_TYPE } from "../../sdk/forwarder";
import type { Simulator } from "../../simulator";
import type { Driver, Host } from "./mini-engine";
import { PartialError, type Props } from "./plugin";

const URN = `urn:pulumi:dev::tests::${ROTATION_TYPE}::nightly`;

/** One rotation of a program and its state, driven through a real provider process in the engine's order of calls. */
export class RotationLife {
  private id = "";
  private inputs: Props | undefined;
  private outs: Props = {};
  private broken = false;
  private killed = false;
  private readonly config: Record<string, string>;

  constructor(
    private readonly host: Host,
    simulator: Simulator,
  ) {
    this.config = {
      "utho:token": simulator.token,
      "utho:endpoint": simulator.url,
      "utho:pollInterval": "20ms",
      "utho:listingLag": "300ms",
    };
  }

  /** The same rotation in a state of its own: another job's. */
  copy(): RotationLife {
    const other: RotationLife = Object.create(RotationLife.prototype);
    return Object.assign(other, this, { outs: structuredClone(this.outs) });
  }

  get state() {
    return asRotationState(unpacked(this.outs));
  }

  /** SIGKILL of the plugin: nothing of the operation is recorded. */
  kill(): void {
    this.killed = true;
    this.host.kill();
  }

  /** `pulumi up`: the error's text if it failed, and whether there was a change. */
  async up(program: Props): Promise<{ changed: boolean; error?: string }> {
    this.killed = false;
    const plugin = await this.host.begin(this.config);
    try {
      return { changed: await this.converge(plugin, program) };
    } catch (error) {
      if (error instanceof PartialError && !this.killed) this.record(error.id, error.properties, true);
      return { changed: true, error: error instanceof Error ? error.message : String(error) };
    } finally {
      plugin.close();
    }
  }

  /** `pulumi destroy`. */
  async destroy(): Promise<{ error?: string }> {
    this.killed = false;
    const plugin = await this.host.begin(this.config);
    try {
      await plugin.delete(URN, this.id, this.outs);
      this.inputs = undefined;
      return {};
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    } finally {
      plugin.close();
    }
  }

  private async converge(plugin: Driver, program: Props): Promise<boolean> {
    const news = { ...program, resourceUrn: URN, __provider: ROTATION_FORWARDER };
    const isNew = this.inputs === undefined;
    const inputs = await plugin.check(URN, this.inputs ?? {}, news);
    if (isNew) {
      const { id, outs } = await plugin.create(URN, inputs);
      this.inputs = inputs;
      this.record(id, outs, false);
      return true;
    }
    const { changes } = await plugin.diff(URN, this.id, this.outs, inputs);
    if (!changes && !this.broken) return false;
    const outs = await plugin.update(URN, this.id, this.outs, inputs);
    this.inputs = inputs;
    this.record(this.id, outs, false);
    return true;
  }

  private record(id: string, outs: Props, broken: boolean): void {
    this.id = id;
    this.outs = outs;
    this.broken = broken;
  }
}
