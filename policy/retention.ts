import type { ResourceValidationPolicy } from "@pulumi/policy";
import { keepOf } from "../provider/rotation/contract";
import { parseWithin } from "../provider/rotation/plan/periods";
import { type KeepPolicy, SPANS } from "../provider/rotation/plan/types";
import { parseEvery } from "../provider/rotation/settings";
import { dynamicType } from "../provider/utho/names";
import type { Asked } from "./options";
import { TYPES } from "./types";

const MS_OF_DAY = 86_400_000;

/** Days that one of each kind reaches back. The shortest month and year count, so that no promise is broken. */
const DAYS = { hourly: 1 / 24, daily: 1, weekly: 7, monthly: 28, yearly: 365 } as const;

/** Each rotation keeps a snapshot that is as old as this. */
export function retentionRule(asked: Asked): ResourceValidationPolicy {
  return {
    name: "utho-retention-reaches",
    description: `Every rotation keeps snapshots that reach at least ${asked.retentionDays} days back.`,
    enforcementLevel: asked.levelOf("utho-retention-reaches"),
    validateResource: ({ type, props }, report) => {
      if (dynamicType(type) !== TYPES.rotation) return;
      const every = typeof props.every === "string" ? parseEvery(props.every) : undefined;
      const days = reachOf(keepOf(props.keep), (every ?? 0) / MS_OF_DAY);
      if (days >= asked.retentionDays) return;
      const reached = Math.round(days * 10) / 10;
      report(
        `keep reaches ${reached} days back, and ${asked.retentionDays} are asked for: keep more, for example { daily: ${Math.ceil(asked.retentionDays)} }.`,
      );
    },
  };
}

/** How many days back the policy keeps something, at the latest when it has run for so long. */
export function reachOf(keep: KeepPolicy, everyDays: number): number {
  const counted = Object.entries(DAYS).map(([key, days]) => countOf(keep, key) * days);
  const last = countOf(keep, "last") * everyDays;
  const spans = SPANS.map((key) => daysOf(keep[key]));
  return Math.max(0, last, ...counted, ...spans);
}

/** -1 keeps all, for ever. */
function countOf(keep: KeepPolicy, key: string): number {
  const count: unknown = Reflect.get(keep, key);
  if (typeof count !== "number") return 0;
  return count === -1 ? Number.POSITIVE_INFINITY : count;
}

function daysOf(span: string | undefined): number {
  const within = span === undefined ? undefined : parseWithin(span);
  if (within === undefined) return 0;
  const { years, months, days, hours } = within;
  return years * DAYS.yearly + months * DAYS.monthly + days * DAYS.daily + hours * DAYS.hourly;
}
