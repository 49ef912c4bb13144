import type { CheckResult, Difference, Made, RawInputs, ReadAnswer } from "../engine/inputs";
import { isHeld } from "../engine/memory";
import { plain } from "../engine/values";
import { costOf } from "../utho/facts";
import { takenAtOf } from "../utho/find";
import { fixMark } from "../utho/names";
import type { ProviderRuntime } from "../utho/runtime";
import { isFailure } from "../utho/status";
import { asSnapshotInputs, checkSnapshot, keepsReplaced } from "./check";
import type { SnapshotInputs, SnapshotState } from "./contract";
import { diffSnapshot } from "./diff";
import { asSnapshotState } from "./state";

/** The Snapshot resource as the engine drives it. */
export class SnapshotLifecycle {
  constructor(private readonly runtime: ProviderRuntime) {}

  async check(olds: RawInputs, news: RawInputs): Promise<CheckResult> {
    this.runtime.settings();
    const { memory } = this.runtime;
    memory.checked(olds, news);
    const { inputs, failures } = checkSnapshot(news);
    const takesNew = !isHeld(olds) && inputs.adoptId === undefined;
    if (takesNew && failures.length === 0 && inputs.powerOff) {
      const { announceCreation } = await import("./diff.js");
      await announceCreation(this.runtime, inputs);
    }
    const mark = fixMark(memory, olds, inputs, inputs.triggers);
    return { inputs: plain({ ...inputs, mark }), failures };
  }

  async diff(id: string, olds: RawInputs, news: RawInputs): Promise<Difference> {
    const state = asSnapshotState(olds);
    const inputs = asSnapshotInputs(news);
    const difference = diffSnapshot(id, state, inputs);
    this.remember(id, state, inputs, difference);
    const { replaces } = difference;
    const { resourceUrn: urn } = inputs;
    if (replaces.length === 0 || this.runtime.memory.programOf(urn) === undefined) return difference;
    if (this.keeps(urn, state)) {
      await this.announceKept(urn, id, state);
    } else {
      const { announceReplacement } = await import("./diff.js");
      await announceReplacement(this.runtime, id, state, replaces, news);
    }
    return difference;
  }

  // What talks to the cloud is loaded when it is called: an `up` without changes needs `check` and `diff` alone.

  async create(inputs: RawInputs): Promise<Made> {
    const { createSnapshot } = await import("./create.js");
    return createSnapshot(this.runtime, asSnapshotInputs(inputs));
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

  /** In a run that declares the resource, what is deleted of it was replaced. What failed before it was data never stays. */
  private keeps(urn: string | undefined, { recorded, status }: SnapshotState): boolean {
    const { memory } = this.runtime;
    if (isFailure(status) && recorded === undefined) return false;
    return keepsReplaced(memory.programOf(urn), memory.formerOf(urn));
  }

  /** A preview must say what stays and costs. */
  private async announceKept(urn: string | undefined, id: string, state: SnapshotState): Promise<void> {
    const progress = this.runtime.progress(urn);
    progress.info(
      `Snapshot ${id} (${state.name}) stays in Utho when it is replaced (onReplace: "keep"). It will be in no state, and costs ${costOf(state)} until you delete it.`,
    );
    await progress.flush();
  }

  /** Without a program the engine only refreshes: then nothing is replaced, and what lives on is not for `diff` to say. */
  private remember(id: string, state: SnapshotState, inputs: SnapshotInputs, difference: Difference): void {
    const { memory } = this.runtime;
    memory.see(id);
    const urn = inputs.resourceUrn;
    if (urn === undefined || memory.programOf(urn) === undefined) return;
    if (difference.replaces.length > 0) memory.replace(id);
    else memory.keep(id, { urn, takenAt: takenAtOf(state) });
  }
}
