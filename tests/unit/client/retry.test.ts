import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Answer } from "../../../client/answer";
import type { Failure } from "../../../client/errors";
import { delayBefore, mayRepeat, type Outcome, withRetry } from "../../../client/pipeline";
import type { ApiRequest, Method } from "../../../client/request";
import { failureOf, fakeClock } from "./harness";

function failure(kind: Failure["kind"], more: Partial<Failure> = {}): Failure {
  return { kind, what: "x", effect: "unknown", ...more };
}

const refusedConnection = failure("network", { effect: "none" });

describe("mayRepeat", () => {
  const yes = true;
  const no = false;
  it.each<[string, Failure, Record<Method, boolean>]>([
    ["nothing was sent", refusedConnection, { GET: yes, DELETE: yes, POST: yes }],
    [
      "the certificate is not accepted",
      { ...refusedConnection, permanent: true },
      { GET: no, DELETE: no, POST: no },
    ],
    ["the connection was cut", failure("network"), { GET: yes, DELETE: no, POST: no }],
    ["time ran out", failure("timeout"), { GET: yes, DELETE: no, POST: no }],
    ["5xx", failure("server"), { GET: yes, DELETE: no, POST: no }],
    ["429", failure("rateLimited", { effect: "none" }), { GET: yes, DELETE: yes, POST: no }],
    ["busy", failure("busy", { effect: "none" }), { GET: yes, DELETE: yes, POST: no }],
    ["half a body", failure("unexpected", { reason: "truncated" }), { GET: yes, DELETE: no, POST: no }],
    ["a web page", failure("unexpected", { reason: "html" }), { GET: no, DELETE: no, POST: no }],
    ["another shape", failure("unexpected", { reason: "shape" }), { GET: no, DELETE: no, POST: no }],
    ["a redirect", failure("unexpected", { reason: "redirect" }), { GET: no, DELETE: no, POST: no }],
    ["too large", failure("unexpected", { reason: "tooLarge" }), { GET: no, DELETE: no, POST: no }],
    ["the token is refused", failure("auth", { effect: "none" }), { GET: no, DELETE: no, POST: no }],
    ["not found", failure("notFound", { effect: "none" }), { GET: no, DELETE: no, POST: no }],
    ["refused", failure("badRequest", { effect: "none" }), { GET: no, DELETE: no, POST: no }],
    ["cancelled", failure("cancelled"), { GET: no, DELETE: no, POST: no }],
    ["cancelled before sending", failure("cancelled", { effect: "none" }), { GET: no, DELETE: no, POST: no }],
  ])("after: %s", (_what, failed, expected) => {
    expect({
      GET: mayRepeat("GET", failed),
      DELETE: mayRepeat("DELETE", failed),
      POST: mayRepeat("POST", failed),
    }).toEqual(expected);
  });
});

describe("delayBefore", () => {
  it.each<[number, number, number]>([
    [1, 250, 500],
    [2, 500, 1000],
    [3, 1000, 2000],
    [5, 4000, 8000],
    [7, 10_000, 20_000],
    [50, 10_000, 20_000],
    [2000, 10_000, 20_000],
  ])("after attempt %i lies between %i and %i ms", (attempt, least, most) => {
    expect(delayBefore(attempt, failure("server"), () => 0)).toBe(least);
    expect(delayBefore(attempt, failure("server"), () => 1)).toBe(most);
  });

  it.each<[number | undefined, number]>([
    [7000, 7000],
    [60_000, 60_000],
    [3_600_000, 60_000],
    [0, 500],
    [undefined, 500],
  ])("honours a Retry-After of %s ms with %i ms", (retryAfterMs, ms) => {
    expect(delayBefore(1, failure("busy", { retryAfterMs }), () => 1)).toBe(ms);
  });
});

