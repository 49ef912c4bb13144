import { setTimeout as delay } from "node:timers/promises";
import type { FaultKind } from "../faults/fault";
import type { FaultQueue } from "../faults/queue";
import type { World } from "../rules/world";
import type { HangUp, SlowAnswer } from "../settings/settings";

/** Why a request waits on its line, and what becomes of it when its client hangs up. */
export interface Wait {
  hangUp: HangUp;
  /** Whether only the hang-up ends it. */
  endless: boolean;
  /** Resolves when the wait is over, or when the signal ends it. */
  over(signal: AbortSignal): Promise<unknown>;
}

/** The wait that a fault asks for, if any. A hang without a hang-up is no wait: its request is dropped. */
export function waitOfFault(kind: FaultKind | undefined, faults: FaultQueue): Wait | undefined {
  if (kind === undefined) return undefined;
  if ("slowMs" in kind) {
    const over = (signal: AbortSignal) => delay(kind.slowMs, undefined, { signal }).catch(() => undefined);
    return { hangUp: kind.hangUp ?? "goesOn", endless: false, over };
  }
  if ("hold" in kind) {
    return { hangUp: kind.hangUp ?? "goesOn", endless: false, over: (signal) => faults.hold(signal) };
  }
  if ("hang" in kind && kind.hangUp !== undefined) {
    return { hangUp: kind.hangUp, endless: true, over: aborted };
  }
  return undefined;
}

/** The wait of a setting that makes answers slow. */
export function waitOfSetting(slow: SlowAnswer, world: World): Wait {
  const { forMs, hangUp } = slow;
  if (forMs === null) return { hangUp, endless: true, over: aborted };
  const end = world.clock.now() + forMs;
  return { hangUp, endless: false, over: (signal) => world.clock.until(end, signal) };
}

/** What a line needs of the response on it. */
interface Response {
  readonly writableFinished: boolean;
  once(event: "close", listener: () => void): unknown;
}

/** The connection of one request: it can be held, and its client can hang up. */
export class Line {
  readonly #hungUp = new AbortController();

  constructor(
    response: Response,
    private readonly closing: AbortSignal,
  ) {
    response.once("close", () => {
      if (!response.writableFinished) this.#hungUp.abort();
    });
  }

  /** Whether the client has gone. */
  get gone(): boolean {
    return this.#hungUp.signal.aborted;
  }

  /** Holds the line. A wait that a hang-up leaves alone goes on without the client. */
  async hold(wait: Wait, onHangUp: () => void): Promise<void> {
    const alone = wait.hangUp === "goesOn" && !wait.endless;
    this.#hungUp.signal.addEventListener("abort", onHangUp, { once: true });
    if (this.gone) onHangUp();
    await wait.over(alone ? this.closing : AbortSignal.any([this.#hungUp.signal, this.closing]));
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
