import { ProviderFailure } from "../failure";
import type { ProviderRuntime } from "../runtime";
import type { RotationState } from "./contract";
import { FleetProgress } from "./fleetprogress";
import { incompleteStory } from "./incomplete";
import type { RotationMemory } from "./memory";
import type { RotationOrder } from "./order";
import { sortedIds } from "./servers";
import { remainder, tellWork } from "./tell";
import { clearServer, leftOff, wakeServer } from "./turn";

/** Ends the rotation; its snapshots stay, or go with it, as `onRemove` says. */
export async function deleteRotation(
  runtime: ProviderRuntime,
  memory: RotationMemory,
  state: RotationState,
): Promise<void> {
  const row = runtime.progress(state.resourceUrn);
  if (memory.isDeclared(state.resourceUrn)) {
    row.info("The rotation lives on in this program; its snapshots stay, whatever onRemove says.");
  } else if (state.onRemove === "keep") {
    await onEach(runtime, state, row, wakeServer, await leftOff(runtime, serversOf(state)));
    if (state.snapshots.length > 0) row.info(`The rotation ended. ${remainder(state.snapshots)}`);
  } else {
    await onEach(runtime, state, row, clearServer, serversOf(state));
  }
  await row.flush();
}

function serversOf({ cloudIds, leaving, snapshots }: RotationState): string[] {
  return sortedIds([...cloudIds, ...(leaving ?? []), ...snapshots.map(({ cloudId }) => cloudId)]);
}

async function onEach(
  runtime: ProviderRuntime,
  state: RotationState,
  row: ReturnType<ProviderRuntime["progress"]>,
  part: typeof clearServer,
  servers: readonly string[],
): Promise<void> {
  const order: RotationOrder = {
    kind: "delete",
    inputs: state,
    membership: state,
    neverData: new Set(),
    misdated: new Set(),
    mayDelete: true,
    startedAt: runtime.clock.now(),
    progress: new FleetProgress(row, servers.length),
  };
  const outcomes = await Promise.all(servers.map((cloudId) => part(runtime, order, cloudId)));
  tellWork(row, outcomes);
  const [firstError] = outcomes.flatMap(({ errors }) => errors);
  if (firstError === undefined) return;
  await row.flush();
  throw new ProviderFailure({
    ...incompleteStory(state, outcomes, firstError),
    attempted: `remove the rotation (onRemove: "${state.onRemove}")`,
    kept: "the rotation stays in state, with those of its snapshots that are still there.",
    next: "run again: it goes on with what is left.",
  });
}
