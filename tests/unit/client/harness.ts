import { onTestFinished } from "vitest";
import { type Attempt, type Clock, UthoClient, type UthoClientOptions, UthoError } from "../../../client";
import { type Call, type ScriptedServer, startScriptedServer } from "./scripted-server";

/** Looks like a real one, and holds what URL-encoding and base64 change. */
export const TOKEN = "uTho+Secret/Token=1234567890?&abcDEF";

/** A clock that does not wait: it notes the sleeps and moves on. */
export interface FakeClock extends Clock {
  sleeps: number[];
  /** Called with each sleep, before the clock moves. */
  onSleep?: ((ms: number) => Promise<void> | void) | undefined;
}

export function fakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let now = startMs;
  const clock: FakeClock = {
    sleeps: [],
    now: () => now,
    sleep: async (ms, signal) => {
      clock.sleeps.push(ms);
      await clock.onSleep?.(ms);
      if (signal?.aborted) throw new Error("aborted");
      now += ms;
    },
  };
  return clock;
}

export interface Harness {
  client: UthoClient;
  server: ScriptedServer;
  clock: FakeClock;
  attempts: Attempt[];
}

/** A client against a script; the test fails at its end where the script was not followed. */
export async function against(
  script: readonly Call[],
  options: Partial<UthoClientOptions> = {},
): Promise<Harness> {
  const server = await startScriptedServer(script);
  onTestFinished(() => server.close());
  return { server, ...clientFor(server.url, options) };
}

export function clientFor(
  endpoint: string,
  options: Partial<UthoClientOptions> = {},
): Omit<Harness, "server"> {
  const clock = fakeClock();
  const attempts: Attempt[] = [];
  const client = new UthoClient({
    token: TOKEN,
    endpoint,
    clock,
    random: () => 1,
    onAttempt: (attempt) => attempts.push(attempt),
    ...options,
  });
  return { client, clock, attempts };
}

/** The UthoError that a call ends in; anything else is a failure of the test. */
export async function failureOf(call: Promise<unknown>): Promise<UthoError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof UthoError) return error;
    throw error;
  }
  throw new Error("the call did not fail");
}

/** What a call throws at once. */
export function thrownBy(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error("the call did not throw");
}
