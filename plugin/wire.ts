import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { isRecord } from "../client/compact";

import { plain, SECRET, SIGNATURE } from "../provider/engine/values";
import { PartialFailure } from "../provider/failure";
import { type Refusal, UNKNOWN_ERROR } from "./rpc";

/** Values as the core has them. */
export type Values = Record<string, unknown>;

/** The values of a message, secrets in clear. */
export function valuesOf(struct: Struct | undefined): Values {
  const values = withoutMarks(struct?.toJavaScript() ?? {});
  return isRecord(values) ? { ...values } : {};
}

/** A value as a secret; the engine encrypts it in state and hides it on screens. */
export function sealed(value: unknown): unknown {
  return isRecord(value) && value[SIGNATURE] === SECRET ? value : { [SIGNATURE]: SECRET, value };
}

function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (!isRecord(value)) return value;
  if (value[SIGNATURE] === SECRET) return withoutMarks(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutMarks(one)]));
}

export function structOf(values: object): Struct {
  const known = Object.entries(plain(values)).map(([key, value]) => [key, value ?? null] as const);
  return Struct.fromJavaScript(Object.fromEntries(known));
}

/** An error as the engine reads it; one that names what exists carries it into state. */
export function refusalOf(error: unknown): Refusal {
  const message = error instanceof Error ? error.message : String(error);
  const code = UNKNOWN_ERROR;
  if (!(error instanceof PartialFailure)) return { code, message };
  const detail = new ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(structOf(error.properties));
  detail.setReasonsList(error.reasons);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new Status();
  answer.setCode(code);
  answer.setMessage(message);
  answer.addDetails(packed);
  return { code, message, details: answer.serializeBinary() };
}
