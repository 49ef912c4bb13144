/**
 * Rules for a Pulumi policy pack that keep people from losing data on Utho. docs/policy.md describes each.
 *
 * ```ts
 * import { PolicyPack } from "@pulumi/policy";
 * import { uthoPolicies } from "pulumi-utho/policy";
 *
 * new PolicyPack("snapshots", { policies: uthoPolicies({ retentionDays: 14, owner: /^(prod|dev)-/ }) });
 * ```
 *
 * @module pulumi-utho/policy
 */
import type { Policies } from "@pulumi/policy";
import { coverageRule } from "./coverage";
import { readOptions, type UthoPolicyOptions } from "./options";
import { ownerRule } from "./owner";
import { removalRule } from "./removal";
import { restoreRule } from "./restores";
import { retentionRule } from "./retention";

export type { RuleName, UthoPolicyOptions } from "./options";

/**
 * The rules, for the `policies` of a pack; a pack may have others beside them. Each is a plain object, so that
 * `uthoPolicies().filter(({ name }) => …)` leaves some out.
 *
 * Errors: `UTHO_POLICY_OPTION`.
 */
export function uthoPolicies(options: UthoPolicyOptions = {}): Policies {
  const asked = readOptions(options);
  return [
    coverageRule(asked),
    retentionRule(asked),
    restoreRule(asked),
    removalRule(asked),
    ...(asked.owner === undefined ? [] : [ownerRule(asked, asked.owner)]),
  ];
}
