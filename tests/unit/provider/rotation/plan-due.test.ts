import { describe, expect, it } from "vitest";
import { toleranceOf } from "../../../../provider/rotation/plan/periods";
import { planServer } from "../../../../provider/rotation/plan/server";
import type { RotationPolicy } from "../../../../provider/rotation/plan/types";
import { DAY, HOUR, policyOf, snapshotAt } from "./plan-cases";

const NOW = Date.parse("2026-11-24T02:00:00Z");
const MINUTE = 60_000;

function dueWith(every: number, snapshots: Parameters<typeof planServer>[1]) {
  const { take, dueAt } = planServer("1001", snapshots, policyOf({ last: 3 }, { everyMs: every }), NOW);
  return { take, inMinutes: (dueAt - NOW) / MINUTE };
}

/** The days of the calendar that the times name, in this zone. */
const inBerlin = (given: Partial<RotationPolicy> = {}): RotationPolicy =>
  policyOf({ last: 3 }, { everyMs: DAY, timeZone: "Europe/Berlin", ...given });

/** When the next snapshot is due after one at this time, as seen at another; by the clock of UTC. */
function dueAfter(newest: string | undefined, now: string, policy: RotationPolicy, run = {}) {
  const own = newest === undefined ? [] : [snapshotAt(`${newest}Z`)];
  const { take, dueAt, missedWindow } = planServer("1001", own, policy, Date.parse(`${now}Z`), run);
  const at = new Date(dueAt).toISOString().slice(0, 16);
  return `${take ? "takes" : "waits"}, due ${at}${missedWindow ? ", missed" : ""}`;
}

describe("a snapshot is due", () => {
  it("when there is no snapshot yet", () => {
    expect(dueWith(DAY, [])).toEqual({ take: true, inMinutes: 0 });
  });

  it.each([
    ["a day ago", DAY, true, -2 * 60],
    ["in the last minute of yesterday", 2 * HOUR + MINUTE, true, -2 * 60],
    ["in the first minute of today", 2 * HOUR - MINUTE, false, 22 * 60],
    ["just now", 0, false, 22 * 60],
    ["14 minutes ahead of our clock", -14 * MINUTE, false, 22 * 60],
  ])("every day or not, where the newest was taken %s", (_, age, take, inMinutes) => {
    expect(dueWith(DAY, [snapshotAt(NOW - age)])).toEqual({ take, inMinutes });
  });

  it("by the newest, whatever the order", () => {
    const snapshots = [snapshotAt(NOW - 2 * DAY), snapshotAt(NOW - HOUR), snapshotAt(NOW - 3 * DAY)];
    expect(dueWith(DAY, snapshots)).toEqual({ take: false, inMinutes: 22 * 60 });
  });

  it.each(["Pending", "Creating", "in-queue"])("not while one is still coming (%s)", (status) => {
    expect(dueWith(DAY, [snapshotAt(NOW - HOUR, { status })]).take).toBe(false);
  });

  it.each(["Error", "FAILED", "snapshot_failed"])("when the newest failed (%s)", (status) => {
    expect(dueWith(DAY, [snapshotAt(NOW - HOUR, { status })]).take).toBe(true);
  });

  it("although a snapshot has a time in the future, which must not delay it", () => {
    expect(dueWith(DAY, [snapshotAt(NOW + 16 * MINUTE)]).take).toBe(true);
    expect(dueWith(DAY, [snapshotAt("2036-01-01T00:00:00Z"), snapshotAt(NOW - HOUR)])).toEqual({
      take: false,
      inMinutes: 22 * 60,
    });
  });

  it.each([
    ["7 hours", 7 * HOUR, 17.5],
    ["36 hours", 36 * HOUR, 60],
  ])("earlier than every %s by a 24th of it, at most an hour", (_, every, minutes) => {
    expect(toleranceOf(every) / MINUTE).toBe(minutes);
    const inMinutes = every / MINUTE - minutes;
    expect(dueWith(every, [snapshotAt(NOW)])).toEqual({ take: false, inMinutes });
  });

  it.each([
    ["the 7th day of the calendar after it", 7 * DAY, 6 * 24 * 60 + 22 * 60],
    ["noon and midnight", 12 * HOUR, 10 * 60],
    ["the next full quarter of a day", 6 * HOUR, 4 * 60],
    ["the next full hour", HOUR, 60],
    ["the next quarter of an hour", HOUR / 4, 15],
  ])("at %s", (_, every, inMinutes) => {
    expect(dueWith(every, [snapshotAt(NOW + MINUTE)])).toEqual({ take: false, inMinutes });
  });

  it("never where every reaches beyond all dates", () => {
    expect(dueWith(Number.POSITIVE_INFINITY, [snapshotAt(NOW)]).take).toBe(false);
    expect(dueWith(100_000_000 * DAY, [snapshotAt(NOW)]).take).toBe(false);
  });
});

