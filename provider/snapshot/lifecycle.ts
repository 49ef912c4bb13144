import {
  type CheckResult,
  type Difference,
  type Made,
  type RawInputs,
  type ReadAnswer,
  textOf,
} from "../engine/inputs";
import { isHeld } from "../engine/memory";
import { plain } from "../engine/values";
import { costOf } from "../utho/facts";
import { fixMark, takenAtOf } from "../utho/names";
import type { ProviderRuntime } from "../utho/runtime";
import { isFailure } from "../utho/status";
import { checkSnapshot, keepsReplaced } from "./check";
import { asSnapshotInputs, asSnapshotState, type SnapshotState } from "./contract";
import { announceCreation, announceReplacement, diffSnapshot } from "./diff";

export class SnapshotLifecycle {
  constructor(private readonly runtime: ProviderRuntime) {}

  async check(olds: RawInputs, news: RawInputs): Promise<CheckResult> {
    const { memory } = this.runtime;
    const { inputs, failures } = checkSnapshot(news);
    const takesNew = !isHeld(olds) && inputs.adoptId === undefined;
    if (takesNew && failures.length === 0 && inputs.powerOff) await announceCreation(this.runtime, inputs);
    const mark = fixMark(memory, olds, inputs, inputs.triggers);
    return { inputs: plain({ ...inputs, mark }), failures };
  }

  async diff(id: string, olds: RawInputs, news: RawInputs): Promise<Difference> {
    const state = asSnapshotState(olds);
    const inputs = asSnapshotInputs(news);
    const difference = diffSnapshot(id, state, inputs);
    const { replaces } = difference;
    const { resourceUrn: urn } = inputs;
    const isDeclared = this.runtime.memory.compared(id, replaces.length > 0, urn, takenAtOf(state));
    if (replaces.length === 0 || !isDeclared) return difference;
    if (!holdsNothing(state)) this.runtime.memory.retake(urn, id);
    // A preview must say what stays and costs, and what is deleted.
    const stays = `Snapshot ${id} (${state.name}) stays in Utho when it is replaced (onReplace: "keep"). It will be in no state, and costs ${costOf(state)} until you delete it.`;
    if (this.keeps(urn, state) !== undefined) await this.runtime.say(urn, "info", stays);
    else await announceReplacement(this.runtime, id, state, replaces, news);
    return difference;
  }

  // What talks to the cloud is loaded when it is called: an `up` without changes needs `check` and `diff` alone.

  async create(inputs: RawInputs): Promise<Made> {
    const { createSnapshot } = await import("./create.js");
    const { memory } = this.runtime;
    const made = await createSnapshot(this.runtime, asSnapshotInputs(inputs));
    const former = memory.formerSnapshotOf(textOf(inputs.resourceUrn));
    if (former !== undefined) memory.retake(made.id, former);
    return made;
  }

  async read(id: string, props: RawInputs): Promise<ReadAnswer> {
    this.runtime.memory.see(id);
    const { readSnapshot } = await import("./read.js");
    return readSnapshot(this.runtime, id, asSnapshotState(props));
  }

  async update(id: string, olds: RawInputs, news: RawInputs): Promise<Made> {
    const { updateSnapshot } = await import("./update.js");
    return updateSnapshot(this.runtime, id, asSnapshotState(olds), asSnapshotInputs(news));
  }

  async delete(id: string, props: RawInputs): Promise<void> {
    this.runtime.memory.see(id);
    const { deleteSnapshot } = await import("../utho/remove.js");
    const state = asSnapshotState(props);
    return deleteSnapshot(this.runtime, id, { ...state, keep: this.keeps(state.resourceUrn, state) });
  }

  /**
   * Why it stays. In a run that declares the resource, what is deleted of it was replaced. What failed before it was data
   * never stays.
   */
  private keeps(urn: string | undefined, state: SnapshotState): string | undefined {
    const { memory } = this.runtime;
    if (holdsNothing(state)) return undefined;
    if (keepsReplaced(memory.programOf(urn), memory.formerOf(urn))) return 'onReplace: "keep"';
    // Replaced by an earlier run, which refused to restore what it took then (docs/decisions/0190): the next one does it.
    return memory.isRestored(urn) ? "this run restores the one that was taken in its place" : undefined;
  }
}

/** Whether it failed before it was ever data. */
function holdsNothing({ recorded, status }: SnapshotState): boolean {
  return isFailure(status) && recorded === undefined;
}
