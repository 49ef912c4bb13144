import type { Plan } from "../../client";
import { UthoError } from "../../client/errors";
import { isUnknown } from "../engine/unknown";
import { ProviderFailure } from "../failure";
import type { Account, ProviderRuntime } from "../utho/runtime";
import { parseSnapshotId } from "../utho/snapshotid";
import type { CloneInputs } from "./contract";

const LONGEST_LIST = 10;

/** Refuses a plan that Utho does not offer for the snapshot, before anything is deployed. */
export async function checkPlan(account: Account, inputs: CloneInputs): Promise<void> {
  const plans = await plansFor(account, inputs);
  // Utho's documentation does not have this call: an answer without a plan proves nothing.
  if (plans.length === 0) return;
  const plan = plans.find(({ id }) => id === inputs.planId);
  if (plan === undefined) throw unfit(inputs, plans);
  if (plan.diskGb === 0) throw diskless(inputs, plans);
}

/** The same in a preview, as far as the program is known by then. */
export async function checkPlanAhead(runtime: ProviderRuntime, inputs: CloneInputs): Promise<void> {
  const { adoptId, planId, snapshotId } = inputs;
  if (adoptId !== undefined || isUnknown(planId) || isUnknown(snapshotId)) return;
  await checkPlan(await runtime.account(), inputs);
}

/** Where the call does not exist, or fails, the deploy call itself says what stands against the plan. */
async function plansFor(account: Account, { snapshotId }: CloneInputs): Promise<Plan[]> {
  try {
    return await account.client.plans.listForSnapshot(parseSnapshotId(snapshotId).snapshotId);
  } catch (error) {
    if (error instanceof UthoError) return [];
    throw error;
  }
}

function unfit(inputs: CloneInputs, plans: readonly Plan[]): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_CLONE_PLAN",
    attempted: attemptOf(inputs),
    because: `Utho does not offer plan ${inputs.planId} for this snapshot.`,
    kept: "no server was made.",
    next: `set planId to one that fits: ${fitting(plans)}.`,
  });
}

function diskless(inputs: CloneInputs, plans: readonly Plan[]): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_CLONE_PLAN_DISK",
    attempted: attemptOf(inputs),
    because: `plan ${inputs.planId} has no disk of its own: it needs block storage (EBS), which ServerClone does not order.`,
    kept: "no server was made.",
    next: `set planId to one with a disk: ${fitting(plans)}; or deploy the server in Utho's console and hand it over with adoptId.`,
  });
}

function attemptOf({ hostname, snapshotId, planId }: CloneInputs): string {
  return `deploy ${hostname} from snapshot ${snapshotId} with plan ${planId}`;
}

function fitting(plans: readonly Plan[]): string {
  const own = plans.filter(({ diskGb }) => diskGb !== 0);
  const told = own
    .slice(0, LONGEST_LIST)
    .map(({ id, diskGb }) => (diskGb === undefined ? id : `${id} (${diskGb} GB)`));
  const more = own.length - told.length;
  if (told.length === 0) return "Utho offers none for this snapshot";
  return `${told.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
