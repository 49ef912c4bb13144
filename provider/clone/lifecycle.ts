import type { CheckResult, RawInputs } from "../engine/inputs";
import { plain } from "../engine/plain";
import { fixMark } from "../utho/mark";
import type { ProviderRuntime } from "../utho/runtime";
import { asCloneInputs, checkClone } from "./check";
import type { Created } from "./create";
import { type Difference, diffClone } from "./diff";
import { asCloneState } from "./state";

/** The ServerClone resource as the engine drives it. */
export class CloneLifecycle {
  constructor(private readonly runtime: ProviderRuntime) {}

  check(olds: RawInputs, news: RawInputs): CheckResult {
    this.runtime.settings();
    const { memory } = this.runtime;
    memory.checked(olds, news);
    const { inputs, failures } = checkClone(news);
    return { inputs: plain({ ...inputs, mark: fixMark(memory, olds, inputs, undefined) }), failures };
  }

  diff(id: string, olds: RawInputs, news: RawInputs): Difference {
    const { memory } = this.runtime;
    memory.see(id);
    const inputs = asCloneInputs(news);
    const difference = diffClone(asCloneState(olds), inputs);
    const { resourceUrn: urn } = inputs;
    if (urn === undefined || memory.programOf(urn) === undefined) return difference;
    if (difference.replaces.length > 0) memory.replace(id);
    else memory.keep(id, { urn, takenAt: undefined });
    return difference;
  }

  // What talks to the cloud is loaded when it is called: an `up` without changes needs `check` and `diff` alone.

  async create(inputs: RawInputs): Promise<Created> {
    const { createClone } = await import("./create.js");
    return createClone(this.runtime, asCloneInputs(inputs));
  }

  async read(id: string, props: RawInputs): Promise<{ id: string; props: Record<string, unknown> }> {
    this.runtime.memory.see(id);
    const { readClone } = await import("./read.js");
    return readClone(this.runtime, id, asCloneState(props));
  }

  async update(id: string, olds: RawInputs, news: RawInputs): Promise<{ outs: Record<string, unknown> }> {
    const { updateClone } = await import("./update.js");
    return { outs: await updateClone(this.runtime, id, asCloneState(olds), asCloneInputs(news)) };
  }

  async delete(id: string, props: RawInputs): Promise<void> {
    this.runtime.memory.see(id);
    const { deleteClone } = await import("./delete.js");
    return deleteClone(this.runtime, id, asCloneState(props));
  }
}
