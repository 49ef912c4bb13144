import { describe, expect, it } from "vitest";
import { type Outcome, Pace, withPace, withRetry } from "../../../client/pipeline";
import { failureOf, fakeClock } from "./harness";

const LIMITED: Outcome = { failure: { kind: "rateLimited", what: "x", effect: "none", retryAfterMs: 1_000 } };
const request = { operation: "x.y", method: "GET", path: "/x" } as const;
const GOOD: Outcome = { answer: { request, status: 200, json: {}, verdict: "success", attempts: 1 } };

/** A clock on which many wait at the same time: it moves to the next moment that anybody waits for. */
function sharedClock() {
  const waiting: { at: number; wake: () => void }[] = [];
  let now = 0;
  return {
    now: () => now,
    sleep: (ms: number) => new Promise<void>((wake) => void waiting.push({ at: now + ms, wake })),
    /** Lets all that is under way come to its end. */
    async run(): Promise<void> {
      for (;;) {
        for (let turn = 0; turn < 20; turn++) await Promise.resolve();
        const [next] = waiting.sort((a, b) => a.at - b.at);
        if (next === undefined) return;
        waiting.shift();
        now = Math.max(now, next.at);
        next.wake();
      }
    },
  };
}

/** An API that takes so many requests in each second. */
function limitedApi(clock: { now(): number }, perSecond: number) {
  const taken = new Map<number, number>();
  let refused = 0;
  const once = async (): Promise<Outcome> => {
    const second = Math.floor(clock.now() / 1_000);
    const count = (taken.get(second) ?? 0) + 1;
    taken.set(second, count);
    if (count <= perSecond) return GOOD;
    refused += 1;
    return LIMITED;
  };
  return { once, refusals: () => refused };
}

describe("the pace of requests", () => {
  it("holds nothing back until Utho asks for fewer", async () => {
    const clock = fakeClock();
    const pace = new Pace(clock);
    for (let count = 0; count < 100; count++) await pace.turn();
    expect(clock.sleeps).toEqual([]);
  });

  it.each([5, 8, 40])(
    "brings 500 requests through a limit of %i a second, without using up attempts",
    async (limit) => {
      const clock = sharedClock();
      const api = limitedApi(clock, limit);
      const send = withRetry(withPace(api.once, clock), { maxRetries: 1, clock, random: () => 1 });
      const all = Promise.all(Array.from({ length: 500 }, () => send(request)));
      await clock.run();
      expect(await all).toHaveLength(500);
      // Half of what the limit allows, at least, once the first crowd has been sent back.
      expect(clock.now()).toBeLessThan((2 * 500 * 1_000) / limit + 10_000);
    },
  );

  it("is free again when Utho no longer asks for fewer", async () => {
    const clock = fakeClock();
    const pace = new Pace(clock);
    pace.slowDown(await pace.turn());
    for (let count = 0; count < 2_000; count++) {
      await pace.turn();
      pace.speedUp();
    }
    clock.sleeps.length = 0;
    await pace.turn();
    await pace.turn();
    expect(clock.sleeps).toEqual([]);
  });

  it("says for how long a request is held back", async () => {
    const clock = fakeClock();
    const pace = new Pace(clock);
    pace.slowDown(await pace.turn(), 7_000);
    const held: number[] = [];
    await pace.turn(undefined, (ms) => held.push(ms));
    expect(held).toEqual([7_000]);
  });

  it("gives up in the end when Utho never stops asking for fewer", async () => {
    const clock = fakeClock();
    const send = withRetry(
      withPace(async () => LIMITED, clock),
      { maxRetries: 4, clock, random: () => 1 },
    );
    expect(await failureOf(send(request))).toMatchObject({ code: "UTHO_RATE_LIMITED" });
    expect(clock.now()).toBeGreaterThan(Date.UTC(2026, 0, 1) + 600_000);
  });

  it("sends no POST again by itself", async () => {
    const clock = fakeClock();
    const send = withRetry(
      withPace(async () => LIMITED, clock),
      { maxRetries: 4, clock, random: () => 1 },
    );
    const failure = await failureOf(send({ ...request, method: "POST" }));
    expect(failure).toMatchObject({ code: "UTHO_RATE_LIMITED", attempts: 1 });
  });
});
