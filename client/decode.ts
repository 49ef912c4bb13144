import * as v from "valibot";
import type { Answer } from "./answer";
import type { UthoError } from "./errors";
import { toError } from "./failure";

/**
 * Reads an answer into its domain type.
 *
 * @throws UnexpectedResponseError where the shape is another; it names the place, never the value
 */
export function decode<T extends v.GenericSchema>(answer: Answer, schema: T): v.InferOutput<T> {
  const result = v.safeParse(schema, answer.json);
  if (result.success) return result.output;
  const place = v.getDotPath(result.issues[0]) ?? "the answer as a whole";
  throw unexpectedShape(answer, `${place} is missing or unusable`);
}

/** The error for an answer that is no refusal and yet not what the call promises. */
export function unexpectedShape(answer: Answer, what: string): UthoError {
  return toError(
    {
      kind: "unexpected",
      reason: "shape",
      what: `the answer has an unknown shape: ${what}`,
      effect: "unknown",
      status: answer.status,
      apiMessage: answer.message,
    },
    answer.request,
    answer.attempts,
  );
}
