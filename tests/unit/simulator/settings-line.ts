import { expect } from "vitest";
import { call } from "./harness";
import type { Proof } from "./settings-proof";

/** slow.test.ts shows it for every write, with what a hang-up does. */
const slowAnswers: Proof = async (start) => {
  const slow = { forMs: 100_000, effect: "atArrival", hangUp: "goesOn" } as const;
  const simulator = await start({ settings: { slowAnswers: { "server.list": slow } } });
  const answer = call(simulator, "GET /cloud");
  const logged = await simulator.requests.waitFor((one) => one.slow === "waiting");
  simulator.advance(99_999);
  expect(logged.settled).toBe(false);
  simulator.advance(1);
  expect((await answer).status).toBe(200);
  expect(logged.slow).toBe("answered");
};

export const proofsOfLine = { slowAnswers };
