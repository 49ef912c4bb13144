import {
  type ClientHttp2Session,
  connect,
  constants,
  createServer,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";

// gRPC as the engine speaks it: one message each way. @grpc/grpc-js knows much more, and loading it takes a third of
// the time in which the plugin starts.

/** A method's work on bytes. */
type Method = (request: Uint8Array) => Promise<Uint8Array>;
export type Methods = Readonly<Record<string, Method>>;

/** How a call failed. */
export interface Refusal {
  code: number;
  message: string;
  /** What `grpc-status-details-bin` holds. */
  details?: Uint8Array;
}

export const UNKNOWN_ERROR = 2;
const UNIMPLEMENTED = 12;

const TYPE = { "content-type": "application/grpc" };
/** Of a message: whether it is compressed, and its length. */
const HEAD_BYTES = 5;
/** A failure carries a resource's state in its headers, and Node.js allows 64 KB. */
const LIMITS = { maxSendHeaderBlockLength: 2 ** 30, maxSessionMemory: 2 ** 12 };

export function unary<Request, Answer extends { serializeBinary(): Uint8Array }>(
  type: { deserializeBinary(bytes: Uint8Array): Request },
  work: (request: Request) => Answer | Promise<Answer>,
): Method {
  return async (bytes) => (await work(type.deserializeBinary(bytes))).serializeBinary();
}

/** Answers calls of these methods of a service on a port of this machine. What is not among them is unimplemented. */
export async function serve(
  service: string,
  methods: Methods,
  refusalOf: (error: unknown) => Refusal,
): Promise<{ port: number; close: () => void }> {
  const server = createServer(LIMITS);
  const known = new Map(Object.entries(methods).map(([name, method]) => [`/${service}/${name}`, method]));
  const sessions = new Set<{ destroy(): void }>();
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  server.on("stream", (stream, { ":path": path = "" }) => {
    void answer(stream, known.get(path), refusalOf);
  });
  await new Promise<void>((done, fail) => server.once("error", fail).listen(0, "127.0.0.1", done));
  return {
    port: portOf(server.address()),
    close: () => {
      server.close();
      for (const session of sessions) session.destroy();
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The plugin listens on no port.");
  return address.port;
}

async function answer(
  stream: ServerHttp2Stream,
  method: Method | undefined,
  refusalOf: (error: unknown) => Refusal,
): Promise<void> {
  stream.on("error", () => {});
  try {
    if (method === undefined) return refuse(stream, { code: UNIMPLEMENTED, message: "unimplemented" });
    const made = await method(messageIn(await received(stream)));
    if (hasHungUp(stream)) return;
    stream.respond({ ":status": 200, ...TYPE }, { waitForTrailers: true });
    stream.on("wantTrailers", () => {
      if (!hasHungUp(stream)) stream.sendTrailers({ "grpc-status": "0" });
    });
    stream.end(framed(made));
  } catch (error) {
    refuse(stream, refusalOf(error));
  }
}

/** A caller that has is not answered: writing to its stream is an error. */
function hasHungUp({ closed, destroyed }: ServerHttp2Stream): boolean {
  return closed || destroyed;
}

function refuse(stream: ServerHttp2Stream, { code, message, details }: Refusal): void {
  if (hasHungUp(stream)) return;
  const headers: OutgoingHttpHeaders = { ":status": 200, ...TYPE, "grpc-status": String(code) };
  headers["grpc-message"] = escaped(message);
  if (details !== undefined) headers["grpc-status-details-bin"] = Buffer.from(details).toString("base64");
  stream.respond(headers, { endStream: true });
}

/** All bytes but those that a header may hold, as `%C3`. */
function escaped(text: string): string {
  const hexOf = (byte: string): string =>
    `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  return Buffer.from(text)
    .toString("latin1")
    .replace(/[^ -$&-~]/g, hexOf);
}

/** What its other end sends, without an end where that hangs up. */
function received(stream: ServerHttp2Stream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((done) => {
    stream.on("data", (chunk: Buffer) => chunks.push(chunk)).once("end", () => done(Buffer.concat(chunks)));
  });
}

function messageIn(bytes: Buffer): Uint8Array {
  if (bytes.length < HEAD_BYTES || bytes[0] !== 0 || bytes.readUInt32BE(1) !== bytes.length - HEAD_BYTES)
    throw new Error("The engine sent what is not one uncompressed message.");
  return bytes.subarray(HEAD_BYTES);
}

function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Calls methods of a server whose answers do not matter; a call ends when it was answered, refused or given up. */
export function caller(
  address: string,
  patienceMs: number,
): (path: string, request: Uint8Array) => Promise<void> {
  let session: ClientHttp2Session | undefined;
  const open = (): ClientHttp2Session => {
    const opened = connect(`http://${address}`).on("error", () => {});
    opened.unref();
    return opened;
  };
  return (path, request) => {
    if (session === undefined || session.closed || session.destroyed) session = open();
    const stream = session.request({ ":method": "POST", ":path": path, te: "trailers", ...TYPE });
    return new Promise((done) => {
      stream.on("error", () => {}).once("close", done);
      stream.setTimeout(patienceMs, () => stream.close(constants.NGHTTP2_CANCEL));
      stream.resume().end(framed(request));
    });
  };
}
