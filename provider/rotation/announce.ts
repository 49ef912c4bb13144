import { UthoError } from "../../client/errors";
import { isUnknown } from "../engine/unknown";
import type { ProviderRuntime } from "../utho/runtime";
import type { RotationInputs } from "./contract";
import { decide } from "./decide";
import type { Difference } from "./diff";
import { listedOf, membersAmong } from "./members";
import { describePlan } from "./plan/describe";
import type { ServerPlan } from "./plan/types";
import { prefixOf } from "./settings";

/** How old an answer a preview may use. */
const PREVIEW_WINDOW_MS = 60_000;

/** Says what an update will do, by what state knows, so that a preview tells it. Asks nobody. */
export async function announceUpdate(
  runtime: ProviderRuntime,
  inputs: RotationInputs,
  { plans }: Difference,
): Promise<void> {
  const progress = runtime.progress(inputs.resourceUrn);
  progress.info(
    inputs.paused
      ? "The rotation is paused: it takes nothing and deletes nothing."
      : `The rotation ${describePlan(plans, runtime.clock.now())}.`,
  );
  await progress.flush();
}

/** The same for a rotation that is new to the state, by what is in the cloud already. */
export async function announceCreation(runtime: ProviderRuntime, inputs: RotationInputs): Promise<void> {
  const progress = runtime.progress(inputs.resourceUrn);
  progress.info(`The rotation ${await firstWork(runtime, inputs)}.`);
  await progress.flush();
}

async function firstWork(runtime: ProviderRuntime, inputs: RotationInputs): Promise<string> {
  if (inputs.paused) return "is paused: it takes nothing and deletes nothing";
  const servers = inputs.cloudIds.filter((cloudId) => !isUnknown(cloudId));
  if (servers.length < inputs.cloudIds.length || servers.length === 0 || isUnknown(prefixOf(inputs))) {
    return "takes what is due on servers that are not known before the update, deletes nothing";
  }
  const now = runtime.clock.now();
  try {
    const plans = await plansNow(runtime, inputs, servers, now);
    const spared = plans.map((plan) => ({ ...plan, delete: [] }));
    const later = plans.flatMap((plan) => plan.delete).length;
    const note = later === 0 ? "" : ` yet; the next run prunes ${later} that it had made in an earlier life`;
    return `${describePlan(spared, now)}${note}`;
  } catch (error) {
    if (!(error instanceof UthoError)) throw error;
    return "takes what is due; what there is already could not be read now";
  }
}

async function plansNow(
  runtime: ProviderRuntime,
  inputs: RotationInputs,
  servers: readonly string[],
  now: number,
): Promise<ServerPlan[]> {
  const { listing } = await runtime.account();
  const account = await listing.account(now - PREVIEW_WINDOW_MS);
  const membership = { mark: inputs.mark, prefixes: [prefixOf(inputs)] };
  return servers.map((cloudId) => {
    const members = membersAmong(listedOf(account, cloudId).values(), { cloudId }, membership);
    return decide(inputs, cloudId, members, new Set(), now);
  });
}
