import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { planServer } from "../../../../provider/rotation/plan/server";
import type { RotationPolicy, RotationSnapshot } from "../../../../provider/rotation/plan/types";
import { DAY, HOUR, policyOf, snapshotAt } from "./plan-cases";

const MINUTE = HOUR / 60;
const START = Date.parse("2026-01-01T12:00:00Z");
const YEAR = 366 * DAY;
const RUNS = { numRuns: 5 };

/** Clocks that move at two, at midnight, by half an hour, in the south, by two hours, and one that never moves. */
const ZONES = [
  "Europe/Berlin",
  "America/New_York",
  "America/Havana",
  "America/Santiago",
  "Australia/Lord_Howe",
  "Antarctica/Troll",
  "Asia/Kolkata",
];

/** When a job runs in a year: every so many minutes, each time some later than its hour, and some nights not at all. */
const jobs = fc
  .record({
    period: fc.constantFrom(30, 90, 6 * 60, 24 * 60, 37 * 60),
    offset: fc.integer({ min: 0, max: 24 * 60 }),
    jitter: fc.integer({ min: 0, max: 90 }),
    missing: fc.constantFrom(0, 0.1, 0.5),
    seed: fc.integer({ min: 1, max: 2 ** 31 - 2 }),
  })
  .map(({ period, offset, jitter, missing, seed }) => {
    let state = seed;
    const random = (): number => {
      state = (state * 48_271) % (2 ** 31 - 1);
      return state / 2 ** 31;
    };
    const times: number[] = [];
    for (let at = START + offset * MINUTE; at < START + YEAR; at += period * MINUTE) {
      const late = Math.floor(random() * jitter * 60) * 1_000;
      if (random() >= missing) times.push(at + late);
    }
    return times.sort((a, b) => a - b);
  });

/** The times at which the runs took a snapshot. */
function takenBy(runs: readonly number[], policy: RotationPolicy): number[] {
  let newest: RotationSnapshot[] = [];
  const taken: number[] = [];
  for (const now of runs) {
    if (!planServer("1001", newest, policy, now).take) continue;
    taken.push(now);
    newest = [snapshotAt(now)];
  }
  return taken;
}

/** The first run of each period, by names of periods. */
function firstOfEach(runs: readonly number[], periodOf: (at: DateTime) => string, zone: string): number[] {
  const first = new Map<string, number>();
  for (const at of runs) {
    const period = periodOf(DateTime.fromMillis(at, { zone }));
    if (!first.has(period)) first.set(period, at);
  }
  return [...first.values()];
}

const dateOf = (at: DateTime): string => at.toISODate() ?? "";

