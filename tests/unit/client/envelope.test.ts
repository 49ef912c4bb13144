import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Envelope, readEnvelope } from "../../../client/body";

describe("the verdict of an envelope", () => {
  it.each<[unknown, Envelope["verdict"]]>([
    [{ status: "success" }, "success"],
    [{ status: "Success", message: "done" }, "success"],
    [{ status: "ok" }, "success"],
    [{ status: true }, "success"],
    [{ status: 200 }, "success"],
    [{ status: "success", errors: [] }, "success"],
    [{ status: "error", message: "x" }, "refused"],
    [{ status: "ERROR" }, "refused"],
    [{ status: "failed" }, "refused"],
    [{ status: false }, "refused"],
    [{ status: 404 }, "refused"],
    [{ status: "503" }, "refused"],
    [{ code: 422, message: "x" }, "refused"],
    [{ error: "Unauthenticated." }, "refused"],
    [{ error: true, message: "x" }, "refused"],
    [{ errors: [{ message: "a", long_message: "b", code: "c" }] }, "refused"],
    [{ errors: { name: ["is required"] } }, "refused"],
    [{ error: { message: "x" } }, "refused"],
    [{ cloud: [] }, "unstated"],
    [{}, "unstated"],
    [{ error: false }, "unstated"],
    [{ error: "" }, "unstated"],
    [{ error: 0 }, "unstated"],
    [{ errors: [] }, "unstated"],
    [{ errors: null, status: null }, "unstated"],
    [{ status: "" }, "unstated"],
    [{ status: { a: 1 } }, "unstated"],
    [[], "unstated"],
    [[{ status: "error" }], "unstated"],
    [{ status: "queued" }, "unclear"],
    [{ status: 7 }, "unclear"],
  ])("%j is %s", (value, verdict) => {
    expect(readEnvelope(value).verdict).toBe(verdict);
  });
});

describe("the words of an envelope", () => {
  it.each<[unknown, string | undefined]>([
    [{ status: "error", message: "no" }, "no"],
    [{ status: "error", message: "  no " }, "no"],
    [{ status: "error", message: 42 }, "42"],
    [{ status: "error", message: ["a", "b"] }, "a; b"],
    [{ status: "error", message: { name: ["too long"] } }, "too long"],
    [{ errors: [{ message: "short", long_message: "long", code: "x" }] }, "short; long"],
    [{ errors: [{ message: "same", long_message: "same" }] }, "same"],
    [{ message: "bad", errors: { name: ["is required"], size: ["is bad"] } }, "bad; is required; is bad"],
    [{ errors: ["plain"] }, "plain"],
    [{ status: "error" }, undefined],
    [{ status: "error", message: "" }, undefined],
    [{ status: "error", message: null }, undefined],
  ])("of %j are %s", (value, message) => {
    expect(readEnvelope(value).message).toBe(message);
  });

  it.each<[unknown, number | undefined]>([
    [{ status: 401 }, 401],
    [{ status: "error", code: "429" }, 429],
    [{ errors: [{ message: "x", code: 404 }] }, 404],
    [{ status: 200 }, undefined],
    [{ status: "error", code: 1062 }, undefined],
    [{ status: "error", code: "E404" }, undefined],
  ])("%j declares the status %s", (value, status) => {
    expect(readEnvelope(value).declaredStatus).toBe(status);
  });
});

it("readEnvelope reads any JSON without throwing", () => {
  const field = fc.constantFrom("status", "message", "errors", "error", "code");
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.jsonValue())), (value) => {
      const envelope = readEnvelope(value);
      expect(envelope.message).not.toBe("");
      expect(["success", "refused", "unstated", "unclear"]).toContain(envelope.verdict);
    }),
  );
});
