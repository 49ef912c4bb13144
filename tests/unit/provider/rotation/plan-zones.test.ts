import { IANAZone } from "luxon";
import { describe, expect, it } from "vitest";
import { isTimeZone, makeZone, newZone, zoneOf } from "../../../../client/time";
import {
  dayOf,
  hourOf,
  momentIn,
  monthOf,
  type PeriodOf,
  weekOf,
  yearOf,
} from "../../../../provider/rotation/plan/periods";
import { planServer } from "../../../../provider/rotation/plan/server";
import type { RotationSnapshot } from "../../../../provider/rotation/plan/types";
import { DAY, deletedLines, HOUR, keptLines, policyOf, snapshotAt } from "./plan-cases";

function hourly(from: string, hours: number): RotationSnapshot[] {
  return Array.from({ length: hours }, (_, hour) => snapshotAt(Date.parse(from) + hour * HOUR));
}

function planOf(snapshots: RotationSnapshot[], keep: Parameters<typeof policyOf>[0], timeZone: string) {
  const newest = Math.max(...snapshots.map(({ takenAt }) => takenAt));
  return planServer("1001", snapshots, policyOf(keep, { timeZone }), newest);
}

const MINUTE = HOUR / 60;

describe("periods begin in the zone of the rotation", () => {
  const evening = [snapshotAt("2026-11-24T19:00:00Z"), snapshotAt("2026-11-24T18:00:00Z")];

  it("two snapshots of one day in London are of two days in India", () => {
    expect(keptLines(planOf(evening, { daily: 2 }, "Europe/London"))).toEqual([
      "2026-11-24 19:00: daily",
      "2026-11-24 18:00: oldest daily",
    ]);
    expect(keptLines(planOf(evening, { daily: 2 }, "Asia/Kolkata"))).toEqual([
      "2026-11-24 19:00: daily",
      "2026-11-24 18:00: daily",
    ]);
  });

  it("an hour begins at half past by the clock of UTC when the zone is half an hour off", () => {
    const snapshots = ["2026-11-24T10:25:00Z", "2026-11-24T10:35:00Z", "2026-11-24T09:35:00Z"].map((time) =>
      snapshotAt(time),
    );
    expect(deletedLines(planOf(snapshots, { hourly: 2 }, "Asia/Kolkata"))).toEqual(["2026-11-24 09:35"]);
    expect(deletedLines(planOf(snapshots, { hourly: 2 }, "UTC"))).toEqual(["2026-11-24 10:25"]);
  });
});

describe("when the clock is changed", () => {
  it.each([
    ["23 hours", "Europe/Berlin", "2026-03-28T23:00:00Z", 23],
    ["25 hours", "Europe/Berlin", "2026-10-24T22:00:00Z", 25],
    ["23 hours", "America/New_York", "2026-03-08T05:00:00Z", 23],
    ["25 hours", "America/New_York", "2026-11-01T04:00:00Z", 25],
    ["24½ hours, by whose first half the hours shift,", "Australia/Lord_Howe", "2026-04-04T13:00:00Z", 25],
    ["24 hours", "Asia/Kolkata", "2026-11-23T18:30:00Z", 24],
  ])("a day has %s: %s", (_, timeZone, midnight, hours) => {
    const snapshots = hourly(midnight, 48);
    const plan = planOf(
      [...snapshots.slice(0, hours), ...snapshots.slice(hours, hours + 1)],
      { daily: 2 },
      timeZone,
    );
    const start = new Date(Date.parse(midnight) + (hours - 1) * HOUR)
      .toISOString()
      .slice(0, 16)
      .replace("T", " ");
    expect(keptLines(plan)).toContain(`${start}: daily`);
    expect(plan.delete).toHaveLength(hours - 1);
  });

  it("the hour that the clock shows twice is two hours, and both keep their snapshot", () => {
    const night = hourly("2026-11-01T04:30:00Z", 4);
    expect(planOf(night, { hourly: 4 }, "America/New_York").delete).toEqual([]);
  });

  it("a day before is the same time of day, be it 23 hours or 25", () => {
    const after = snapshotAt("2026-03-29T10:00:00Z");
    const cut = Date.parse("2026-03-28T11:00:00Z");
    const plan = planOf([after, snapshotAt(cut + 1_000), snapshotAt(cut)], { within: "1d" }, "Europe/Berlin");
    expect(deletedLines(plan)).toEqual(["2026-03-28 11:00"]);
    const hours = planOf(
      [after, snapshotAt(cut + 1_000), snapshotAt(cut)],
      { within: "24h" },
      "Europe/Berlin",
    );
    expect(hours.delete).toEqual([]);
  });

  it("a time of day that the day before lacked reaches back to behind the gap, one that it had twice to the first", () => {
    // 02:30 on the day after the clock was put forward at 02:00, and 02:30 on the day after it was put back at 03:00.
    const zone = zoneOf("Europe/Berlin");
    expect(new Date(zone.momentOf(Date.UTC(2026, 2, 29, 2, 30))).toISOString()).toBe(
      "2026-03-29T01:30:00.000Z",
    );
    expect(new Date(zone.momentOf(Date.UTC(2026, 9, 25, 2, 30))).toISOString()).toBe(
      "2026-10-25T00:30:00.000Z",
    );
  });

  it("the day that Samoa skipped is no day", () => {
    const snapshots = ["2011-12-30T12:00:00Z", "2011-12-30T08:00:00Z"].map((time) => snapshotAt(time));
    expect(keptLines(planOf(snapshots, { daily: 9 }, "Pacific/Apia"))).toEqual([
      "2011-12-30 12:00: daily",
      "2011-12-30 08:00: daily",
    ]);
  });
});

