import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isDeepStrictEqual } from "node:util";

/** How a call is answered; may be any misbehaviour that a network is capable of. */
export type Reply = (response: ServerResponse) => void;

/** A call that must come next. */
export interface Call {
  method: string;
  /** With its query, below the endpoint. */
  path: string;
  /** The JSON body; left out, the request must have none. */
  body?: unknown;
  /** Headers that it must carry. */
  headers?: Record<string, string>;
  reply: Reply;
}

/** A server that plays a script: the expected calls in their order, and not one more or less. */
export interface ScriptedServer {
  /** Ends with /v2, as the real endpoint does. */
  url: string;
  /** Headers of the calls so far. */
  seen: { headers: IncomingMessage["headers"]; rawHeaders: string[]; remotePort: number | undefined }[];
  /** Stops it; throws for a call that was not expected, differed, or was never made. */
  close(): Promise<void>;
}

export interface ScriptedServerOptions {
  /** @default 0: any free port */
  port?: number;
}

export async function startScriptedServer(
  script: readonly Call[],
  options: ScriptedServerOptions = {},
): Promise<ScriptedServer> {
  const waiting = [...script];
  const complaints: string[] = [];
  const seen: ScriptedServer["seen"] = [];
  const server = createServer(async (request, response) => {
    const body = await readAll(request);
    seen.push({
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      remotePort: request.socket.remotePort,
    });
    const expected = waiting.shift();
    const complaint = compare(expected, request, body);
    if (complaint !== undefined) complaints.push(complaint);
    // 418 is an answer that no code of ours repeats, so that one surprise does not become five.
    if (expected === undefined || complaint !== undefined) response.writeHead(418).end();
    else expected.reply(response);
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${portOf(server)}/v2`,
    seen,
    close: async () => {
      await stop(server);
      const unmade = waiting.map(({ method, path }) => `never made: ${method} ${path}`);
      const all = [...complaints, ...unmade];
      if (all.length > 0) throw new Error(`the script was not followed:\n${all.join("\n")}`);
    },
  };
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("the server does not listen");
  return address.port;
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

function compare(expected: Call | undefined, request: IncomingMessage, body: string): string | undefined {
  const got = `${request.method} ${request.url} ${body}`.trim();
  if (expected === undefined) return `not expected: ${got}`;
  const wanted = `${expected.method} ${expected.path}`;
  if (`${request.method} ${request.url}` !== `${expected.method} /v2${expected.path}`) {
    return `expected ${wanted}, got ${got}`;
  }
  const json: unknown = body === "" ? undefined : JSON.parse(body);
  if (!isDeepStrictEqual(json, expected.body)) {
    return `expected ${wanted} with ${JSON.stringify(expected.body)}, got ${body === "" ? "no body" : body}`;
  }
  const wrong = Object.entries(expected.headers ?? {}).find(
    ([name, value]) => request.headers[name.toLowerCase()] !== value,
  );
  return wrong && `expected ${wanted} with the header ${wrong[0]}: ${wrong[1]}`;
}

interface ReplyOptions {
  /** @default 200 */
  status?: number;
  headers?: Record<string, string>;
}

/** A JSON answer. */
export function json(value: unknown, options: ReplyOptions = {}): Reply {
  return raw(JSON.stringify(value), {
    ...options,
    headers: { "content-type": "application/json", ...options.headers },
  });
}

/** Success as Utho says it, with whatever else the answer holds. */
export function success(rest: Record<string, unknown> = {}): Reply {
  return json({ ...rest, status: "success" });
}

/** Utho's usual refusal: HTTP 200 with an error inside. */
export function refusal(message: string): Reply {
  return json({ status: "error", message });
}

/** Any bytes. */
export function raw(body: string | Buffer, options: ReplyOptions = {}): Reply {
  return (response) => {
    response.writeHead(options.status ?? 200, options.headers).end(body);
  };
}

export function html(status = 200): Reply {
  const page = "<!DOCTYPE html><html><head><style>body{margin:0}</style></head><body>gateway</body></html>";
  return raw(page, { status, headers: { "content-type": "text/html" } });
}

export function redirect(location: string, status = 302): Reply {
  return raw("", { status, headers: { location } });
}

/** The connection ends without a byte. */
export const cutBeforeHeaders: Reply = (response) => {
  response.socket?.destroy();
};

/** The connection ends after the headers and before the body. */
export const cutAfterHeaders: Reply = (response) => {
  response.writeHead(200, { "content-length": "1000" }).flushHeaders();
  response.write("{", () => response.socket?.destroy());
};

/** The connection ends in the middle of a body whose length was announced. */
export function halfBody(text: string): Reply {
  return (response) => {
    response.writeHead(200, { "content-length": String(Buffer.byteLength(text) * 2) });
    response.write(text, () => response.socket?.destroy());
  };
}

/** Never answers; the connection stays open until the server is closed. */
export const silence: Reply = () => {};

/** Headers at once, then nothing. */
export const silenceAfterHeaders: Reply = (response) => {
  response.writeHead(200).flushHeaders();
};

/** The answers, one for each call in turn. */
export function calls(call: Omit<Call, "reply">, ...replies: Reply[]): Call[] {
  return replies.map((reply) => ({ ...call, reply }));
}
