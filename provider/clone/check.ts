import type { Plan } from "../../client";
import {
  type CheckResult,
  checkInputs,
  type Demand,
  type Fail,
  FLAG,
  isId,
  normaliseId,
  type RawInputs,
} from "../engine/inputs";
import { isUnknown } from "../engine/values";
import { ifAnswered, ProviderFailure } from "../failure";
import { checkSource, parseSnapshotId } from "../utho/names";
import type { ProviderRuntime } from "../utho/runtime";
import type { CloneInputs } from "./contract";

/** A hostname as every API of this kind takes it; Utho may refuse more, and then says so. */
const HOSTNAME = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

const GIVEN: Readonly<Record<string, Demand>> = {
  adoptId: {
    code: "UTHO_CLONE_INPUT",
    isGood: isId,
    text: (shown) => `${shown} is not the id of a server, such as "1003"`,
  },
  rootPassword: {
    code: "UTHO_CLONE_INPUT",
    isGood: (value) => typeof value === "string" && value.trim() !== "",
    // It is secret, and so never quoted.
    text: () => "rootPassword must be a text that is not blank",
  },
  enablePublicIp: FLAG,
  finalSnapshot: FLAG,
};

/** Texts that may be left out. */
const TEXTS = ["dcslug", "billingCycle", "firewall", "vpcId", "cpuModel", "auth"];

export function checkClone(news: RawInputs): CheckResult {
  return checkInputs(news, GIVEN, (inputs, fail) => {
    for (const key of ["hostname", "planId", "adoptId", ...TEXTS]) normaliseId(inputs, key);
    checkSource(inputs, fail);
    checkHostname(inputs.hostname, fail);
    checkText(inputs, "planId", 'the id of one of Utho\'s plans, such as "10045"', fail);
    for (const key of TEXTS) if (inputs[key] !== undefined) checkText(inputs, key, "a text", fail);
    checkSshKeys(inputs, fail);
  });
}

function checkHostname(value: unknown, fail: Fail): void {
  if (isUnknown(value) || (typeof value === "string" && HOSTNAME.test(value))) return;
  fail(
    "hostname",
    "UTHO_CLONE_INPUT",
    `${JSON.stringify(value ?? null)} is no hostname: letters, digits, dots and hyphens are allowed, with a letter or digit at both ends`,
  );
}

function checkText(inputs: RawInputs, key: string, wanted: string, fail: Fail): void {
  const value = inputs[key];
  if (isUnknown(value) || (typeof value === "string" && value !== "")) return;
  fail(key, "UTHO_CLONE_INPUT", `${key} is ${JSON.stringify(value ?? null)}; wanted ${wanted}`);
}

/** Utho takes ids of keys that it has stored, not the keys themselves. */
function checkSshKeys(inputs: Record<string, unknown>, fail: Fail): void {
  const value = inputs.sshKeys;
  if (value === null) delete inputs.sshKeys;
  if (value === undefined || value === null || isUnknown(value)) return;
  const keys: unknown[] = Array.isArray(value) ? value : [value];
  if (keys.every((key) => isUnknown(key) || isId(String(key)))) {
    inputs.sshKeys = keys.map(String);
  } else {
    fail(
      "sshKeys",
      "UTHO_CLONE_INPUT",
      "sshKeys must be the numbers of keys that are stored in Utho's console",
    );
  }
}

const LONGEST_LIST = 10;

/**
 * Refuses a plan that Utho does not offer, before anything is deployed, as far as the program is known by then. Utho's
 * documentation does not have the list of plans for a snapshot, so that list alone only warns: deploying says for sure.
 */
export async function checkPlan(runtime: ProviderRuntime, inputs: CloneInputs): Promise<void> {
  const { adoptId, planId, resourceUrn, snapshot } = inputs;
  if (isUnknown(planId) || isUnknown(snapshot)) return;
  if (adoptId !== undefined && !runtime.memory.hasAdopted(resourceUrn, adoptId)) return;
  const { plans } = (await runtime.account()).client;
  // Where the call does not exist, or fails, the deploy call itself says what stands against the plan.
  const fitting = (await ifAnswered(plans.listForSnapshot(parseSnapshotId(snapshot).snapshotId))) ?? [];
  if (fitting.length === 0) return;
  const plan = fitting.find(({ id }) => id === planId);
  const story = {
    attempted: `deploy ${inputs.hostname} from snapshot ${snapshot} with plan ${planId}`,
    kept: "no server was made.",
  };
  if (plan?.diskGb === 0)
    throw new ProviderFailure({
      ...story,
      code: "UTHO_CLONE_PLAN_DISK",
      because: `plan ${planId} has no disk of its own: it needs block storage (EBS), which ServerClone does not order.`,
      next: `set planId to one with a disk, or deploy the server in Utho's console and hand it over with adoptId. ${others(fitting)}`,
    });
  if (plan !== undefined) return;
  if (!(await ifAnswered(plans.list()))?.some(({ id }) => id === planId))
    throw new ProviderFailure({
      ...story,
      code: "UTHO_CLONE_PLAN",
      because: `Utho lists no plan ${planId}, neither for this snapshot nor at all.`,
      next: `set planId to one that fits. ${others(fitting)}`,
    });
  const text = `Utho does not list plan ${planId} for this snapshot, which may not fit on it. ${others(fitting)}`;
  await runtime.say(resourceUrn, "warn", text);
}

function others(plans: readonly Plan[]): string {
  const own = plans.filter(({ diskGb }) => diskGb !== 0);
  const listed = own
    .slice(0, LONGEST_LIST)
    .map(({ id, diskGb }) => (diskGb === undefined ? id : `${id} (${diskGb} GB)`));
  const more = own.length > listed.length ? ` and ${own.length - listed.length} more` : "";
  return listed.length === 0 ? "Utho offers none for it." : `Utho offers ${listed.join(", ")}${more}.`;
}
