import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";

/** A request as it goes to Utho. */
export interface Outgoing {
  method: string;
  path: string;
  authorization: string;
  contentType: string | undefined;
  userAgent: string | undefined;
  body: Buffer;
}

export interface Incoming {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

const LARGEST = 64 * 1024 * 1024;
/** Utho's own clients wait for ten minutes. */
const PATIENCE_MS = 600_000;

/** Sends one request to the endpoint. Certificates are checked whatever the environment says; no redirect is followed. */
export function forward(endpoint: string, outgoing: Outgoing, hangUp?: AbortSignal): Promise<Incoming> {
  const url = new URL(endpoint + outgoing.path);
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((done, fail) => {
    const request = send(
      url,
      {
        method: outgoing.method,
        headers: headersOf(outgoing),
        timeout: PATIENCE_MS,
        agent: false,
        ...(hangUp === undefined ? {} : { signal: hangUp }),
        rejectUnauthorized: true,
      },
      (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on("data", (part: Buffer) => {
          size += part.length;
          if (size > LARGEST) request.destroy(new Error("the answer is too large"));
          else parts.push(part);
        });
        response.on("error", fail);
        response.on("end", () =>
          done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
        );
      },
    );
    request.on("timeout", () => request.destroy(new Error("no answer in time")));
    request.on("error", fail);
    request.end(outgoing.body);
  });
}

/** Unpacked answers, so that the report can show what Utho's application wrote. */
function headersOf(outgoing: Outgoing): Record<string, string> {
  return {
    Authorization: outgoing.authorization,
    Accept: "application/json",
    "Accept-Encoding": "identity",
    ...(outgoing.userAgent === undefined ? {} : { "User-Agent": outgoing.userAgent }),
    ...(outgoing.contentType === undefined ? {} : { "Content-Type": outgoing.contentType }),
    ...(outgoing.method === "GET" ? {} : { "Content-Length": String(outgoing.body.length) }),
  };
}
