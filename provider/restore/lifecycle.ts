import { compact } from "../../client/compact";
import type { CheckResult, Difference, Made, RawInputs, ReadAnswer } from "../engine/inputs";
import { isHeld } from "../engine/memory";
import { plain } from "../engine/values";
import { fixMark, takenAtOf } from "../utho/names";
import type { ProviderRuntime } from "../utho/runtime";
import { checkRestore } from "./check";
import {
  asRestoreInputs,
  asRestoreState,
  type RestoreInputs,
  RestoreMemory,
  type RestoreState,
} from "./contract";
import { announceDifference, announceRestore, diffRestore, refuseMoving, refuseRetaken } from "./diff";

export class RestoreLifecycle {
  private readonly memory: RestoreMemory;

  constructor(private readonly runtime: ProviderRuntime) {
    this.memory = new RestoreMemory(runtime.memory);
  }

  /** Without `olds` the engine is about to create, so what will happen is said: the engine shows it in a preview. */
  async check(olds: RawInputs, news: RawInputs): Promise<CheckResult> {
    const { memory } = this.runtime;
    const { inputs, failures } = checkRestore(news);
    if (!isHeld(olds) && failures.length === 0) {
      refuseRetaken(this.runtime, asRestoreInputs(inputs));
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
    if (difference.replaces.length > 0) refuseRetaken(this.runtime, inputs);
    this.remember(state, inputs, difference);
    const { resourceUrn: urn } = inputs;
    if (difference.changes && urn !== undefined && this.runtime.memory.programOf(urn) !== undefined) {
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
    const { safetySnapshotId, safetySnapshotName: name, phase, unasked } = state;
    const { resourceUrn: urn, snapshot: source } = inputs;
    const { memory } = this.runtime;
    const isReplaced = difference.replaces.length > 0;
    if (safetySnapshotId !== undefined)
      memory.compared(safetySnapshotId, isReplaced, urn, takenAtOf({ name }));
    if (urn === undefined || memory.programOf(urn) === undefined || !isReplaced) return;
    const sameServer = safetySnapshotId?.split("/")[0] === source.split("/")[0];
    const carried = phase !== "restored" && unasked !== true && sameServer ? safetySnapshotId : undefined;
    this.memory.announced.set(urn, compact({ done: state.done, carried, source }));
  }
}
