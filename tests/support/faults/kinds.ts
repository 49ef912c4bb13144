import type { FaultKind } from "../../../simulator";

/** One way in which an answer can be wrong. */
export interface WrongAnswer {
  name: string;
  kind: FaultKind;
  /** A client waits for it until its own patience ends, so that patience must be short. */
  hangs?: boolean;
  /** Said at the door: who says it has done nothing. */
  refusesEntry?: boolean;
  /** Too dear to be sent again and again. */
  once?: boolean;
}

/** More than the client takes (32 MiB). */
const TOO_LARGE = 34 * 1024 * 1024;

/** Every way that docs/reliability.md speaks of. */
export const WRONG_ANSWERS: readonly WrongAnswer[] = [
  { name: "cut", kind: { cut: true } },
  { name: "hang", kind: { hang: true }, hangs: true },
  { name: "500", kind: { status: 500 } },
  { name: "502", kind: { status: 502, body: "" } },
  { name: "503 with Retry-After", kind: { status: 503, retryAfter: 1 } },
  { name: "504", kind: { status: 504, body: "upstream timed out" } },
  { name: "429", kind: { status: 429 } },
  { name: "429 with Retry-After", kind: { status: 429, retryAfter: 1 } },
  { name: "401", kind: { status: 401 }, refusesEntry: true },
  { name: "HTML 502", kind: { html: true } },
  { name: "HTML 200", kind: { html: true, status: 200 } },
  { name: "HTML 404", kind: { html: true, status: 404 } },
  { name: "half a body", kind: { halfBody: true } },
  { name: "garbled", kind: { garbled: true } },
  { name: "another JSON", kind: { garbled: '{"status":"queued"}' } },
  { name: "fault inside 200", kind: { errorIn200: "Something went wrong" } },
  { name: "refusal inside 200", kind: { errorIn200: "The request could not be handled" } },
  { name: "busy inside 200", kind: { errorIn200: "Please try again after some time" } },
  { name: "empty", kind: { emptyBody: true } },
  { name: "null", kind: { garbled: "null" } },
  { name: "redirect", kind: { redirectTo: "http://127.0.0.1:9/v2/elsewhere" } },
  { name: "too large", kind: { hugeBytes: TOO_LARGE }, once: true },
];
