import { compact } from "../../client/compact";
import type { Made } from "../engine/inputs";
import { parseSnapshotId } from "../utho/names";
import type { ProviderRuntime } from "../utho/runtime";
import { inTurn } from "../utho/turn";
import { RESTORE_TIMEOUTS, type RestoreInputs, type RestoreMemory } from "./contract";
import { Restoration } from "./restoration";

/** Restores once; what `diff` learned of a restore that this one replaces is gone on from. */
export function createRestore(
  runtime: ProviderRuntime,
  memory: RestoreMemory,
  inputs: RestoreInputs,
): Promise<Made> {
  const { cloudId } = parseSnapshotId(inputs.snapshot);
  const { resourceUrn } = inputs;
  const subject = { cloudId, resourceUrn, timeouts: { ...RESTORE_TIMEOUTS, ...inputs.timeouts } };
  return inTurn(runtime, "create", subject, async (operation) => {
    const replaced = memory.announced.get(resourceUrn ?? "");
    // A restore is an event: a second one of the same snapshot is another.
    const id = `${inputs.snapshot}@${new Date(operation.startedAt).toISOString().replace(/\.\d+Z$/, "Z")}`;
    if (replaced?.carried !== undefined) memory.carried.set(replaced.carried, true);
    const history = compact({
      phase: "safe" as const,
      done: replaced?.done,
      safetySnapshotId: replaced?.carried,
    });
    const outs = await new Restoration(operation, inputs, history, id, runtime.memory).run();
    memory.announced.delete(resourceUrn ?? "");
    return { id, outs };
  });
}
