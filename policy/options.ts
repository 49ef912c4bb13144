import type { EnforcementLevel } from "@pulumi/policy";
import { ProviderFailure } from "../provider/failure";

/** Names of the rules, as reports and a pack's configuration show them. */
export const RULE_NAMES: readonly RuleName[] = [
  "utho-server-is-covered",
  "utho-retention-reaches",
  "utho-restore-keeps-safety-snapshot",
  "utho-snapshot-names-owner",
  "utho-removal-keeps-data",
];

/** Name of a rule. */
export type RuleName =
  | "utho-server-is-covered"
  | "utho-retention-reaches"
  | "utho-restore-keeps-safety-snapshot"
  | "utho-snapshot-names-owner"
  | "utho-removal-keeps-data";

/** What the rules ask for. All of it may be left out. */
export interface UthoPolicyOptions {
  /**
   * Ids of servers that must have a rotation or a snapshot in this stack, besides those that the program itself makes
   * or puts back. @default none
   */
  servers?: readonly string[] | undefined;
  /** Logical names of clones that may go without backup and protection, such as `/^staging-/`. @default none */
  disposable?: RegExp | undefined;
  /** How many days back each rotation must reach. @default 7 */
  retentionDays?: number | undefined;
  /** What every snapshot's name must match, for example `/^team-(shop|data)-/`. @default any name will do */
  owner?: RegExp | undefined;
  /**
   * What a rule's violation does: `"mandatory"` stops the update, `"advisory"` warns, `"disabled"` is silent.
   * @default "mandatory"; "advisory" for `utho-removal-keeps-data`
   */
  enforcement?: Readonly<Partial<Record<RuleName, EnforcementLevel>>> | undefined;
}

/** The options with their defaults. */
export interface Asked {
  servers: readonly string[];
  disposable: RegExp | undefined;
  retentionDays: number;
  owner: RegExp | undefined;
  levelOf(rule: RuleName): EnforcementLevel;
}

const DEFAULT_RETENTION_DAYS = 7;

/** Checks the options: a rule that asks for something else than was meant is worse than none. */
export function readOptions(options: UthoPolicyOptions): Asked {
  const {
    servers = [],
    disposable,
    retentionDays = DEFAULT_RETENTION_DAYS,
    owner,
    enforcement = {},
  } = options;
  if (!Number.isFinite(retentionDays) || retentionDays <= 0) {
    throw refused(`retentionDays is ${retentionDays}; wanted a number of days above 0.`);
  }
  const strange = servers.find((id) => !/^\d{1,20}$/.test(id));
  if (strange !== undefined)
    throw refused(`servers has ${JSON.stringify(strange)}, which is no server's id.`);
  for (const [key, value] of Object.entries({ disposable, owner })) {
    // One that remembers where it stopped would pass every second name.
    if (value !== undefined && (!(value instanceof RegExp) || value.global || value.sticky)) {
      throw refused(`${key} must be a regular expression without the flags g and y.`);
    }
  }
  const unknown = Object.keys(enforcement).find((name) => !RULE_NAMES.some((rule) => rule === name));
  if (unknown !== undefined) {
    throw refused(`enforcement names "${unknown}"; the rules are ${RULE_NAMES.join(", ")}.`);
  }
  const levelOf = (rule: RuleName): EnforcementLevel =>
    enforcement[rule] ?? (rule === "utho-removal-keeps-data" ? "advisory" : "mandatory");
  return { servers, disposable, retentionDays, owner, levelOf };
}

function refused(because: string): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_POLICY_OPTION",
    attempted: "read the options of uthoPolicies",
    because,
    kept: "no rule was made, and nothing was touched.",
    next: "correct the option in the policy pack; docs/policy.md lists them.",
  });
}
