import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plain } from "../../../provider/engine/values";

describe("plain", () => {
  it("leaves no undefined, however deep, and keeps 0, false and the empty text", () => {
    expect(
      plain({ a: undefined, b: { c: undefined, d: 0 }, e: [undefined, { f: undefined }], g: false, h: "" }),
    ).toEqual({
      b: { d: 0 },
      e: [null, {}],
      g: false,
      h: "",
    });
  });

  it("changes nothing of what JSON can hold", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue()), (record) => {
        expect(JSON.stringify(plain(record))).toBe(JSON.stringify({ ...record }));
      }),
    );
  });
});