describe("through a year, whenever the job runs", () => {
  it.each(ZONES)("one snapshot on each day of the calendar that has a run: %s", (timeZone) => {
    fc.assert(
      fc.property(jobs, (runs) => {
        const taken = takenBy(runs, policyOf({ last: 1 }, { everyMs: DAY, timeZone }));
        expect(taken).toEqual(firstOfEach(runs, dateOf, timeZone));
      }),
      RUNS,
    );
  });

  it.each(ZONES)("the same of days that begin at noon: %s", (timeZone) => {
    fc.assert(
      fc.property(jobs, (runs) => {
        const taken = takenBy(runs, policyOf({ last: 1 }, { everyMs: DAY, timeZone, from: 12 * HOUR }));
        // No clock is changed near noon, so that the half of the day decides.
        const dayOf = (at: DateTime): string => dateOf(at.hour < 12 ? at.minus({ days: 1 }) : at);
        expect(taken).toEqual(firstOfEach(runs, dayOf, timeZone));
      }),
      RUNS,
    );
  });

  it.each(ZONES)("one in each window that a run falls into, and seldom one outside: %s", (timeZone) => {
    const windows = fc.constantFrom([0, 5], [1, 3], [2, 2.5], [22, 28], [23.5, 24.5]);
    fc.assert(
      fc.property(jobs, windows, (runs, [opens = 0, closes = 0]) => {
        const times = { everyMs: DAY, timeZone, from: opens * HOUR, until: closes * HOUR };
        const taken = takenBy(runs, policyOf({ last: 1 }, times));
        /** The date on which the window opened that is open at a moment by the wall clock. */
        const windowOf = (at: number): string | undefined => {
          const wall = DateTime.fromMillis(at, { zone: timeZone });
          const hour = wall.hour + wall.minute / 60 + wall.second / 3_600;
          if (hour >= opens && hour < closes) return dateOf(wall);
          return hour + 24 < closes ? dateOf(wall.minus({ days: 1 })) : undefined;
        };
        const ofEach = new Map<string, number>();
        for (const at of taken) {
          const window = windowOf(at);
          if (window !== undefined) ofEach.set(window, (ofEach.get(window) ?? 0) + 1);
        }
        const changes = changesOf(timeZone);
        const calm = (date: string): boolean => !changes.has(date);
        const open = new Set(runs.flatMap((at) => windowOf(at) ?? []).filter(calm));
        for (const date of open) expect([date, ofEach.get(date)]).toEqual([date, 1]);
        for (const [date, count] of ofEach) expect([date, count]).toEqual([date, 1]);
        // Outside only where the window before had no run, and so not on the day after one that had.
        for (const at of taken) {
          const wall = DateTime.fromMillis(at, { zone: timeZone });
          const dates = [0, 1].map((days) => dateOf(wall.minus({ days })));
          if (windowOf(at) === undefined && dates.every(calm)) {
            expect(dates.every((date) => open.has(date))).toBe(false);
          }
        }
      }),
      RUNS,
    );
  });

  it.each([
    [12 * HOUR, (at: DateTime) => `${dateOf(at)} ${Math.floor(at.hour / 12)}`],
    [6 * HOUR, (at: DateTime) => `${dateOf(at)} ${Math.floor(at.hour / 6)}`],
    [HOUR, (at: DateTime) => String(Math.floor(at.toMillis() / HOUR))],
  ])("one in each part of a day of %i ms that has a run", (everyMs, partOf) => {
    fc.assert(
      fc.property(jobs, fc.constantFrom("Europe/Berlin", "America/New_York"), (runs, timeZone) => {
        const taken = takenBy(runs, policyOf({ last: 1 }, { everyMs, timeZone }));
        expect(taken).toEqual(firstOfEach(runs, partOf, timeZone));
      }),
      RUNS,
    );
  });

  it("a run takes when the last one said that it would, and not before", () => {
    const policies = fc.record({
      everyMs: fc.constantFrom(HOUR, 6 * HOUR, 7 * HOUR, DAY, 7 * DAY),
      timeZone: fc.constantFrom(...ZONES),
      times: fc.constantFrom<Partial<RotationPolicy>>(
        {},
        { from: 2.5 * HOUR },
        { from: 2 * HOUR, until: 3 * HOUR },
      ),
    });
    const ages = fc.tuple(fc.integer({ min: 0, max: YEAR }), fc.integer({ min: 0, max: 10 * DAY }));
    fc.assert(
      fc.property(policies, ages, ({ everyMs, timeZone, times }, [after, age]) => {
        const policy = policyOf({ last: 1 }, { everyMs, timeZone, ...(everyMs < DAY ? {} : times) });
        const newest = [snapshotAt(START + after)];
        const now = START + after + age;
        const { take, dueAt } = planServer("1001", newest, policy, now);
        expect(take).toBe(dueAt <= now);
        if (take) return;
        expect(planServer("1001", newest, policy, dueAt).take).toBe(true);
        expect(planServer("1001", newest, policy, dueAt - 1).take).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Dates on which a zone changes its clock in the year, and the day before and after each. */
function changesOf(zone: string): Set<string> {
  const dates = new Set<string>();
  for (let at = START - DAY; at < START + YEAR + DAY; at += DAY) {
    const [before, after] = [at, at + DAY].map((moment) => DateTime.fromMillis(moment, { zone }));
    if (before === undefined || after === undefined || before.offset === after.offset) continue;
    for (const days of [-1, 0, 1]) for (const one of [before, after]) dates.add(dateOf(one.plus({ days })));
  }
  return dates;
}
