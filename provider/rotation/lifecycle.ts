import {
  type CheckResult,
  type Difference,
  failInto,
  type Made,
  type RawInputs,
  type ReadAnswer,
} from "../engine/inputs";
import { isUnknown } from "../engine/values";
import type { ProviderRuntime } from "../utho/runtime";
import { checkRotation } from "./check";
import { asRotationInputs, type RotationInputs } from "./contract";
import { policyOf, prefixOf } from "./settings";
import { asRotationState } from "./state";

/** Utho documents 2 to 10 minutes for a snapshot. */
const SHORTEST_SENSIBLE_MS = 10 * 60_000;

export class RotationLifecycle {
  /** Whose a mark and a prefix are, by URN; of this process alone, since another one may be another account's. */
  private readonly owners = new Map<string, string>();

  constructor(private readonly runtime: ProviderRuntime) {}

  /** Without `olds` the engine is about to create, so what will happen is said: the engine shows it in a preview. */
  async check(olds: RawInputs, news: RawInputs): Promise<CheckResult> {
    const result = checkRotation(olds, news);
    const inputs = asRotationInputs(result.inputs);
    // With the mark and the prefix, which no program gives.
    this.runtime.memory.checked(olds, result.inputs);
    this.claimNames(inputs, result);
    if (result.failures.length > 0) return result;
    await this.warnOfHaste(inputs);
    if (olds.mark === undefined) {
      const { announce } = await import("./announce.js");
      await announce(this.runtime, inputs, result.inputs, undefined);
    }
    return result;
  }

  async diff(_id: string, olds: RawInputs, news: RawInputs): Promise<Difference> {
    const { diffRotation } = await import("./diff.js");
    const inputs = asRotationInputs(news);
    const declared = this.runtime.memory.programOf(inputs.resourceUrn) !== undefined;
    const state = asRotationState(olds);
    const { changes, missedWindow } = diffRotation(state, inputs, this.runtime.clock.now(), declared);
    if (declared && (changes || missedWindow)) {
      const { announce } = await import("./announce.js");
      await announce(this.runtime, inputs, news, state);
    }
    return { changes, replaces: [] };
  }

  async create(inputs: RawInputs): Promise<Made> {
    const { converge } = await import("./converge.js");
    const settings = asRotationInputs(inputs);
    return converge(this.runtime, settings, undefined, `${prefixOf(settings)}-${settings.mark}`);
  }

  async read(id: string, props: RawInputs): Promise<ReadAnswer> {
    const { readRotation } = await import("./read.js");
    return readRotation(this.runtime, id, props);
  }

  async update(id: string, olds: RawInputs, news: RawInputs): Promise<Made> {
    const { converge } = await import("./converge.js");
    return converge(this.runtime, asRotationInputs(news), asRotationState(olds), id);
  }

  async delete(_id: string, props: RawInputs): Promise<void> {
    const { deleteRotation } = await import("./delete.js");
    return deleteRotation(this.runtime, asRotationState(props));
  }

  private claimNames(inputs: RotationInputs, { failures }: CheckResult): void {
    const prefix = prefixOf(inputs);
    if (failures.length > 0 || isUnknown(prefix)) return;
    const { mark, resourceUrn: urn = "" } = inputs;
    const claims = {
      [`mark ${mark}`]: (other: string) =>
        `its snapshots would end in ${mark} like those of ${other}, which had this name before; give it another logical name`,
      [`prefix ${prefix}`]: (other: string) =>
        `its snapshots would be named "${prefix}-…" like those of ${other}; give it a namePrefix of its own`,
    };
    for (const [name, reasonOf] of Object.entries(claims)) {
      const owner = this.owners.get(name) ?? urn;
      if (owner !== urn) failInto(failures)("namePrefix", "UTHO_ROTATION_PREFIX_TAKEN", reasonOf(owner));
    }
    if (failures.length === 0) for (const name of Object.keys(claims)) this.owners.set(name, urn);
  }

  private async warnOfHaste(inputs: RotationInputs): Promise<void> {
    const { everyMs } = policyOf(inputs);
    if (everyMs >= SHORTEST_SENSIBLE_MS) return;
    const text = `every is ${inputs.every}, but a snapshot takes 2 to 10 minutes by Utho's documentation: the server would be busy with snapshots all the time, and where the next one is due as soon as one is ready, nothing is deleted, whatever is announced.`;
    await this.runtime.say(inputs.resourceUrn, "warn", text);
  }
}
