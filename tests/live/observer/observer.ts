import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Exchange, readBytes } from "./exchange";
import { forward, type Incoming, type Outgoing } from "./forward";
import type { Guard } from "./guard";

const WRONG_TOKEN = "not-a-token-of-anybody";

/** A question of the kit's own. */
export interface Question {
  method: "GET" | "POST" | "DELETE";
  path: string;
  body?: unknown;
  wrongToken?: boolean;
  /** Another token than that of the run. */
  token?: string | undefined;
  /** Milliseconds after which the kit hangs up. */
  hangUpAfter?: number;
}

/**
 * Stands on loopback between the provider and Utho, lets pass what the guard allows, and writes down all of it. It
 * adds no token: what it forwards carries the asker's. Nothing is kept on disk.
 */
export class Observer {
  readonly exchanges: Exchange[] = [];
  /** What was held back, and why. */
  readonly heldBack: string[] = [];
  private readonly news = new EventEmitter();

  private constructor(
    private readonly server: Server,
    private readonly endpoint: string,
    private readonly token: string,
    readonly guard: Guard,
  ) {
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      this.pass(request, response).catch(() => response.destroy());
    });
  }

  static async start(endpoint: string, token: string, guard: Guard): Promise<Observer> {
    const server = createServer();
    const observer = new Observer(server, endpoint, token, guard);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return observer;
  }

  /** What the provider takes for Utho. */
  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("The observer does not listen.");
    return `http://127.0.0.1:${address.port}${this.base}`;
  }

  /** Called with each exchange from now on, until the function that it gives is called. */
  onExchange(listener: (exchange: Exchange) => void): () => void {
    this.news.on("exchange", listener);
    return () => void this.news.off("exchange", listener);
  }

  /** Asks Utho a question of the kit's own. */
  async ask(question: Question): Promise<Exchange> {
    const { method, path, body, wrongToken, token, hangUpAfter } = question;
    const objection = this.guard.objection("kit", method, path, body);
    if (objection !== undefined) throw new Error(`${method} ${path} is not sent: ${objection}.`);
    const outgoing: Outgoing = {
      method,
      path,
      authorization: `Bearer ${wrongToken ? WRONG_TOKEN : (token ?? this.token)}`,
      contentType: method === "GET" ? undefined : "application/json",
      userAgent: "pulumi-utho-live-kit",
      body: body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body)),
    };
    const hangUp = hangUpAfter === undefined ? undefined : AbortSignal.timeout(hangUpAfter);
    const { exchange } = await this.send("kit", outgoing, body, hangUp);
    if (hangUp?.aborted && exchange.answer === undefined) exchange.hungUp = true;
    if (wrongToken) exchange.wrongToken = true;
    return exchange;
  }

  async close(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private get base(): string {
    return new URL(this.endpoint).pathname.replace(/\/$/, "");
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const body = Buffer.concat(parts);
    const sent = readBytes(body).json;
    const method = request.method ?? "GET";
    const path = (request.url ?? "/").slice(this.base.length);
    const foreign = request.headers.authorization !== `Bearer ${this.token}`;
    const objection = foreign
      ? "it does not carry the token of this run"
      : this.guard.objection("provider", method, path, sent);
    if (objection !== undefined) {
      this.heldBack.push(`${method} ${path}: ${objection}`);
      const message = `Held back by the live kit: ${objection}.`;
      response
        .writeHead(403, { "content-type": "application/json" })
        .end(JSON.stringify({ status: "error", message }));
      return;
    }
    const { "content-type": contentType, "user-agent": userAgent } = request.headers;
    const authorization = `Bearer ${this.token}`;
    const { incoming } = await this.send(
      "provider",
      { method, path, authorization, contentType, userAgent, body },
      sent,
    );
    // A connection that broke on the way breaks for the provider as well.
    if (incoming === undefined) response.destroy();
    else response.writeHead(incoming.status, headersToPass(incoming)).end(incoming.body);
  }

  private async send(
    by: Exchange["by"],
    outgoing: Outgoing,
    sent: unknown,
    hangUp?: AbortSignal,
  ): Promise<{ exchange: Exchange; incoming: Incoming | undefined }> {
    const sentAt = Date.now();
    const incoming = await forward(this.endpoint, outgoing, hangUp).catch(() => undefined);
    const { method, path } = outgoing;
    const answer = incoming === undefined ? undefined : readIncoming(incoming);
    const exchange: Exchange = { by, method, path, sent, sentAt, answeredAt: Date.now(), answer };
    if (method === "GET") this.guard.learn(answer?.json);
    this.exchanges.push(exchange);
    this.news.emit("exchange", exchange);
    return { exchange, incoming };
  }
}

function readIncoming({ status, headers, body }: Incoming): NonNullable<Exchange["answer"]> {
  return {
    status,
    contentType: headers["content-type"],
    retryAfter: headers["retry-after"],
    redirects: headers.location !== undefined,
    ...readBytes(body),
  };
}

function headersToPass({ headers }: Incoming): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of ["content-type", "retry-after", "location"]) {
    const value = headers[name];
    if (typeof value === "string") passed[name] = value;
  }
  return passed;
}
