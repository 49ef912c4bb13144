import { compact } from "../../client/compact";
import type { RawInputs, ReadAnswer } from "../engine/inputs";
import { ProviderFailure } from "../failure";
import type { ProviderRuntime } from "../utho/runtime";
import { isActive } from "../utho/status";
import { Known, lookAtMembers } from "./members";
import { sayFailed } from "./outcome";
import { inFormOf, toRotationState } from "./outputs";
import { asRotationState } from "./state";

/** The rotation is not in the cloud and never "gone"; `diff` judges by the baseline which snapshots vanished or failed. */
export async function readRotation(
  runtime: ProviderRuntime,
  id: string,
  props: RawInputs,
): Promise<ReadAnswer> {
  const state = asRotationState(props);
  if (state.prefixes.length === 0)
    throw new ProviderFailure({
      code: "UTHO_ROTATION_INPUT",
      attempted: `read rotation ${id}`,
      because: "a rotation is known to its own state only; nothing in Utho has its id.",
      kept: "nothing was touched.",
      next: "leave the option `id` out. Of another stack's rotation, a StackReference has the outputs, and getSnapshots({ nameRegex }) lists the snapshots that it made.",
    });
  const account = await runtime.account();
  const now = runtime.clock.now();
  const servers = [...state.cloudIds, ...(state.leaving ?? [])];
  const known = new Known(state, state);
  const members = [...(await lookAtMembers(account, known, servers, state, now)).values()].flat();
  const fresh = toRotationState({
    inputs: state,
    known,
    members,
    failures: state.failures,
    recorded: [...state.recorded, ...members.filter(({ status }) => isActive(status)).map((one) => one.id)],
    leaving: state.leaving ?? [],
    owed: state.owed ?? [],
    spared: state.spared ?? [],
    now,
  });
  const row = runtime.progress(state.resourceUrn);
  sayFailed(row, fresh);
  await row.flush();
  // What an earlier version did not record is no difference.
  const { losses = {} } = fresh;
  const hasLosses = state.losses !== undefined || Object.keys(losses).length > 0;
  const shown = { ...fresh, losses: hasLosses ? losses : undefined, costCurrency: state.costCurrency };
  return { id, props: inFormOf(props, compact(shown)) };
}
