import { type Agent, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { pipeline } from "node:stream/promises";
import { constants, createUnzip } from "node:zlib";
import type { Failure } from "./errors";
import type { Settings, WebProxy } from "./options";
import { quote } from "./redact";
import type { ApiRequest, CallOptions, Method } from "./request";

/** An answer as it came, its body unpacked, before anything is read from it. */
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
      const answer = await exchange({
        url: new URL(settings.endpoint + request.path),
        method: request.method,
        headers: headersOf(request, settings),
        body: request.body === undefined ? undefined : JSON.stringify(request.body),
        agent: await connections(request.method),
        signal: deadline.signal,
        maxBytes: settings.maxAnswerBytes,
      });
      return { answer };
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

/**
 * The connections to `endpoint`, straight or through a proxy. A kept connection may be closed by the other side just as
 * it is used again, and then it is unknown whether the request arrived. A POST must not be repeated on such a doubt,
 * so it gets a connection of its own.
 */
function createConnections(endpoint: string, proxy: URL | undefined): (method: Method) => Promise<Agent> {
  const agents = new Map<boolean, Promise<Agent>>();
  return (method) => {
    const keepAlive = method !== "POST";
    const agent = agents.get(keepAlive) ?? newAgent(endpoint, proxy, keepAlive);
    agents.set(keepAlive, agent);
    return agent;
  };
}

async function newAgent(endpoint: string, proxy: URL | undefined, keepAlive: boolean): Promise<Agent> {
  if (endpoint.startsWith("http:")) return new HttpAgent({ keepAlive });
  if (proxy === undefined) return new HttpsAgent({ keepAlive });
  const { HttpsProxyAgent } = await import("https-proxy-agent");
  // The proxy's own certificate counts as much as Utho's: see `send`.
  return new HttpsProxyAgent(proxy, { keepAlive, rejectUnauthorized: true });
}

/** One request, ready to go. */
interface Outgoing {
  url: URL;
  method: Method;
  headers: Record<string, string>;
  body: string | undefined;
  agent: Agent;
  /** Ends the exchange wherever it is. */
  signal: AbortSignal;
  /** Of the answer, unpacked. */
  maxBytes: number;
}

/** An answer has begun and did not come to its end. */
class BrokenAnswer extends Error {
  constructor(
    readonly status: number,
    cause: unknown,
  ) {
    super("the answer broke off", { cause });
  }
}

/** An answer has more bytes than allowed. */
class LargeAnswer extends Error {}

/**
 * One exchange by Node's own HTTP. It follows no redirect and repeats nothing.
 *
 * @throws BrokenAnswer after the head of an answer, and the socket's own error before
 */
async function exchange(outgoing: Outgoing): Promise<RawAnswer> {
  const response = await send(outgoing);
  const { statusCode: status = 0, headers } = response;
  try {
    return {
      status,
      body: await readBody(response, outgoing.maxBytes),
      retryAfter: headers["retry-after"] || undefined,
      location: headers.location || undefined,
      date: headers.date || undefined,
    };
  } catch (error) {
    throw new BrokenAnswer(status, error);
  }
}

function send({ url, method, headers, body, agent, signal }: Outgoing): Promise<IncomingMessage> {
  const start = url.protocol === "http:" ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise send the token to anybody.
    const request = start(url, { method, agent, signal, rejectUnauthorized: true, headers });
    request.setHeader("Accept-Encoding", "gzip, deflate");
    // Node announces no length for a DELETE by itself.
    if (body !== undefined) request.setHeader("Content-Length", Buffer.byteLength(body));
    request.once("response", resolve);
    // Stays: a socket may fail again after its answer has begun, and the answer shows that.
    request.on("error", reject);
    request.end(body);
  });
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    if (Number(response.headers["content-length"]) > maxBytes) throw new LargeAnswer();
    for await (const chunk of source) {
      size += chunk.length;
      if (size > maxBytes) throw new LargeAnswer();
      chunks.push(chunk);
    }
  };
  if (/^(x-)?gzip$|^deflate$/.test(response.headers["content-encoding"] ?? "")) {
    // What is there is read even where the end is missing: whether it is whole is seen in the JSON.
    await pipeline(response, createUnzip({ finishFlush: constants.Z_SYNC_FLUSH }), collect);
  } else {
    await pipeline(response, collect);
  }
  return Buffer.concat(chunks);
}