describe("the clock of a zone", () => {
  const zones = [
    "UTC",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
  ].concat([
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Asia/Gaza",
    "Africa/Cairo",
    "Antarctica/Troll",
  ]);

  it.each(zones)("%s is luxon's, through eight years", (name) => {
    const zone = zoneOf(name);
    const reference = IANAZone.create(name);
    const from = Date.parse("2009-01-01T00:30:00Z");
    // A step of 13 hours meets every time of day, and no change of a clock lasts less.
    const moments = Array.from({ length: (8 * 365 * 24) / 13 }, (_, step) => from + step * 13 * HOUR);
    const differing = moments.filter((moment) => zone.offsetAt(moment) !== reference.offset(moment) * 60_000);
    expect(differing.map((moment) => new Date(moment).toISOString())).toEqual([]);
  });

  it.each(zones)("%s is changed at the very minute, in whatever order one asks", (name) => {
    const reference = IANAZone.create(name);
    const offsetOf = (moment: number): number => reference.offset(moment) * 60_000;
    const from = Date.parse("2009-01-01T00:00:00Z");
    const days = Array.from({ length: 4 * 365 }, (_, day) => from + day * DAY);
    const minutes = days
      .filter((day) => offsetOf(day) !== offsetOf(day + DAY))
      .flatMap((day) => Array.from({ length: DAY / MINUTE }, (_, minute) => day + minute * MINUTE));
    const differing = [minutes, [...minutes].reverse(), minutes.map((moment) => moment - 1)].map(
      (moments) => {
        const zone = newZone(name);
        return moments.filter((moment) => zone.offsetAt(moment) !== offsetOf(moment));
      },
    );
    expect(differing).toEqual([[], [], []]);
  });

  it("that is changed twice within a day is followed", () => {
    // A made-up zone: the tables hold none that was, but nothing forbids it.
    const changes = [Date.UTC(2026, 0, 2, 3), Date.UTC(2026, 0, 2, 9, 15)];
    const offsetOf = (moment: number): number =>
      (1 + changes.filter((change) => change <= moment).length) * HOUR;
    const zone = makeZone(offsetOf);
    const moments = Array.from(
      { length: 8 * 96 },
      (_, quarter) => Date.UTC(2025, 11, 30) + quarter * (HOUR / 4),
    );
    expect(moments.filter((moment) => zone.offsetAt(moment) !== offsetOf(moment))).toEqual([]);
  });

  it("is called a few times for years of snapshots, not for each", () => {
    let asked = 0;
    const reference = IANAZone.create("Europe/Berlin");
    const zone = makeZone((moment) => {
      asked += 1;
      return reference.offset(moment) * 60_000;
    });
    for (let hour = 0; hour < 2 * 365 * 24; hour += 1) zone.offsetAt(Date.UTC(2026, 11, 31) - hour * HOUR);
    // One for each block of six days, and for each of four changes as many as it takes to halve one to a second.
    expect(asked).toBeLessThanOrEqual(Math.ceil((2 * 365) / 6) + 2 + 4 * 20);
  });

  it.each([
    ["Asia/Kolkata", true],
    ["UTC", true],
    ["Mars/Olympus", false],
    ["IST5", false],
    ["", false],
  ])("%s is known: %s", (name, known) => {
    expect(isTimeZone(name)).toBe(known);
  });

  it("of an unknown zone is an error, not UTC", () => {
    expect(() => planOf([snapshotAt("2026-11-24T02:00:00Z")], { daily: 1 }, "Mars/Olympus")).toThrow(
      RangeError,
    );
  });
});

describe("moments of one period", () => {
  it.each<[string, PeriodOf, string, string]>([
    ["hour", hourOf, "2026-11-24T10:00:00Z", "2026-11-24T11:00:00Z"],
    ["day", dayOf, "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z"],
    ["week", weekOf, "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"],
    ["month", monthOf, "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"],
    ["year", yearOf, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"],
    ["week before 1970", weekOf, "1969-12-29T00:00:00Z", "1970-01-05T00:00:00Z"],
    ["hour before 1970", hourOf, "1969-12-31T23:00:00Z", "1970-01-01T00:00:00Z"],
  ])("are those from the beginning of a %s to its last millisecond", (_, periodOf, from, to) => {
    const of = (moment: number) => periodOf(momentIn(zoneOf("UTC"), moment));
    const [first, end] = [Date.parse(from), Date.parse(to)];
    expect(of(end - 1)).toBe(of(first));
    expect(of(first - 1)).not.toBe(of(first));
    expect(of(end)).not.toBe(of(first));
    expect(of(first + 2 * 400 * DAY)).not.toBe(of(first));
  });
});
