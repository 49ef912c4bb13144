import * as v from "valibot";
import { SimulatorError } from "../error";
import { operationNames } from "../operations";
import { type Fault, faultPhases } from "./fault";

const httpStatus = v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599));
const redirectStatus = v.picklist([301, 302, 303, 307, 308]);
const atLeastOne = v.pipe(v.number(), v.integer(), v.minValue(1));

const hangUp = v.optional(v.picklist(["undoes", "goesOn"]));

const kinds = {
  status: v.strictObject({
    status: httpStatus,
    body: v.optional(v.unknown()),
    retryAfter: v.optional(v.union([v.number(), v.string()])),
  }),
  cut: v.strictObject({ cut: v.literal(true) }),
  html: v.strictObject({ html: v.literal(true), status: v.optional(httpStatus) }),
  garbled: v.strictObject({ garbled: v.union([v.literal(true), v.string()]) }),
  halfBody: v.strictObject({ halfBody: v.literal(true) }),
  slowMs: v.strictObject({ slowMs: v.pipe(v.number(), v.minValue(0), v.maxValue(3_600_000)), hangUp }),
  hold: v.strictObject({ hold: v.literal(true), hangUp }),
  hang: v.strictObject({ hang: v.literal(true), hangUp }),
  errorIn200: v.strictObject({ errorIn200: v.string() }),
  emptyBody: v.strictObject({ emptyBody: v.literal(true) }),
  redirectTo: v.strictObject({ redirectTo: v.string(), status: v.optional(redirectStatus) }),
  hugeBytes: v.strictObject({ hugeBytes: v.pipe(atLeastOne, v.maxValue(1_073_741_824)) }),
};

/** The word by which each kind of fault is known. */
export const faultKindNames = Object.keys(kinds);

const faultSchema: v.GenericSchema<unknown, Fault> = v.strictObject({
  operation: v.picklist([...operationNames, "*"]),
  phase: v.picklist(faultPhases),
  kind: v.union(Object.values(kinds)),
  times: v.optional(v.union([atLeastOne, v.literal("always")])),
  skip: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  cloudId: v.optional(v.string()),
});

/**
 * Checks an instruction that may come from outside.
 *
 * @throws SimulatorError `SIMULATOR_BAD_FAULT` that lists the operations, phases or kinds that there are.
 */
export function readFault(instruction: unknown): Fault {
  const result = v.safeParse(faultSchema, instruction);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? "fault";
  throw new SimulatorError("SIMULATOR_BAD_FAULT", `Fault: ${field}: ${expectation(field, issue.message)}`);
}

function expectation(field: string, message: string): string {
  if (field === "operation") return `no such operation; there are: ${operationNames.join(", ")}, *`;
  if (field === "phase") return `no such phase; there are: ${faultPhases.join(", ")}`;
  if (field.startsWith("kind"))
    return `no such kind, or wrong values in it; there are: ${faultKindNames.join(", ")}`;
  return message;
}
