import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSize } from "../../../../client/decode";

describe("a size in GB", () => {
  it.each<[unknown, number | undefined]>([
    ["50GB", 50],
    ["50 GB", 50],
    ["50gb", 50],
    [" 50  GiB ", 50],
    ["50G", 50],
    ["50", 50],
    [50, 50],
    [0, 0],
    [0.5, 0.5],
    ["0.5 TB", 512],
    ["1.5TB", 1536],
    ["512MB", 0.5],
    ["1,024 GB", 1024],
    ["1048576 KB", 1],
    ["1073741824 bytes", 1],
    [".5", 0.5],
    ["", undefined],
    [" ", undefined],
    ["GB", undefined],
    ["-5GB", undefined],
    [-5, undefined],
    ["50 XB", undefined],
    ["50GB free", undefined],
    ["1.2.3", undefined],
    ["1e3", undefined],
    ["NaN", undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [null, undefined],
    [undefined, undefined],
    [true, undefined],
    [[50], undefined],
    [{ size: 50 }, undefined],
  ])("reads %j as %s GB", (value, gb) => {
    expect(parseSize(value, "GB")).toBe(gb);
  });

  it("reads a size alike in every spelling", () => {
    const spelling = fc.constantFrom("GB", "gb", " GB", "", " GiB", "G");
    fc.assert(
      fc.property(fc.nat(1_000_000), spelling, (gb, unit) => {
        expect(parseSize(`${gb}${unit}`, "GB")).toBe(gb);
        expect(parseSize(gb, "GB")).toBe(gb);
        expect(parseSize(`${gb * 1024} MB`, "GB")).toBe(gb);
      }),
    );
  });

  it("gives a number that is not negative, or undefined, for anything", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const gb = parseSize(value, "GB");
        expect(gb === undefined || (Number.isFinite(gb) && gb >= 0)).toBe(true);
      }),
    );
  });
});

describe("a size in MB", () => {
  it.each<[unknown, number | undefined]>([
    ["2048", 2048],
    [2048, 2048],
    ["2048 MB", 2048],
    ["4 GB", 4096],
    ["four", undefined],
  ])("reads %j as %s MB", (value, mb) => {
    expect(parseSize(value, "MB")).toBe(mb);
  });
});
