import type { CheckResult, RawInputs } from "../inputs";
import type { ProviderRuntime } from "../runtime";
import { asCloneInputs, checkClone } from "./check";
import { type Created, createClone } from "./create";
import { deleteClone } from "./delete";
import { type Difference, diffClone } from "./diff";
import { CloneMemory } from "./memory";
import { readClone } from "./read";
import { asCloneState } from "./state";
import { updateClone } from "./update";

/** The ServerClone resource as the engine drives it. */
export class CloneLifecycle {
  private readonly memory = new CloneMemory();

  constructor(private readonly runtime: ProviderRuntime) {}

  check(_olds: RawInputs, news: RawInputs): CheckResult {
    this.runtime.settings();
    return checkClone(news);
  }

  diff(id: string, olds: RawInputs, news: RawInputs): Difference {
    this.memory.known.add(id);
    return diffClone(asCloneState(olds), asCloneInputs(news));
  }

  create(inputs: RawInputs): Promise<Created> {
    return createClone(this.runtime, this.memory, asCloneInputs(inputs));
  }

  read(id: string, props: RawInputs): Promise<{ id: string; props: Record<string, unknown> }> {
    return readClone(this.runtime, id, asCloneState(props));
  }

  async update(id: string, olds: RawInputs, news: RawInputs): Promise<{ outs: Record<string, unknown> }> {
    return { outs: await updateClone(this.runtime, id, asCloneState(olds), asCloneInputs(news)) };
  }

  delete(id: string, props: RawInputs): Promise<void> {
    return deleteClone(this.runtime, this.memory, id, asCloneState(props));
  }
}
