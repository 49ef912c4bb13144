import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { INDIA, inferZone, UTC, zoneOf } from "../../../provider/utho/facts";

const MINUTE = 60_000;
const wallIn = (offsetMinutes: number, at: number): string =>
  new Date(at + offsetMinutes * MINUTE).toISOString().slice(0, 19);

describe("the cloud's time zone", () => {
  it.each([
    [UTC, 0],
    [INDIA, 330],
  ])("is seen to be %s from a moment that our own clock knows", (zone, offset) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2e12 }),
        fc.integer({ min: -10, max: 300 }),
        (moment, lateMinutes) => {
          const wall = wallIn(offset, moment + lateMinutes * MINUTE);
          expect(inferZone([{ wall, notBefore: moment }], [], moment)).toBe(zone);
        },
      ),
    );
  });

  it("cannot be UTC if something would have been made in the future", () => {
    const now = Date.parse("2026-11-22T21:00:00Z");
    expect(inferZone([], [wallIn(330, now - MINUTE)], now)).toBe(INDIA);
  });

  it("is not guessed without evidence", () => {
    expect(inferZone([], ["2020-01-01T00:00:00"], Date.parse("2026-01-01T00:00:00Z"))).toBeUndefined();
  });

  it("is India's when nothing else is known, and always the configured one", () => {
    const old = [{ id: "5001", name: "by hand", createdAt: "2020-01-01T00:00:00" }];
    const now = Date.parse("2026-01-01T00:00:00Z");
    expect(zoneOf(old, undefined, now)).toBe("Asia/Kolkata");
    expect(zoneOf(old, "Europe/Berlin", now)).toBe("Europe/Berlin");
  });
});
