import type { CheckResult, Difference, Made, RawInputs, ReadAnswer } from "../engine/inputs";
import { isHeld } from "../engine/memory";
import { plain } from "../engine/values";
import { fixMark } from "../utho/names";
import type { ProviderRuntime } from "../utho/runtime";
import { checkClone, checkPlan } from "./check";
import { asCloneInputs, asCloneState } from "./contract";
import { announceCreation, announceReplacement, diffClone } from "./diff";

export class CloneLifecycle {
  constructor(private readonly runtime: ProviderRuntime) {}

  async check(olds: RawInputs, news: RawInputs): Promise<CheckResult> {
    const { memory } = this.runtime;
    const { inputs, failures } = checkClone(news);
    if (!isHeld(olds) && failures.length === 0) {
      await announceCreation(this.runtime, inputs);
      await checkPlan(this.runtime, asCloneInputs(inputs));
    }
    return { inputs: plain({ ...inputs, mark: fixMark(memory, olds, inputs, undefined) }), failures };
  }

  async diff(id: string, olds: RawInputs, news: RawInputs): Promise<Difference> {
    const inputs = asCloneInputs(news);
    const state = asCloneState(olds);
    const difference = diffClone(state, inputs);
    const { replaces } = difference;
    const isDeclared = this.runtime.memory.compared(id, replaces.length > 0, inputs.resourceUrn);
    if (isDeclared && replaces.length > 0) await announceReplacement(this.runtime, id, state, replaces, news);
    return difference;
  }

  // What talks to the cloud is loaded when it is called: an `up` without changes needs `check` and `diff` alone.

  async create(inputs: RawInputs): Promise<Made> {
    const { createClone } = await import("./create.js");
    return createClone(this.runtime, asCloneInputs(inputs));
  }

  async read(id: string, props: RawInputs): Promise<ReadAnswer> {
    this.runtime.memory.see(id);
    const { readClone } = await import("./read.js");
    return readClone(this.runtime, id, asCloneState(props));
  }

  async update(id: string, olds: RawInputs, news: RawInputs): Promise<Made> {
    const { updateClone } = await import("./update.js");
    return updateClone(this.runtime, id, asCloneState(olds), asCloneInputs(news));
  }

  async delete(id: string, props: RawInputs): Promise<void> {
    this.runtime.memory.see(id);
    const { deleteClone } = await import("./delete.js");
    return deleteClone(this.runtime, id, asCloneState(props));
  }
}
