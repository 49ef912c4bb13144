import { compact } from "../../client/compact";
import type { KeepPolicy } from "../../provider/rotation/plan/types";
import type { AccountFlags } from "../stack/account";

/** The options of `pulumi-utho rotation plan`, each checked by itself. */
export interface RotationPlanFlags extends AccountFlags {
  state?: string;
  cloudId?: string[];
  prefix?: string;
  mark?: string;
  every?: string;
  at?: string;
  between?: string[];
  keepLast?: number;
  keepHourly?: number;
  keepDaily?: number;
  keepWeekly?: number;
  keepMonthly?: number;
  keepYearly?: number;
  keepWithin?: string;
  keepWithinHourly?: string;
  keepWithinDaily?: string;
  keepWithinWeekly?: string;
  keepWithinMonthly?: string;
  keepWithinYearly?: string;
  timeZone?: string;
  minKeep?: number;
  /** Milliseconds since the epoch. */
  now?: number;
  json: boolean;
}

/** The `keep` of the options, without what they leave out. */
export function keepIn(flags: RotationPlanFlags): KeepPolicy {
  return compact({
    last: flags.keepLast,
    hourly: flags.keepHourly,
    daily: flags.keepDaily,
    weekly: flags.keepWeekly,
    monthly: flags.keepMonthly,
    yearly: flags.keepYearly,
    within: flags.keepWithin,
    withinHourly: flags.keepWithinHourly,
    withinDaily: flags.keepWithinDaily,
    withinWeekly: flags.keepWithinWeekly,
    withinMonthly: flags.keepWithinMonthly,
    withinYearly: flags.keepWithinYearly,
  });
}
