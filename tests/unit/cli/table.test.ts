import { describe, expect, it } from "vitest";
import { columnsOf } from "../../../cli/screen/columns";
import { type Column, forScreen, tableLines } from "../../../cli/screen/table";

interface Row {
  id: string;
  name: string;
  size: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { head: "Id", text: ({ id }) => id },
  { head: "Name", text: ({ name }) => name, least: 8 },
  { head: "Size", text: ({ size }) => size, align: "right", spare: 1 },
];
const ROWS = [
  { id: "1001/5001", name: "prod-nightly-20261124T020000Z", size: "50 GB" },
  { id: "1002/5002", name: "日本語", size: "8 GB" },
];

describe("a table", () => {
  const at = (width: number | undefined, color = false) => tableLines(ROWS, COLUMNS, { color, width });

  it("is as wide as its cells when there is room, and without a terminal", () => {
    const whole = [
      "Id         Name                            Size",
      "1001/5001  prod-nightly-20261124T020000Z  50 GB",
      "1002/5002  日本語                          8 GB",
    ];
    expect(at(undefined)).toEqual(whole);
    expect(at(47)).toEqual(whole);
  });

  it("cuts what may be cut, then leaves out what may be left out, and folds no row", () => {
    expect(at(30)).toEqual([
      "Id         Name           Size",
      "1001/5001  prod-n…0000Z  50 GB",
      "1002/5002  日本語         8 GB",
    ]);
    expect(at(22)).toEqual(["Id         Name", "1001/5001  prod-…0000Z", "1002/5002  日本語"]);
    for (let width = 19; width < 60; width += 1) {
      expect(Math.max(...at(width).map(columnsOf))).toBeLessThanOrEqual(width);
    }
  });

  it("escapes control characters in cells, and colours only the head by default", () => {
    const rows = [{ id: "1", name: "\u001b[2J\nhidden", size: "1 GB" }];
    expect(tableLines(rows, COLUMNS, { color: true, width: undefined })).toEqual([
      "\u001b[1mId\u001b[0m  \u001b[1mName                \u001b[0m  \u001b[1mSize\u001b[0m",
      "1   \\u{1b}[2J\\u{a}hidden  1 GB",
    ]);
  });
});

describe("a long list", () => {
  const rows = Array.from({ length: 10_000 }, (_, index) => index);
  const at = (width: number | undefined, count = rows.length) =>
    forScreen(rows.slice(0, count), { color: false, width });

  it("is bounded on a screen, which says how much there is besides", () => {
    expect(at(80)).toEqual({
      shown: rows.slice(0, 200),
      rest: ["…and 9800 more: all are in a pipe or a file."],
    });
    expect(at(80, 200)).toEqual({ shown: rows.slice(0, 200), rest: [] });
  });

  it("is whole in a pipe or a file", () => {
    expect(at(undefined)).toEqual({ shown: rows, rest: [] });
  });
});
