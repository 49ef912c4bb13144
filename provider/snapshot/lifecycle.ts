import type { CheckResult, RawInputs } from "../engine/inputs";
import type { ProviderRuntime } from "../utho/runtime";
import { parseSnapshotId } from "../utho/snapshotid";
import { asSnapshotInputs, checkSnapshot } from "./check";
import type { SnapshotState } from "./contract";
import type { Created } from "./create";
import { type Difference, diffSnapshot } from "./diff";
import type { ReadAnswer } from "./read";
import { asSnapshotState } from "./state";

/** The Snapshot resource as the engine drives it. */
export class SnapshotLifecycle {
  /** URNs whose program inputs were checked in this process: a `diff` without that is a refresh's. */
  private readonly declared = new Set<string>();

  constructor(private readonly runtime: ProviderRuntime) {}

  check(olds: RawInputs, news: RawInputs): CheckResult {
    this.runtime.settings();
    const result = checkSnapshot(olds, news, this.runtime.clock.now());
    const { resourceUrn } = asSnapshotInputs(result.inputs);
    if (resourceUrn !== undefined) this.declared.add(resourceUrn);
    return result;
  }

  diff(id: string, olds: RawInputs, news: RawInputs): Difference {
    const state = asSnapshotState(olds);
    const inputs = asSnapshotInputs(news);
    const difference = diffSnapshot(id, state, inputs);
    const urn = inputs.resourceUrn ?? "";
    if (this.declared.has(urn)) this.remember(id, urn, state, difference);
    return difference;
  }

  // What talks to the cloud is loaded when it is called: an `up` without changes needs `check` and `diff` alone.

  async create(inputs: RawInputs): Promise<Created> {
    const { createSnapshot } = await import("./create.js");
    return createSnapshot(this.runtime, asSnapshotInputs(inputs));
  }

  async read(id: string, props: RawInputs): Promise<ReadAnswer> {
    const { readSnapshot } = await import("./read.js");
    return readSnapshot(this.runtime, id, asSnapshotState(props));
  }

  async update(id: string, olds: RawInputs, news: RawInputs): Promise<{ outs: Record<string, unknown> }> {
    const { updateSnapshot } = await import("./update.js");
    return { outs: await updateSnapshot(this.runtime, id, asSnapshotState(olds), asSnapshotInputs(news)) };
  }

  async delete(id: string, props: RawInputs): Promise<void> {
    const { deleteSnapshot } = await import("../utho/remove.js");
    return deleteSnapshot(this.runtime, id, asSnapshotState(props));
  }

  /** Before `create`, this is all that tells a replacement from the re-run of an interrupted creation. */
  private remember(id: string, urn: string, state: SnapshotState, difference: Difference): void {
    if (difference.replaces.length === 0) {
      this.runtime.keptAlive.add(id);
      return;
    }
    this.runtime.keptAlive.delete(id);
    const { snapshotId } = parseSnapshotId(id);
    this.runtime.replacements.set(urn, { snapshotId, predecessors: state.predecessors ?? [] });
  }
}
