import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArgumentError, parseWallTime, toInstant } from "../../../client";

describe("parseWallTime", () => {
  it.each<[unknown, string | undefined]>([
    ["2026-01-31 23:59:58", "2026-01-31T23:59:58"],
    ["2026-01-31T23:59:58", "2026-01-31T23:59:58"],
    [" 2026-01-31 23:59:58 ", "2026-01-31T23:59:58"],
    ["2026-01-31 23:59", "2026-01-31T23:59:00"],
    ["2026-01-31", "2026-01-31T00:00:00"],
    ["2026-01-31 23:59:58.123456", "2026-01-31T23:59:58"],
    ["2026-01-31T23:59:58Z", "2026-01-31T23:59:58"],
    ["2026-01-31T23:59:58+05:30", "2026-01-31T23:59:58"],
    ["2024-02-29 00:00:00", "2024-02-29T00:00:00"],
    ["2026-02-29 00:00:00", undefined],
    ["2026-02-30 00:00:00", undefined],
    ["2026-13-01 00:00:00", undefined],
    ["2026-01-31 24:00:00", undefined],
    ["2026-01-31 23:60:00", undefined],
    ["0000-00-00 00:00:00", undefined],
    ["31-01-2026 23:59:58", undefined],
    ["yesterday", undefined],
    ["", undefined],
    [null, undefined],
    [1769903998, undefined],
    [{}, undefined],
  ])("reads %j as %s", (value, wall) => {
    expect(parseWallTime(value)).toBe(wall);
  });

  it("reads every second of every year that Utho could mean", () => {
    const date = fc.date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(date, fc.constantFrom(" ", "T"), (at, between) => {
        const wall = at.toISOString().slice(0, 19);
        expect(parseWallTime(wall.replace("T", between))).toBe(wall);
      }),
    );
  });

  it("gives a wall time or undefined for any value", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.stringMatching(/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}$/)),
        (value) => {
          const wall = parseWallTime(value);
          if (wall !== undefined) expect(parseWallTime(wall)).toBe(wall);
        },
      ),
    );
  });
});

describe("toInstant", () => {
  it.each<[string, string, string]>([
    ["2026-01-31T23:59:58", "UTC", "2026-01-31T23:59:58Z"],
    ["2026-01-31T23:59:58", "Asia/Kolkata", "2026-01-31T18:29:58Z"],
    ["2026-07-01T12:00:00", "Europe/Berlin", "2026-07-01T10:00:00Z"],
    ["2026-01-01T02:00:00", "Asia/Kolkata", "2025-12-31T20:30:00Z"],
  ])("%s in %s is %s", (wall, zone, instant) => {
    expect(toInstant(wall, zone)).toBe(instant);
  });

  it.each<[string, string, RegExp]>([
    ["2026-01-31T23:59:58", "Mars/Olympus", /not a time zone/],
    ["2026-01-31T23:59:58", "", /not a time/],
    ["2026-01-31 23:59:58", "UTC", /not a time of the form/],
    ["2026-02-30T00:00:00", "UTC", /not a time of the form/],
    ["", "UTC", /not a time of the form/],
  ])("%j in %j is refused", (wall, zone, message) => {
    expect(() => toInstant(wall, zone)).toThrow(ArgumentError);
    expect(() => toInstant(wall, zone)).toThrow(message);
  });
});
