import { createConnections } from "./connections";
import { BrokenAnswer, exchange, type Incoming, LargeAnswer } from "./exchange";
import type { Failure } from "./failure";
import type { Settings } from "./options";
import type { WebProxy } from "./proxy";
import { quote } from "./redact";
import type { ApiRequest, CallOptions } from "./request";

/** An answer as it came, before anybody looks into it. */
export interface RawAnswer {
  status: number;
  body: Buffer;
  /** The Retry-After header. */
  retryAfter: string | undefined;
  /** The Location header. */
  location: string | undefined;
  /** The Date header: the time by the other side's clock. */
  date: string | undefined;
}

/** One attempt: an answer of whatever status, or why no answer came. */
export type Sent = { answer: RawAnswer } | { failure: Failure };

/** Sends a request once. */
type Transport = (request: ApiRequest, options?: CallOptions) => Promise<Sent>;

/** The transport over HTTP(S). The token lives in this closure and in the request's header, nowhere else. */
export function createTransport(settings: Settings, proxy: WebProxy | undefined): Transport {
  const connections = createConnections(settings.endpoint, proxy?.url);
  return async (request, { signal, timeoutMs } = {}) => {
    if (signal?.aborted) return { failure: cancelled("none") };
    if (proxy !== undefined && proxy.url === undefined) return { failure: unusable(proxy) };
    // Utho holds the line of a call that changes something until the deed is done, and to hang up may undo it.
    const patience = request.method === "GET" ? settings.requestTimeout : settings.writeTimeout;
    const allowed = Math.max(1, Math.min(patience, timeoutMs ?? patience));
    const deadline = startDeadline(allowed, signal);
    try {
      const incoming = await exchange({
        url: new URL(settings.endpoint + request.path),
        method: request.method,
        headers: headersOf(request, settings),
        body: request.body === undefined ? undefined : JSON.stringify(request.body),
        agent: await connections(request.method),
        signal: deadline.signal,
        maxBytes: settings.maxAnswerBytes,
      });
      return { answer: rawAnswer(incoming) };
    } catch (error) {
      if (signal?.aborted) return { failure: cancelled("unknown") };
      if (deadline.passed()) return { failure: timedOut(allowed) };
      return { failure: explain(error, settings) };
    } finally {
      deadline.stop();
    }
  };
}

function headersOf(request: ApiRequest, settings: Settings): Record<string, string> {
  return {
    Authorization: `Bearer ${settings.token}`,
    Accept: "application/json",
    "User-Agent": settings.userAgent,
    // Also without a body, as utho-go v0.2.5 does.
    ...(request.method === "GET" ? {} : { "Content-Type": "application/json" }),
  };
}

function rawAnswer({ status, headers, body }: Incoming): RawAnswer {
  return {
    status,
    body,
    retryAfter: headers["retry-after"] || undefined,
    location: headers.location || undefined,
    date: headers.date || undefined,
  };
}

/** A timeout of the socket starts again with every byte; this one holds for the attempt as a whole. */
function startDeadline(ms: number, outer: AbortSignal | undefined) {
  const controller = new AbortController();
  let passed = false;
  const timer = setTimeout(() => {
    passed = true;
    controller.abort();
  }, ms);
  const onOuterAbort = () => controller.abort();
  outer?.addEventListener("abort", onOuterAbort, { once: true });
  return {
    signal: controller.signal,
    passed: () => passed,
    stop: () => {
      clearTimeout(timer);
      outer?.removeEventListener("abort", onOuterAbort);
    },
  };
}

function cancelled(effect: Failure["effect"]): Failure {
  return { kind: "cancelled", what: "cancelled", effect };
}

function unusable({ shown }: WebProxy): Failure {
  const what = `${shown} is not the address of an http or https proxy, so nothing was sent`;
  return { kind: "network", what, effect: "none", permanent: true };
}

function timedOut(ms: number): Failure {
  return { kind: "timeout", what: `no complete answer within ${ms} ms`, effect: "unknown" };
}

// Node checks the certificate before it lets go of the first byte of a request.
const CERTIFICATE = /CERT|^UNABLE_TO_|^HOSTNAME_MISMATCH$/;
const BEFORE_SENDING = new Set(["connect", "getaddrinfo"]);

function explain(error: unknown, settings: Settings): Failure {
  const begun = error instanceof BrokenAnswer;
  const status = begun ? error.status : undefined;
  const root = begun ? error.cause : error;
  if (root instanceof LargeAnswer) {
    const what = `the answer is larger than ${settings.maxAnswerBytes} bytes`;
    return { kind: "unexpected", reason: "tooLarge", what, effect: "unknown", status };
  }
  const code = textProperty(root, "code");
  const cause = cleanCause(root, code, settings.token);
  if (code !== undefined && CERTIFICATE.test(code)) {
    const what = `the server's certificate was not accepted (${code}), so nothing was sent`;
    return { kind: "network", what, effect: "none", permanent: true, cause };
  }
  if (failedBeforeSending(root)) {
    return { kind: "network", what: `no connection (${cause.message})`, effect: "none", cause };
  }
  const what = `the connection failed ${begun ? "in the middle of" : "before"} the answer (${cause.message})`;
  return { kind: "network", what, effect: "unknown", status, cause };
}

function failedBeforeSending(error: unknown): boolean {
  // A name with several addresses fails with one error for each of them.
  if (error instanceof AggregateError && error.errors.length > 0)
    return error.errors.every(failedBeforeSending);
  return BEFORE_SENDING.has(textProperty(error, "syscall") ?? "");
}

function cleanCause(error: unknown, code: string | undefined, token: string): Error {
  const texts = error instanceof AggregateError ? error.errors.map(messageOf) : [messageOf(error)];
  const message = quote(texts.filter((text) => text !== "").join("; "), token);
  const cause = new Error(message === "" ? (code ?? "unknown reason") : message);
  return code === undefined ? cause : Object.assign(cause, { code });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function textProperty(error: unknown, name: string): string | undefined {
  const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined;
  return typeof value === "string" ? value : undefined;
}
