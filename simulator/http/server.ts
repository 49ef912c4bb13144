import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { parse as parseQuery } from "node:querystring";
import { createRouter, type Routed } from "./router";

/** A request whose body has been read to its end. */
export interface HttpRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: Record<string, unknown>;
  /** The named parts of the path. */
  params: Record<string, string>;
  headers: IncomingHttpHeaders;
  /** Text, whatever it claims to be; empty without a body. */
  body: string;
  /** The address that it came from. */
  peer: string;
}

/** Answers a request, or leaves it without an answer. */
export type Handler = (request: HttpRequest, response: ServerResponse) => Promise<void> | void;

/** What answers one method and path. */
export interface HttpRoute extends Routed {
  handle: Handler;
}

/** Larger bodies are refused: no call of the API has one. */
const LARGEST_BODY = 1024 * 1024;

/** Longer than any pause of a client, so that none finds its kept connection closed as it uses it again. */
const KEEP_ALIVE_MS = 72_000;

/** A server of these routes, not yet listening; `otherwise` answers what none of them does. */
export function createHttpServer(routes: readonly HttpRoute[], otherwise: Handler): Server {
  const find = createRouter(routes);
  const server = createServer(async (incoming, response) => {
    try {
      const body = await readText(incoming);
      if (body === undefined) return refuseBody(response);
      const [path = "", query = ""] = split(incoming.url ?? "/");
      const match = find(incoming.method ?? "GET", path);
      const request: HttpRequest = {
        method: incoming.method ?? "GET",
        path,
        query: { ...parseQuery(query) },
        params: match?.params ?? {},
        headers: incoming.headers,
        body,
        peer: incoming.socket.remoteAddress ?? "",
      };
      await (match?.route.handle ?? otherwise)(request, response);
    } catch (error) {
      failed(incoming, response, error);
    }
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  // An answer may be held for as long as a test wants.
  server.requestTimeout = 0;
  return server;
}

/** Sends an answer with its length. */
export function send(
  response: ServerResponse,
  answer: { status: number; headers?: Record<string, string>; body: string },
): void {
  const length = String(Buffer.byteLength(answer.body));
  response.writeHead(answer.status, { ...answer.headers, "content-length": length }).end(answer.body);
}

/** Sends a value as JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const headers = { "content-type": "application/json; charset=utf-8" };
  send(response, { status, headers, body: JSON.stringify(value) });
}

function split(url: string): [path: string, query: string] {
  const mark = url.indexOf("?");
  return mark < 0 ? [url, ""] : [url.slice(0, mark), url.slice(mark + 1)];
}

/** The body as text, or `undefined` where it is too large. @throws where the connection is cut. */
async function readText(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= LARGEST_BODY) chunks.push(bytes);
  }
  return size > LARGEST_BODY ? undefined : Buffer.concat(chunks).toString("utf8");
}

function refuseBody(response: ServerResponse): void {
  sendJson(response, 413, { error: `The body is larger than ${LARGEST_BODY} bytes` });
}

/** A request that was cut off needs no answer; anything else is a fault of the simulator. */
function failed(incoming: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (!incoming.complete || response.headersSent) return void response.destroy();
  const text = error instanceof Error ? error.message : String(error);
  sendJson(response, 500, { error: `The simulator failed: ${text}` });
}
