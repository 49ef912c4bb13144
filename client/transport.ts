import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import axios, { type AxiosRequestConfig, type AxiosResponse, isAxiosError } from "axios";
import type { Failure } from "./failure";
import type { Settings } from "./options";
import { quote } from "./redact";
import type { ApiRequest, CallOptions } from "./request";

/** An answer as it came, before anybody looks into it. */
export interface RawAnswer {
  status: number;
  body: Buffer;
  /** The Retry-After header. */
  retryAfter?: string;
  /** The Location header. */
  location?: string;
  /** The Date header: the time by the other side's clock. */
  date?: string;
}

/** One attempt: an answer of whatever status, or why there is none. */
export type Sent = { answer: RawAnswer } | { failure: Failure };

/** Sends a request once. */
export type Transport = (request: ApiRequest, options?: CallOptions) => Promise<Sent>;

/** The transport over HTTP(S). The token lives in this closure and in the request's header, nowhere else. */
export function createTransport(settings: Settings): Transport {
  const http = axios.create();
  const base = connectionConfig(settings);
  return async (request, { signal, timeoutMs } = {}) => {
    if (signal?.aborted) return { failure: cancelled("none") };
    // Utho holds the line of a call that changes something until the deed is done, and to hang up may undo it.
    const patience = request.method === "GET" ? settings.requestTimeout : settings.writeTimeout;
    const allowed = Math.max(1, Math.min(patience, timeoutMs ?? patience));
    const deadline = startDeadline(allowed, signal);
    try {
      const response = await http.request<unknown>({
        ...base(request),
        url: settings.endpoint + request.path,
        method: request.method,
        data: request.body === undefined ? undefined : JSON.stringify(request.body),
        headers: headersOf(request, settings),
        signal: deadline.signal,
      });
      return { answer: rawAnswer(response) };
    } catch (error) {
      if (signal?.aborted) return { failure: cancelled("unknown") };
      if (deadline.passed()) return { failure: timedOut(allowed) };
      return { failure: explain(error, settings) };
    } finally {
      deadline.stop();
    }
  };
}

function connectionConfig(settings: Settings): (request: ApiRequest) => AxiosRequestConfig {
  // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise send the token to anybody.
  const tls = { rejectUnauthorized: true };
  const reused = {
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true, ...tls }),
  };
  // A kept connection may be closed by the other side just as it is used again, and then nobody can say whether
  // the request arrived. A POST must not be repeated on such a doubt, so it gets a connection of its own.
  const fresh = {
    httpAgent: new HttpAgent({ keepAlive: false }),
    httpsAgent: new HttpsAgent({ keepAlive: false, ...tls }),
  };
  const shared: AxiosRequestConfig = {
    responseType: "arraybuffer",
    // Bytes must arrive as they are: decoding is a step of its own.
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
    validateStatus: () => true,
    maxRedirects: 0,
    maxContentLength: settings.maxAnswerBytes,
    decompress: true,
    // Plain http goes to loopback only (see endpoint.ts); a proxy would carry the token there unencrypted.
    ...(settings.endpoint.startsWith("http:") ? { proxy: false as const } : {}),
  };
  return (request) => ({ ...shared, ...(request.method === "POST" ? fresh : reused) });
}

function headersOf(request: ApiRequest, settings: Settings): Record<string, string> {
  return {
    Authorization: `Bearer ${settings.token}`,
    Accept: "application/json",
    "User-Agent": settings.userAgent,
    // Also without a body, as utho-go v0.2.5 does; the library would call an empty POST a form.
    ...(request.method === "GET" ? {} : { "Content-Type": "application/json" }),
  };
}

function rawAnswer(response: AxiosResponse<unknown>): RawAnswer {
  return {
    status: response.status,
    body: Buffer.isBuffer(response.data) ? response.data : Buffer.alloc(0),
    retryAfter: header(response, "retry-after"),
    location: header(response, "location"),
    date: header(response, "date"),
  };
}

function header(response: AxiosResponse<unknown>, name: string): string | undefined {
  const value: unknown = response.headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** axios' own timeout starts anew with every byte; this one holds for the attempt as a whole. */
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

function timedOut(ms: number): Failure {
  return { kind: "timeout", what: `no complete answer within ${ms} ms`, effect: "unknown" };
}

// Node checks the certificate before it lets go of the first byte of a request.
const CERTIFICATE = /CERT|^UNABLE_TO_|^HOSTNAME_MISMATCH$/;
const BEFORE_SENDING = new Set(["connect", "getaddrinfo"]);

function explain(error: unknown, settings: Settings): Failure {
  const root = rootOf(error);
  const code = textProperty(root, "code") ?? textProperty(error, "code");
  const status = isAxiosError(error) ? error.response?.status : undefined;
  // The library has one code for "too large" and "cut off"; its wording is all that tells them apart.
  if (isAxiosError(error) && error.message.startsWith("maxContentLength")) {
    const what = `the answer is larger than ${settings.maxAnswerBytes} bytes`;
    return { kind: "unexpected", reason: "tooLarge", what, effect: "unknown", status };
  }
  const cause = cleanCause(root, code, settings.token);
  if (code !== undefined && CERTIFICATE.test(code)) {
    const what = `the server's certificate was not accepted (${code}), so nothing was sent`;
    return { kind: "network", what, effect: "none", permanent: true, cause };
  }
  if (failedBeforeSending(root)) {
    return { kind: "network", what: `no connection (${cause.message})`, effect: "none", cause };
  }
  const what = `the connection failed ${status === undefined ? "before" : "in the middle of"} the answer (${cause.message})`;
  return { kind: "network", what, effect: "unknown", status, cause };
}

/** axios wraps the error of the socket; and it holds the request's headers, so it is never handed on. */
function rootOf(error: unknown): unknown {
  return isAxiosError(error) && error.cause instanceof Error ? error.cause : error;
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