describe("a job that runs every night", () => {
  it("takes one every night, although it never starts at the same second", () => {
    const policy = policyOf({ daily: -1 }, { everyMs: DAY });
    const snapshots = [];
    for (let night = 0; night < 60; night += 1) {
      // Up to 20 minutes late, as busy schedulers are.
      const now = NOW + night * DAY + ((night * 7_919) % 1_200) * 1_000;
      const { take } = planServer("1001", snapshots, policy, now);
      if (take) snapshots.push(snapshotAt(now));
    }
    expect(snapshots).toHaveLength(60);
  });

  it("takes one on the night of 23 hours, two seconds earlier by the clock", () => {
    expect(dueAfter("2026-03-28T02:30:12", "2026-03-29T01:30:10", inBerlin())).toBe(
      "takes, due 2026-03-28T23:00",
    );
  });

  it("takes no second one when it is started again within the day", () => {
    const policy = policyOf({ daily: 7 }, { everyMs: DAY });
    for (let minutes = 0; minutes < 22 * 60; minutes += 30) {
      expect(planServer("1001", [snapshotAt(NOW)], policy, NOW + minutes * MINUTE).take).toBe(false);
    }
  });
});

describe("at a time of day", () => {
  const atTwo = inBerlin({ from: 2 * HOUR });

  it.each([
    ["not before it", "2026-11-23T01:00", "2026-11-24T00:59", "waits, due 2026-11-24T01:00"],
    ["from then on", "2026-11-23T01:00", "2026-11-24T01:00", "takes, due 2026-11-24T01:00"],
    ["however late", "2026-11-23T01:00", "2026-11-24T22:00", "takes, due 2026-11-24T01:00"],
    [
      "one that was late is of its own day",
      "2026-11-24T22:00",
      "2026-11-25T01:00",
      "takes, due 2026-11-25T01:00",
    ],
    ["and so is one after midnight", "2026-11-24T23:30", "2026-11-25T00:30", "waits, due 2026-11-25T01:00"],
    ["later where the clock skips it", "2026-03-28T01:05", "2026-03-29T00:59", "waits, due 2026-03-29T01:00"],
    [
      "the first time that the clock shows it",
      "2026-10-24T00:05",
      "2026-10-25T00:00",
      "takes, due 2026-10-25T00:00",
    ],
    ["not the second time", "2026-10-25T00:00", "2026-10-25T01:00", "waits, due 2026-10-26T01:00"],
  ])("%s", (_, newest, now, expected) => expect(dueAfter(newest, now, atTwo)).toBe(expected));

  it("is as much later as the clock was put forward", () => {
    const policy = inBerlin({ from: 2.5 * HOUR });
    expect(dueAfter("2026-03-28T01:35", "2026-03-29T01:10", policy)).toBe("waits, due 2026-03-29T01:30");
  });

  it("takes one for the day where the clock is put back over it", () => {
    // Havana: 00:30 comes twice, at 04:30 and 05:30 of UTC.
    const policy = policyOf({ last: 3 }, { everyMs: DAY, timeZone: "America/Havana", from: HOUR / 2 });
    expect(dueAfter("2026-10-31T05:00", "2026-11-01T05:10", policy)).toBe("takes, due 2026-11-01T04:30");
    expect(dueAfter("2026-11-01T05:10", "2026-11-01T05:40", policy)).toBe("waits, due 2026-11-02T05:30");
  });
});

