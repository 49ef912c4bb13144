import { connect } from "node:http2";
import * as grpc from "@grpc/grpc-js";
import { afterEach, beforeEach, expect, it } from "vitest";
import { caller, serve } from "../../../plugin/rpc";

const LARGE = 1_000_000;
/** A Node.js client takes no more than 64 KB of headers; the engine takes 16 MB. */
const DETAILS = 40_000;
const WORDS = "₹200 a month, 100% of it\nand no more";

let close: () => void;
let address: string;
let client: grpc.Client;
let hold: Promise<void>;

beforeEach(async () => {
  const methods = {
    Echo: async (bytes: Uint8Array) => bytes,
    Hold: async (bytes: Uint8Array) => {
      await hold;
      return bytes;
    },
    Fail: async () => {
      throw new Error(WORDS);
    },
  };
  const refusalOf = (error: unknown) => ({
    code: 2,
    message: error instanceof Error ? error.message : "",
    details: Buffer.alloc(DETAILS, "d"),
  });
  const served = await serve("tests.Service", methods, refusalOf);
  close = served.close;
  address = `127.0.0.1:${served.port}`;
  client = new grpc.Client(address, grpc.credentials.createInsecure());
});
afterEach(() => {
  client.close();
  close();
});

/** A call by the implementation that Pulumi has for Node.js. */
function call(method: string, bytes = Buffer.from("hello"), options = {}): Promise<Buffer> {
  const same = (value: Buffer): Buffer => value;
  return new Promise((done, fail) => {
    client.makeUnaryRequest(`/tests.Service/${method}`, same, same, bytes, options, (error, answer) =>
      error === null ? done(answer ?? Buffer.alloc(0)) : fail(error),
    );
  });
}

it("answers small and large messages, empty ones, and many at a time", async () => {
  const sent = [Buffer.alloc(0), Buffer.from(WORDS), Buffer.alloc(LARGE, "x")];
  const answers = await Promise.all([...sent, ...sent].map((bytes) => call("Echo", bytes)));
  expect(answers.map((answer, index) => answer.equals(sent[index % 3] ?? Buffer.alloc(1)))).toEqual(
    answers.map(() => true),
  );
});

it("gives a failure's words and details as they are, however large, and knows what it does not have", async () => {
  const failure = await call("Fail").catch((error: grpc.ServiceError) => error);
  expect(failure).toMatchObject({ code: grpc.status.UNKNOWN, details: WORDS });
  const [details] = failure instanceof Error ? failure.metadata.get("grpc-status-details-bin") : [];
  expect(details).toHaveLength(DETAILS);
  await expect(call("constructor")).rejects.toMatchObject({ code: grpc.status.UNIMPLEMENTED });
});

it("goes on after a caller that hung up, one that sends no message, and one that breaks its line", async () => {
  let release = (): void => {};
  hold = new Promise((done) => {
    release = done;
  });
  await expect(call("Hold", Buffer.from("x"), { deadline: Date.now() + 50 })).rejects.toMatchObject({
    code: grpc.status.DEADLINE_EXCEEDED,
  });
  const broken = connect(`http://${address}`).on("error", () => {});
  const stream = broken.request({ ":method": "POST", ":path": "/tests.Service/Hold" }).on("error", () => {});
  stream.write("half");
  const trailers = await new Promise((done) => {
    const other = broken.request({ ":method": "POST", ":path": "/tests.Service/Echo" });
    other.once("response", done).end("no message");
  });
  expect(trailers).toMatchObject({ "grpc-status": "2" });
  broken.destroy();
  release();
  expect(await call("Echo")).toEqual(Buffer.from("hello"));
});

it("gives a call up whose server does not answer in time, or is not there", async () => {
  hold = new Promise(() => {});
  const bytes = Buffer.from("x");
  await caller(address, 50)("/tests.Service/Hold", bytes);
  const gone = caller(address, 2_000);
  await gone("/tests.Service/Echo", bytes);
  client.close();
  close();
  await gone("/tests.Service/Echo", bytes);
});
