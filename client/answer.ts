import { type Envelope, readBody, readEnvelope } from "./body";
import { classify, isForeign, type Verdict } from "./classify";
import type { Failure, UnexpectedReason } from "./errors";
import { quote } from "./redact";
import type { ApiRequest } from "./request";
import type { RawAnswer } from "./transport";

/** An answer that is no refusal. */
export interface Answer {
  request: ApiRequest;
  status: number;
  /** Decoded JSON; undefined where the body was empty or `null`. */
  json: unknown;
  /** "empty" where there is no body to say anything. */
  verdict: Envelope["verdict"] | "empty";
  /** Utho's words, fit to be shown. */
  message?: string | undefined;
  /** Attempts made to get it. */
  attempts: number;
  /** The Date header. */
  date?: string | undefined;
}

/** What is needed to judge an answer. */
interface Judge {
  token: string;
  /** Milliseconds since the Unix epoch, for Retry-After. */
  nowMs: number;
  attempt: number;
}

/** Turns an answer's bytes into what they mean: decoding, then the envelope, then the verdict. */
export function interpret(
  request: ApiRequest,
  raw: RawAnswer,
  judge: Judge,
): { answer: Answer } | { failure: Failure } {
  const body = readBody(raw.body);
  const envelope = body.kind === "json" ? readEnvelope(body.value) : undefined;
  const verdict = classify(raw.status, body, envelope);
  const message = envelope?.message === undefined ? undefined : quote(envelope.message, judge.token);
  if (verdict.kind === "ok") {
    const json = body.kind === "json" ? body.value : undefined;
    const answer = { request, status: raw.status, json, message, attempts: judge.attempt, date: raw.date };
    return { answer: { ...answer, verdict: envelope?.verdict ?? "empty" } };
  }
  const foreign = isForeign(raw.status, body);
  const said = message ?? ("text" in body ? quote(body.text, judge.token) : undefined);
  return {
    failure: {
      ...verdict,
      what: describe(
        verdict,
        foreign,
        said,
        raw.location === undefined ? undefined : quote(raw.location, judge.token),
      ),
      status: raw.status,
      apiMessage: said,
      ...(foreign ? { foreign } : {}),
      retryAfterMs: parseRetryAfter(raw.retryAfter, judge.nowMs),
    },
  };
}

type Refusal = Exclude<Verdict, { kind: "ok" }>;

const WHAT: Record<Exclude<Refusal["kind"], "unexpected">, string> = {
  auth: "Utho refused the token",
  notFound: "Utho does not know it",
  busy: "the server is busy",
  rateLimited: "Utho limits the rate of requests",
  badRequest: "Utho refused the request",
  server: "Utho failed",
  timeout: "Utho gave up waiting",
};

const UNEXPECTED: Record<UnexpectedReason, string> = {
  html: "the answer is a web page and not Utho's API",
  truncated: "the answer ends early or is garbled",
  text: "the answer is not JSON",
  shape: "the answer has an unknown shape",
  redirect: "the answer points elsewhere, and redirects are not followed",
  tooLarge: "the answer is too large",
  noRoute: "Utho has no such call",
};

function describe(
  verdict: Refusal,
  foreign: boolean,
  said: string | undefined,
  location: string | undefined,
): string {
  const quoted = said === undefined || said === "" ? "" : `: "${said}"`;
  if (verdict.kind === "server" && foreign) return `a proxy or a gateway on the way to Utho failed${quoted}`;
  if (verdict.kind !== "unexpected") return `${WHAT[verdict.kind]}${quoted}`;
  const where = verdict.reason === "redirect" && location !== undefined ? `, to ${location}` : "";
  return `${UNEXPECTED[verdict.reason]}${where}${quoted}`;
}

/**
 * Reads a Retry-After header: seconds, or an HTTP date.
 *
 * @returns milliseconds from `nowMs` on, never negative; undefined where the header says nothing usable
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  // Date.parse reads almost anything, "-5" included; an HTTP date begins with a day's name.
  if (!/^[A-Za-z]{3,9}, /.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
