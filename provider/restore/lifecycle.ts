import type { CheckResult, Difference, Made, RawInputs, ReadAnswer } from "../engine/inputs";
import { isHeld } from "../engine/memory";
import { plain } from "../engine/values";
import { takenAtOf } from "../utho/find";
import { fixMark } from "../utho/names";
import type { ProviderRuntime } from "../utho/runtime";
import { adviseName } from "../utho/source";
import { asRestoreInputs, checkRestore } from "./check";
import { asRestoreState, type RestoreInputs, RestoreMemory, type RestoreState } from "./contract";
import { diffRestore, refuseMoving } from "./diff";

/** The SnapshotRestore resource as the engine drives it. */
export class RestoreLifecycle {
  private readonly memory: RestoreMemory;

  constructor(private readonly runtime: ProviderRuntime) {
    this.memory = new RestoreMemory(runtime.memory);
  }

  /** Without `olds` the engine is about to create, so what will happen is said: the engine shows it in a preview. */
  async check(olds: RawInputs, news: RawInputs): Promise<CheckResult> {
    this.runtime.settings();
    const { memory } = this.runtime;
    await adviseName(this.runtime, news);
    memory.checked(olds, news);
    const { inputs, failures } = checkRestore(news);
    if (!isHeld(olds) && failures.length === 0) {
      const { announceRestore } = await import("./diff.js");
      await announceRestore(this.runtime, inputs);
    }
    const mark = fixMark(memory, olds, inputs, [inputs.snapshot, inputs.triggers ?? null]);
    return { inputs: plain({ ...inputs, mark }), failures };
  }

  async diff(_id: string, olds: RawInputs, news: RawInputs): Promise<Difference> {
    const state = asRestoreState(olds);
    const inputs = asRestoreInputs(news);
    const difference = diffRestore(state, inputs);
    refuseMoving(state, inputs, difference);
    this.remember(state, inputs, difference);
    const { resourceUrn: urn } = inputs;
    if (difference.changes && urn !== undefined && this.runtime.memory.programOf(urn) !== undefined) {
      const { announceDifference } = await import("./diff.js");
      const carried = this.memory.announced.get(urn)?.carried;
      await announceDifference(this.runtime, state, news, difference, carried);
    }
    return difference;
  }

  // What talks to the cloud is loaded when it is called: an `up` without changes needs `check` and `diff` alone.

  async create(inputs: RawInputs): Promise<Made> {
    const { createRestore } = await import("./create.js");
    return createRestore(this.runtime, this.memory, asRestoreInputs(inputs));
  }

  async read(id: string, props: RawInputs): Promise<ReadAnswer> {
    const { safetySnapshotId } = asRestoreState(props);
    if (safetySnapshotId !== undefined) this.runtime.memory.see(safetySnapshotId);
    const { readRestore } = await import("./read.js");
    return readRestore(this.runtime, id, asRestoreState(props));
  }

  async update(id: string, olds: RawInputs, news: RawInputs): Promise<Made> {
    const { updateRestore } = await import("./update.js");
    return updateRestore(this.runtime, id, asRestoreState(olds), asRestoreInputs(news));
  }

  async delete(_id: string, props: RawInputs): Promise<void> {
    const { deleteRestore } = await import("./delete.js");
    return deleteRestore(this.runtime, this.memory, asRestoreState(props));
  }

  /** Before `create`, only this shows what a restore replaces. */
  private remember(state: RestoreState, inputs: RestoreInputs, difference: Difference): void {
    const { safetySnapshotId, safetySnapshotName: name, phase } = state;
    const { resourceUrn: urn, snapshot: source } = inputs;
    const { memory } = this.runtime;
    if (safetySnapshotId !== undefined) memory.see(safetySnapshotId);
    if (urn === undefined || memory.programOf(urn) === undefined) return;
    if (difference.replaces.length === 0) {
      if (safetySnapshotId !== undefined)
        memory.keep(safetySnapshotId, { urn, takenAt: takenAtOf({ name }) });
      return;
    }
    if (safetySnapshotId !== undefined) memory.replace(safetySnapshotId);
    const sameServer = safetySnapshotId?.split("/")[0] === source.split("/")[0];
    const carried = phase !== "restored" && sameServer ? safetySnapshotId : undefined;
    this.memory.announced.set(urn, { done: state.done ?? [], carried, source });
  }
}
