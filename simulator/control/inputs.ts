import * as v from "valibot";
import { SimulatorError } from "../error";
import type { OrderedOutcome } from "../rules/outcomes";
import type { PowerState } from "../store/operation";

/** What can be changed about a server from outside. */
export interface ServerChange {
  /** Its new hostname. */
  hostname?: string | undefined;
  /** Stands for everything on its disk. */
  contents?: string | undefined;
  /** Size of its disk in GB, at least 1. */
  diskGb?: number | undefined;
  /** Switches it at once. */
  powerState?: PowerState | undefined;
  /** A status word in place of the computed one; `null` takes it back. */
  status?: string | null | undefined;
}

const serverChangeSchema: v.GenericSchema<unknown, ServerChange> = v.strictObject({
  hostname: v.optional(v.string()),
  contents: v.optional(v.string()),
  diskGb: v.optional(v.pipe(v.number(), v.minValue(1))),
  powerState: v.optional(v.picklist(["Running", "Stopped"])),
  status: v.optional(v.nullable(v.string())),
});

const howOften = {
  times: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  cloudId: v.optional(v.string()),
};

const outcomeSchema: v.GenericSchema<unknown, OrderedOutcome> = v.variant("of", [
  v.strictObject({
    of: v.literal("snapshot"),
    outcome: v.picklist(["active", "failed", "never"]),
    ...howOften,
  }),
  v.strictObject({
    of: v.literal("restore"),
    outcome: v.picklist(["restores", "fails", "never"]),
    ...howOften,
  }),
  v.strictObject({ of: v.literal("poweroff"), outcome: v.picklist(["stops", "hangs"]), ...howOften }),
  v.strictObject({
    of: v.literal("deploy"),
    outcome: v.picklist(["active", "failed", "never"]),
    ...howOften,
  }),
  v.strictObject({ of: v.literal("delete"), outcome: v.picklist(["removes", "stays"]), ...howOften }),
]);

/** Checks an argument of the control API that may come from outside. @throws SimulatorError `SIMULATOR_BAD_ARGUMENT` */
export function checkArgument<T>(what: string, schema: v.GenericSchema<unknown, T>, input: unknown): T {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? what;
  throw new SimulatorError("SIMULATOR_BAD_ARGUMENT", `${what}: ${field}: ${issue.message}`);
}

export function readServerChange(input: unknown): ServerChange {
  return checkArgument("Change of a server", serverChangeSchema, input);
}

export function readOutcome(input: unknown): OrderedOutcome {
  return checkArgument("Ordered outcome", outcomeSchema, input);
}
