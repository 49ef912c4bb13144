import type { CheckResult, RawInputs } from "../engine/inputs";
import type { ProviderRuntime } from "../utho/runtime";
import { parseSnapshotId } from "../utho/snapshotid";
import { asRestoreInputs, checkRestore } from "./check";
import type { RestoreState } from "./contract";
import type { Created } from "./create";
import { type Difference, diffRestore } from "./diff";
import { RestoreMemory } from "./memory";
import { asRestoreState } from "./state";

/** The SnapshotRestore resource as the engine drives it. */
export class RestoreLifecycle {
  private readonly memory = new RestoreMemory();
  /** URNs whose program inputs were checked in this process: a `diff` without that is a refresh's. */
  private readonly declared = new Set<string>();

  constructor(private readonly runtime: ProviderRuntime) {}

  /** Without `olds` the engine is about to create, so what will happen is said: the engine shows it in a preview. */
  async check(olds: RawInputs, news: RawInputs): Promise<CheckResult> {
    this.runtime.settings();
    const result = checkRestore(news);
    const { resourceUrn } = asRestoreInputs(news);
    if (resourceUrn !== undefined) this.declared.add(resourceUrn);
    const isNew = olds.snapshotId === undefined;
    if (isNew && result.failures.length === 0) {
      const { announceRestore } = await import("./announce.js");
      await announceRestore(this.runtime, asRestoreInputs(news));
    }
    return result;
  }

  diff(_id: string, olds: RawInputs, news: RawInputs): Difference {
    const state = asRestoreState(olds);
    const inputs = asRestoreInputs(news);
    const difference = diffRestore(state, inputs);
    const urn = inputs.resourceUrn ?? "";
    if (this.declared.has(urn)) this.remember(state, urn, inputs.snapshotId, difference);
    return difference;
  }

  // What talks to the cloud is loaded when it is called: an `up` without changes needs `check` and `diff` alone.

  async create(inputs: RawInputs): Promise<Created> {
    const { createRestore } = await import("./create.js");
    return createRestore(this.runtime, this.memory, asRestoreInputs(inputs));
  }

  async read(id: string, props: RawInputs): Promise<{ id: string; props: Record<string, unknown> }> {
    const { readRestore } = await import("./read.js");
    return readRestore(this.runtime, id, asRestoreState(props));
  }

  async update(id: string, olds: RawInputs, news: RawInputs): Promise<{ outs: Record<string, unknown> }> {
    const { updateRestore } = await import("./update.js");
    return { outs: await updateRestore(this.runtime, id, asRestoreState(olds), asRestoreInputs(news)) };
  }

  async delete(_id: string, props: RawInputs): Promise<void> {
    const { deleteRestore } = await import("./delete.js");
    return deleteRestore(this.runtime, this.memory, asRestoreState(props));
  }

  /** Before `create`, this is all that tells a replacement from the re-run of an interrupted restore. */
  private remember(state: RestoreState, urn: string, source: string, difference: Difference): void {
    const { safetySnapshotId, phase } = state;
    if (difference.replaces.length === 0) {
      if (safetySnapshotId !== undefined) this.memory.alive.add(safetySnapshotId);
      return;
    }
    this.memory.alive.delete(safetySnapshotId ?? "");
    const own = safetySnapshotId === undefined ? [] : [parseSnapshotId(safetySnapshotId).snapshotId];
    const sameServer = safetySnapshotId?.split("/")[0] === source.split("/")[0];
    this.memory.announced.set(urn, {
      done: state.done ?? [],
      predecessors: [...(state.predecessors ?? []), ...own],
      carried: phase !== "restored" && sameServer ? safetySnapshotId : undefined,
      source,
    });
  }
}
