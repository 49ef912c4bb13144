import type { Progress } from "../engine/progress";
import { ProviderFailure } from "../failure";
import type { ProviderRuntime } from "../utho/runtime";
import { sortedIds } from "./contract";
import { memberTime, rotationName } from "./members";
import { incompleteStory, remainder, tellWork } from "./outcome";
import { prefixOf } from "./settings";
import { type Declared, type RotationState, successorOf } from "./state";
import { clear, leftOff, onServers, type ServerWork, wake } from "./turn";
import { orderFor } from "./view";

/** Ends the rotation; its snapshots stay, or go with it, as `onRemove` says. */
export async function deleteRotation(runtime: ProviderRuntime, state: RotationState): Promise<void> {
  const row = runtime.progress(state.resourceUrn);
  const successor = successorOf(runtime.memory, state.resourceUrn);
  if (successor !== undefined) {
    row.info("The rotation is still in this program; its snapshots stay, whatever onRemove says.");
    tellStrays(row, state, successor);
  } else if (state.onRemove !== "delete") {
    await onEach(runtime, state, wake, await leftOff(runtime, serversOf(state)));
    if (state.snapshots.length > 0) row.info(`The rotation ended. ${remainder(state.snapshots)}`);
  } else {
    await onEach(runtime, state, clear, serversOf(state));
  }
  await row.flush();
}

/** A forced replacement begins with the mark of its present name and one prefix; no rotation prunes the earlier names. */
function tellStrays(row: Progress, { snapshots }: RotationState, successor: Declared): void {
  const known = { mark: successor.mark, prefixes: [prefixOf(successor)] };
  const strays = snapshots.filter(({ name }) => memberTime(name, known) === undefined);
  if (strays.length === 0) return;
  row.warn(
    `The replacement names its snapshots "${rotationName(prefixOf(successor), successor.mark, 0).slice(0, -17)}-…" and does not recognise the earlier ones, which had another name. ${remainder(strays)}`,
  );
}

function serversOf({ cloudIds, leaving, snapshots }: RotationState): string[] {
  return sortedIds([...cloudIds, ...(leaving ?? []), ...snapshots.map(({ cloudId }) => cloudId)]);
}

async function onEach(
  runtime: ProviderRuntime,
  state: RotationState,
  work: ServerWork,
  servers: readonly string[],
): Promise<void> {
  const order = orderFor(runtime, state, state, servers.length, "delete");
  const outcomes = await onServers(runtime, order, servers, work);
  tellWork(order.progress.row, outcomes);
  await order.progress.row.flush();
  const [firstError] = outcomes.flatMap(({ errors }) => errors);
  if (firstError === undefined) return;
  if (firstError.code === "UTHO_OTHER_ACCOUNT") throw firstError;
  throw new ProviderFailure({
    ...incompleteStory(state, outcomes, firstError),
    attempted: `remove the rotation (onRemove: "${state.onRemove}")`,
    kept: "the rotation stays in state, with its remaining snapshots.",
    next: "run again: it goes on with the rest.",
  });
}