describe("between two times of day", () => {
  const atNight = inBerlin({ from: HOUR, until: 5 * HOUR });

  it.each([
    ["inside", "2026-11-23T01:00", "2026-11-24T03:59", "takes, due 2026-11-24T00:00"],
    ["before it", "2026-11-23T01:00", "2026-11-23T23:59", "waits, due 2026-11-24T00:00"],
    ["after it was missed", "2026-11-23T01:00", "2026-11-24T04:00", "waits, due 2026-11-25T00:00, missed"],
    ["in the next one", "2026-11-23T01:00", "2026-11-25T00:00", "takes, due 2026-11-25T00:00, missed"],
    ["after two were missed", "2026-11-23T01:00", "2026-11-25T11:00", "takes, due 2026-11-25T00:00, missed"],
    [
      "where it was made up for at noon",
      "2026-11-25T11:00",
      "2026-11-25T12:00",
      "waits, due 2026-11-26T00:00",
    ],
    ["without a snapshot, at noon", undefined, "2026-11-24T11:00", "waits, due 2026-11-25T00:00"],
    ["without a snapshot, inside", undefined, "2026-11-24T00:10", "takes, due 2026-11-24T00:00"],
  ])("%s", (_, newest, now, expected) => expect(dueAfter(newest, now, atNight)).toBe(expected));

  it("a server without a snapshot waits for the window that it was promised, and no longer", () => {
    const promisedAt = Date.parse("2026-11-25T00:00Z");
    const seen = (now: string) => dueAfter(undefined, now, atNight, { promisedAt });
    expect(seen("2026-11-24T15:00")).toBe("waits, due 2026-11-25T00:00");
    expect(seen("2026-11-25T02:00")).toBe("takes, due 2026-11-25T00:00");
    expect(seen("2026-11-25T04:00")).toBe("takes, due 2026-11-25T00:00, missed");
  });

  it("a run that began inside ends its work after it", () => {
    const begunAt = Date.parse("2026-11-24T03:59Z");
    expect(dueAfter("2026-11-23T01:00", "2026-11-24T04:20", atNight, { begunAt })).toBe(
      "takes, due 2026-11-24T00:00",
    );
  });

  it.each([
    ["before midnight", "2026-11-24T22:30", "takes, due 2026-11-24T21:00"],
    ["after midnight", "2026-11-25T01:30", "takes, due 2026-11-24T21:00"],
    ["after it", "2026-11-25T03:00", "waits, due 2026-11-25T21:00, missed"],
  ])("over midnight: %s", (_, now, expected) => {
    const overMidnight = inBerlin({ from: 22 * HOUR, until: 28 * HOUR });
    expect(dueAfter("2026-11-23T22:30", now, overMidnight)).toBe(expected);
    expect(dueAfter("2026-11-24T00:30", now, overMidnight)).toBe(expected);
  });

  it("lasts as long where the clock skips its beginning or all of it", () => {
    const skipped = inBerlin({ from: 2.5 * HOUR, until: 3 * HOUR });
    expect(dueAfter("2026-03-28T01:35", "2026-03-29T01:59", skipped)).toBe("takes, due 2026-03-29T01:30");
    expect(dueAfter("2026-03-28T01:35", "2026-03-29T02:00", skipped)).toBe(
      "waits, due 2026-03-30T00:30, missed",
    );
  });
});
