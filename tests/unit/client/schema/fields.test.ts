import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compact } from "../../../../client/compact";
import { readId, readNumber, readText } from "../../../../client/decode";

describe("readId", () => {
  it.each<[unknown, string | undefined]>([
    ["1001", "1001"],
    [" 1001 ", "1001"],
    [1001, "1001"],
    [0, "0"],
    ["007", "007"],
    ["ami-1", "ami-1"],
    ["", undefined],
    [" ", undefined],
    [-1, undefined],
    [1.5, undefined],
    // JSON.parse has rounded it already, so it would be another's id.
    [2 ** 53, undefined],
    [null, undefined],
    [undefined, undefined],
    [true, undefined],
    [{}, undefined],
    [["1"], undefined],
  ])("reads %j as %s", (value, id) => {
    expect(readId(value)).toBe(id);
  });

  it("reads an id alike as text and as a number", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (id) => {
        expect(readId(id)).toBe(readId(String(id)));
      }),
    );
  });
});

describe("readText", () => {
  it.each<[unknown, string | undefined]>([
    ["Active", "Active"],
    [" a name ", " a name "],
    [42, "42"],
    ["", undefined],
    [null, undefined],
    [false, undefined],
    [{}, undefined],
    [Number.NaN, undefined],
  ])("reads %j as %j", (value, text) => {
    expect(readText(value)).toBe(text);
  });
});

describe("readNumber", () => {
  it.each<[unknown, number | undefined]>([
    [12.5, 12.5],
    ["12.50", 12.5],
    ["-3", -3],
    [" 7 ", 7],
    ["1,200", 1200],
    [0, 0],
    ["0", 0],
    ["1,20", undefined],
    ["12 GB", undefined],
    ["", undefined],
    ["0x10", undefined],
    [Number.NaN, undefined],
    [null, undefined],
    [[], undefined],
  ])("reads %j as %s", (value, number) => {
    expect(readNumber(value)).toBe(number);
  });
});

it("compact removes what has no value and keeps 0, false and empty text", () => {
  expect(Object.keys(compact({ a: 0, b: false, c: "", d: undefined, e: null }))).toEqual([
    "a",
    "b",
    "c",
    "e",
  ]);
});
