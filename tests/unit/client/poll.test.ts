import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  CancelledError,
  type Probe,
  type Tick,
  WaitTimeoutError,
  waitUntil,
} from "../../../client";
import { fakeClock } from "./harness";

/** Finds what is listed, one thing a look; the last one is found again and again. */
function finds<T>(...found: Probe<T>[]) {
  let looks = 0;
  return {
    probe: async (): Promise<Probe<T>> => {
      const next = found[Math.min(looks, found.length - 1)];
      looks++;
      if (next === undefined) throw new Error("nothing to find");
      return next;
    },
    looks: () => looks,
  };
}

describe("waitUntil", () => {
  it("looks at once and does not sleep where it is done already", async () => {
    const clock = fakeClock();
    const { probe, looks } = finds({ done: 42 });
    expect(await waitUntil(probe, { intervalMs: 1000, deadlineMs: 0, clock })).toBe(42);
    expect(looks()).toBe(1);
    expect(clock.sleeps).toEqual([]);
  });

  it("takes undefined, false and 0 for results too", async () => {
    for (const done of [undefined, false, 0, ""]) {
      const { probe } = finds<unknown>({ done });
      expect(await waitUntil(probe, { intervalMs: 1, deadlineMs: 0 })).toBe(done);
    }
  });

  it("looks every interval until it is done, and reports each look", async () => {
    const clock = fakeClock();
    const ticks: Tick[] = [];
    const { probe } = finds({ waiting: "Pending" }, { waiting: "Creating" }, { done: "Active" });
    const policy = { intervalMs: 5000, deadlineMs: 60_000, clock, onTick: (tick: Tick) => ticks.push(tick) };
    expect(await waitUntil(probe, policy)).toBe("Active");
    expect(clock.sleeps).toEqual([5000, 5000]);
    expect(ticks).toEqual([
      { waiting: "Pending", waitedMs: 0, probes: 1 },
      { waiting: "Creating", waitedMs: 5000, probes: 2 },
    ]);
  });

  it("makes the last look at the deadline, and then says what it saw", async () => {
    const clock = fakeClock();
    const { probe, looks } = finds({ waiting: "Pending" }, { waiting: "Creating" });
    const error = await waitUntil(probe, {
      intervalMs: 4000,
      deadlineMs: 10_000,
      clock,
      operation: "snapshot ready",
    }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(WaitTimeoutError);
    expect(error).toMatchObject({
      code: "UTHO_WAIT_TIMEOUT",
      operation: "snapshot ready",
      lastSeen: "Creating",
      waitedMs: 10_000,
      message: expect.stringContaining("gave up after 10 s; last seen: Creating"),
    });
    expect(clock.sleeps).toEqual([4000, 4000, 2000]);
    expect(looks()).toBe(4);
  });

  it("succeeds with the look at the deadline", async () => {
    const clock = fakeClock();
    const { probe } = finds({ waiting: "x" }, { waiting: "x" }, { done: "late" });
    expect(await waitUntil(probe, { intervalMs: 6000, deadlineMs: 10_000, clock })).toBe("late");
  });

  it("counts the time that looking takes", async () => {
    const clock = fakeClock();
    const probe = async () => {
      await clock.sleep(7000);
      return { waiting: "slow" };
    };
    await expect(waitUntil(probe, { intervalMs: 1000, deadlineMs: 10_000, clock })).rejects.toMatchObject({
      waitedMs: 15_000,
    });
  });

  it("hands on the probe's error at once", async () => {
    const clock = fakeClock();
    const failing = async () => {
      throw new Error("probe");
    };
    await expect(waitUntil(failing, { intervalMs: 1, deadlineMs: 10, clock })).rejects.toThrow("probe");
    expect(clock.sleeps).toEqual([]);
  });

  it("does not look where it is cancelled before", async () => {
    const { probe, looks } = finds({ done: 1 });
    const policy = { intervalMs: 1, deadlineMs: 10, clock: fakeClock(), signal: AbortSignal.abort() };
    await expect(waitUntil(probe, policy)).rejects.toBeInstanceOf(CancelledError);
    expect(looks()).toBe(0);
  });

  it("stops sleeping when it is cancelled", async () => {
    const controller = new AbortController();
    const clock = fakeClock();
    clock.onSleep = () => controller.abort();
    const { probe, looks } = finds({ waiting: "x" });
    const policy = { intervalMs: 1000, deadlineMs: 10_000, clock, signal: controller.signal };
    await expect(waitUntil(probe, policy)).rejects.toMatchObject({ code: "UTHO_CANCELLED" });
    expect(looks()).toBe(1);
  });

  it("stops the machine's own clock too", async () => {
    const controller = new AbortController();
    const { probe } = finds({ waiting: "x" });
    const policy = {
      intervalMs: 600_000,
      deadlineMs: 600_000,
      signal: controller.signal,
      onTick: () => queueMicrotask(() => controller.abort()),
    };
    await expect(waitUntil(probe, policy)).rejects.toBeInstanceOf(CancelledError);
  });

  it.each([
    { intervalMs: 0, deadlineMs: 1 },
    { intervalMs: -1, deadlineMs: 1 },
    { intervalMs: Number.NaN, deadlineMs: 1 },
    { intervalMs: 1, deadlineMs: -1 },
    { intervalMs: 1, deadlineMs: Number.NaN },
  ])("refuses %j", async (policy) => {
    const { probe } = finds({ done: 1 });
    await expect(waitUntil(probe, policy)).rejects.toBeInstanceOf(ArgumentError);
  });
});
