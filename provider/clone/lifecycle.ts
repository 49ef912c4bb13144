import type { CheckResult, RawInputs } from "../engine/inputs";
import type { ProviderRuntime } from "../utho/runtime";
import { asCloneInputs, checkClone } from "./check";
import type { Created } from "./create";
import { type Difference, diffClone } from "./diff";
import { CloneMemory } from "./memory";
import { asCloneState } from "./state";

/** The ServerClone resource as the engine drives it. */
export class CloneLifecycle {
  private readonly memory: CloneMemory;
  /** URNs whose program inputs were checked in this process: a `diff` without that is a refresh's. */
  private readonly declared = new Set<string>();

  constructor(private readonly runtime: ProviderRuntime) {
    this.memory = new CloneMemory(runtime.env);
  }

  check(_olds: RawInputs, news: RawInputs): CheckResult {
    this.runtime.settings();
    const result = checkClone(news);
    const { resourceUrn } = asCloneInputs(result.inputs);
    if (resourceUrn !== undefined) this.declared.add(resourceUrn);
    return result;
  }

  diff(id: string, olds: RawInputs, news: RawInputs): Difference {
    this.memory.known.add(id);
    const inputs = asCloneInputs(news);
    const difference = diffClone(asCloneState(olds), inputs);
    const kept = this.declared.has(inputs.resourceUrn ?? "") && difference.replaces.length === 0;
    if (kept) this.memory.keptAlive.add(id);
    else this.memory.keptAlive.delete(id);
    return difference;
  }

  // What talks to the cloud is loaded when it is called: an `up` without changes needs `check` and `diff` alone.

  async create(inputs: RawInputs): Promise<Created> {
    const { createClone } = await import("./create.js");
    return createClone(this.runtime, this.memory, asCloneInputs(inputs));
  }

  async read(id: string, props: RawInputs): Promise<{ id: string; props: Record<string, unknown> }> {
    const { readClone } = await import("./read.js");
    return readClone(this.runtime, id, asCloneState(props));
  }

  async update(id: string, olds: RawInputs, news: RawInputs): Promise<{ outs: Record<string, unknown> }> {
    const { updateClone } = await import("./update.js");
    return { outs: await updateClone(this.runtime, id, asCloneState(olds), asCloneInputs(news)) };
  }

  async delete(id: string, props: RawInputs): Promise<void> {
    const { deleteClone } = await import("./delete.js");
    return deleteClone(this.runtime, this.memory, id, asCloneState(props));
  }
}
