import { describe, expect, it } from "vitest";
import { type Once, type Outcome, Pace, withPace, withRetry } from "../../../client/pipeline";
import type { Clock } from "../../../client/time";
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
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((wake, fail) => {
        const sleeper = { at: now + ms, wake };
        waiting.push(sleeper);
        signal?.addEventListener("abort", () => {
          const index = waiting.indexOf(sleeper);
          if (index >= 0) waiting.splice(index, 1);
          fail(signal.reason);
        });
      }),
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

/** An API that takes so many requests in each second, and 150 ms for each. */
function limitedApi(clock: Clock, limitAt: (now: number) => number) {
  const taken = new Map<number, number>();
  let refused = 0;
  const once = async (): Promise<Outcome> => {
    await clock.sleep(130);
    const second = Math.floor(clock.now() / 1_000);
    const count = (taken.get(second) ?? 0) + 1;
    taken.set(second, count);
    const accepted = count <= limitAt(clock.now());
    await clock.sleep(20);
    if (accepted) return GOOD;
    refused += 1;
    return LIMITED;
  };
  return { once, refusals: () => refused };
}

/** A run: it sends so many requests at once, at a pace of its own. Gives the moment when it ends. */
async function run(clock: Clock, once: Once, requests: number): Promise<number> {
  const send = withRetry(withPace(once, clock), { maxRetries: 1, clock, random: () => 1 });
  await Promise.all(Array.from({ length: requests }, () => send(request)));
  return clock.now();
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
      const api = limitedApi(clock, () => limit);
      const end = run(clock, api.once, 500);
      await clock.run();
      expect(await end).toBeLessThan((1.4 * 500 * 1_000) / limit + 5_000);
      // Hardly more than the first crowd, which came before the limit was known.
      expect(api.refusals()).toBeLessThan(600);
    },
  );

  it.each([
    ["four runs that begin one after the other", [0, 3_000, 6_000, 9_000]],
    ["a run that begins when another has found its pace", [0, 30_000]],
  ])("leaves none behind of %s", async (_what, starts) => {
    const clock = sharedClock();
    const api = limitedApi(clock, () => 5);
    const ends = starts.map(async (start) => {
      await clock.sleep(start);
      return run(clock, api.once, 250);
    });
    await clock.run();
    const allowed = (starts.length * 250 * 1_000) / 5;
    const moments = await Promise.all(ends);
    expect(Math.max(...moments)).toBeLessThan(1.35 * allowed);
    // With the same step for each good answer alone, whoever came first stays ahead.
    expect(Math.min(...moments)).toBeGreaterThan(0.8 * Math.max(...moments));
  });

  it("lets those that wait already go sooner when Utho allows more", async () => {
    const clock = sharedClock();
    const api = limitedApi(clock, (now) => (now < 30_000 ? 1 : 20));
    const end = run(clock, api.once, 300);
    await clock.run();
    // At the pace at which they came they would wait for five minutes.
    expect(await end).toBeLessThan(100_000);
  });

  it.each([
    ["the first", 0],
    ["one between others", 1],
    ["the last", 2],
  ])("frees the place of a request that is given up while it waits: %s", async (_what, which) => {
    const clock = sharedClock();
    const pace = new Pace(clock);
    pace.slowDown(await pace.turn(), 10_000);
    const givenUp = new AbortController();
    const turns = [0, 1, 2].map((place) => pace.turn(place === which ? givenUp.signal : undefined));
    const ended = Promise.allSettled(turns);
    givenUp.abort(new Error("given up"));
    await expect(turns[which]).rejects.toThrow("given up");
    expect(clock.now()).toBe(0);
    await clock.run();
    expect((await ended).filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    expect(clock.now()).toBe(12_000);
  });

  it("keeps no timer when all are given up, and serves whoever comes later", async () => {
    const clock = sharedClock();
    const pace = new Pace(clock);
    pace.slowDown(await pace.turn(), 60_000);
    const givenUp = new AbortController();
    const ended = Promise.allSettled([pace.turn(givenUp.signal), pace.turn(givenUp.signal)]);
    givenUp.abort(new Error("given up"));
    await clock.run();
    expect((await ended).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(clock.now()).toBe(0);
    const later = pace.turn();
    await clock.run();
    expect(await later).toBe(60_000);
  });

  it("takes no other's place away when a request is given up that was let go already", async () => {
    const clock = sharedClock();
    const pace = new Pace(clock);
    const givenUp = new AbortController();
    const sent = pace.turn(givenUp.signal);
    pace.slowDown(clock.now(), 10_000);
    const next = pace.turn();
    givenUp.abort(new Error("given up"));
    await clock.run();
    expect([await sent, await next]).toEqual([0, 10_000]);
  });

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
