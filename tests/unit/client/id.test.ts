import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArgumentError } from "../../../client";
import { parseId } from "../../../client/request";

describe("parseId", () => {
  it.each<[string | number, string]>([
    ["1001", "1001"],
    [1001, "1001"],
    ["007", "007"],
    ["0", "0"],
    [Number.MAX_SAFE_INTEGER, "9007199254740991"],
  ])("takes %j", (value, id) => {
    expect(parseId(value, "cloudId", "servers.get")).toBe(id);
  });

  it.each<[string | number]>([
    [""],
    [" "],
    ["abc"],
    ["12a"],
    ["1 2"],
    [" 12"],
    ["12\n"],
    ["-1"],
    ["1.5"],
    ["../1"],
    ["1/../2"],
    ["1?x"],
    ["%31"],
    ["١٢"],
    ["123456789012345678901"],
    [-1],
    [1.5],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [2 ** 53],
  ])("refuses %j", (value) => {
    expect(() => parseId(value, "cloudId", "servers.get")).toThrow(ArgumentError);
    expect(() => parseId(value, "cloudId", "servers.get")).toThrow(/servers\.get: cloudId must be a number/);
  });

  it("refuses whatever a program without types hands over", () => {
    for (const value of [undefined, null, {}, [1], true]) {
      expect(() => Reflect.apply(parseId, undefined, [value, "cloudId", "x"])).toThrow(ArgumentError);
    }
  });

  it("lets nothing but digits through", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double(), fc.integer()), (value) => {
        let id: string;
        try {
          id = parseId(value, "x", "y");
        } catch (error) {
          expect(error).toBeInstanceOf(ArgumentError);
          return;
        }
        expect(id).toMatch(/^[0-9]{1,20}$/);
      }),
    );
  });
});