function run(method: Method, outcomes: (Failure | "answer")[], maxRetries = 4) {
  const request: ApiRequest = { operation: "x.y", method, path: "/x" };
  const clock = fakeClock();
  const attempts: number[] = [];
  const send = withRetry(
    async (_request, attempt): Promise<Outcome> => {
      attempts.push(attempt);
      const next = outcomes[attempt - 1];
      if (next === undefined) throw new Error(`attempt ${attempt} was not expected`);
      if (next !== "answer") return { failure: next };
      const answer: Answer = { request, status: 200, json: {}, verdict: "success", attempts: attempt };
      return { answer };
    },
    { maxRetries, clock, random: () => 1 },
  );
  return { call: (signal?: AbortSignal) => send(request, signal && { signal }), clock, attempts };
}

describe("withRetry", () => {
  it("gives the first answer", async () => {
    const { call, clock } = run("GET", ["answer"]);
    expect((await call()).attempts).toBe(1);
    expect(clock.sleeps).toEqual([]);
  });

  it("repeats until there is one, waiting longer each time", async () => {
    const { call, clock } = run("GET", [failure("server"), failure("timeout"), failure("network"), "answer"]);
    expect((await call()).attempts).toBe(4);
    expect(clock.sleeps).toEqual([500, 1000, 2000]);
  });

  it("gives up after maxRetries further attempts and says how many there were", async () => {
    const { call, attempts } = run("GET", [failure("busy"), failure("busy"), failure("busy")], 2);
    const error = await failureOf(call());
    expect(error).toMatchObject({ code: "UTHO_BUSY", attempts: 3 });
    expect(error.message).toContain("3 attempts");
    expect(attempts).toEqual([1, 2, 3]);
  });

  it("makes one attempt when no retries are allowed", async () => {
    const { call, clock } = run("GET", [failure("server")], 0);
    expect(await failureOf(call())).toMatchObject({ attempts: 1 });
    expect(clock.sleeps).toEqual([]);
  });

  it("repeats a POST that was never sent, and stops as soon as it may have been", async () => {
    const { call, attempts } = run("POST", [refusedConnection, refusedConnection, failure("network")]);
    expect(await failureOf(call())).toMatchObject({ attempts: 3, effect: "unknown" });
    expect(attempts).toEqual([1, 2, 3]);
  });

  it("remembers that an earlier attempt may have been applied", async () => {
    const { call } = run("GET", [failure("timeout"), failure("badRequest", { effect: "none" })]);
    expect(await failureOf(call())).toMatchObject({ code: "UTHO_BAD_REQUEST", effect: "unknown" });
  });

  it("repeats a DELETE that was put off, and stops as soon as it may have been applied", async () => {
    const { call, attempts } = run("DELETE", [failure("busy", { effect: "none" }), failure("timeout")]);
    expect(await failureOf(call())).toMatchObject({ attempts: 2, effect: "unknown" });
    expect(attempts).toEqual([1, 2]);
  });

  it("ends with CancelledError when cancelled between two attempts", async () => {
    const controller = new AbortController();
    const { call, clock } = run("POST", [refusedConnection, "answer"]);
    clock.onSleep = () => controller.abort();
    expect(await failureOf(call(controller.signal))).toMatchObject({
      code: "UTHO_CANCELLED",
      effect: "none",
      attempts: 1,
    });
  });

  it("ends also when the clock ignores the signal", async () => {
    const controller = new AbortController();
    const { call, clock } = run("GET", [failure("timeout"), "answer"]);
    clock.sleep = async () => controller.abort();
    expect(await failureOf(call(controller.signal))).toMatchObject({
      code: "UTHO_CANCELLED",
      effect: "unknown",
    });
  });

  it("never sends a POST again once it may have been applied", async () => {
    const kinds = fc.constantFrom<Failure["kind"]>(
      "network",
      "timeout",
      "server",
      "unexpected",
      "busy",
      "auth",
    );
    const failures = fc.record({
      kind: kinds,
      effect: fc.constantFrom<Failure["effect"]>("none", "unknown"),
      what: fc.constant("x"),
      reason: fc.constantFrom<Failure["reason"]>("truncated", "html", undefined),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(failures, { minLength: 6, maxLength: 6 }), async (outcomes) => {
        const { call, attempts } = run("POST", outcomes);
        await failureOf(call());
        const before = outcomes.slice(0, attempts.length - 1);
        expect(before.every(({ kind, effect }) => kind === "network" && effect === "none")).toBe(true);
      }),
    );
  });
});
