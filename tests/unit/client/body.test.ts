import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Body, readBody } from "../../../client/body";

function read(text: string): Body {
  return readBody(Buffer.from(text));
}

describe("readBody", () => {
  it.each<[string, string, Body]>([
    ["an object", '{"a":1}', { kind: "json", value: { a: 1 } }],
    ["a list", "[1,2]", { kind: "json", value: [1, 2] }],
    ["a BOM before it", '\uFEFF{"a":1}', { kind: "json", value: { a: 1 } }],
    ["stray bytes before it", 'xx\r\n{"a":1}', { kind: "json", value: { a: 1 } }],
    ["a PHP warning before it", '<br />\n<b>Warning</b>: x\n{"a":1}', { kind: "json", value: { a: 1 } }],
    ["blanks and NUL around it", '\u0000 \n{"a":1}\n\u0000', { kind: "json", value: { a: 1 } }],
    ["nothing", "", { kind: "empty" }],
    ["blanks", " \r\n\t", { kind: "empty" }],
    ["a BOM alone", "\uFEFF", { kind: "empty" }],
    ["null", "null", { kind: "empty" }],
    ["null among blanks", "\uFEFF null\n", { kind: "empty" }],
    ["a web page", "<html>x</html>", { kind: "html", text: "<html>x</html>" }],
    [
      "a web page with brackets",
      "<!DOCTYPE html><style>b{margin:0}</style>",
      { kind: "html", text: "<!DOCTYPE html><style>b{margin:0}</style>" },
    ],
    ["a page after other words", "hello <html>{}</html>", { kind: "html", text: "hello <html>{}</html>" }],
    ["half an object", '{"a":[1,2', { kind: "truncated", text: '{"a":[1,2' }],
    ["a garbled object", '{"a"1}', { kind: "truncated", text: '{"a"1}' }],
    ["text after the object", '{"a":1} trailing', { kind: "truncated", text: '{"a":1} trailing' }],
    ["other text", "OK", { kind: "text", text: "OK" }],
    ["a number", "42", { kind: "text", text: "42" }],
  ])("reads %s", (_what, text, body) => {
    expect(read(text)).toEqual(body);
  });

  it("never takes a list inside half a body for the answer", () => {
    // From the second bracket on, this is a complete list.
    expect(read('{"snapshots":[{"id":1},{"id":2}]').kind).toBe("truncated");
  });

  it("survives bytes that are no UTF-8", () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe, 0x80]), Buffer.from('{"a":1}')]);
    expect(readBody(bytes)).toEqual({ kind: "json", value: { a: 1 } });
  });

  it("gives any object and any list back, whatever stands before it", () => {
    const stray = fc.string({ unit: "binary" }).filter((text) => !/[{[]/.test(text));
    const value = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()));
    fc.assert(
      fc.property(stray, value, (before, wanted) => {
        const text = JSON.stringify(wanted);
        expect(read(before + text)).toEqual({ kind: "json", value: JSON.parse(text) });
      }),
    );
  });

  it("never takes the beginning of an answer for the whole", () => {
    const value = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1 });
    fc.assert(
      fc.property(value, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (wanted, part) => {
        const text = JSON.stringify(wanted);
        const half = text.slice(0, Math.max(1, Math.floor(text.length * part)));
        expect(read(half).kind).toMatch(/^(truncated|html)$/);
      }),
    );
  });

  it("reads any bytes without throwing", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(readBody(Buffer.from(bytes)).kind).toBeTypeOf("string");
      }),
    );
  });
});
