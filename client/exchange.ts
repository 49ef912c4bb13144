import { type Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { pipeline } from "node:stream/promises";
import { constants, createUnzip } from "node:zlib";
import type { Method } from "./request";

/** One request, ready to go. */
export interface Outgoing {
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

/** An answer with its body, unpacked. */
export interface Incoming {
  status: number;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

/** An answer has begun and did not come to its end. */
export class BrokenAnswer extends Error {
  constructor(
    readonly status: number,
    cause: unknown,
  ) {
    super("the answer broke off", { cause });
  }
}

/** An answer has more bytes than allowed. */
export class LargeAnswer extends Error {}

/**
 * One exchange by Node's own HTTP. It follows no redirect and repeats nothing.
 *
 * @throws BrokenAnswer after the head of an answer, and the socket's own error before
 */
export async function exchange(outgoing: Outgoing): Promise<Incoming> {
  const response = await send(outgoing);
  const { statusCode: status = 0, headers } = response;
  try {
    return { status, headers, body: await readBody(response, outgoing.maxBytes) };
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
