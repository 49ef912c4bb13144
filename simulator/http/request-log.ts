import { setTimeout as delay } from "node:timers/promises";
import { SimulatorError } from "../error";
import type { FaultKind, FaultPhase } from "../faults/fault";
import type { OperationName } from "../operations";

/** A fault that has struck a request. */
export interface StruckFault {
  /** When it struck. */
  phase: FaultPhase;
  /** What happened. */
  kind: FaultKind;
}

/**
 * How a slow answer came out: still `waiting`, `answered`, or the client hung up, and the request was `undone`
 * or `wentOn`.
 */
export type SlowEnding = "waiting" | "answered" | "undone" | "wentOn";

/** One request to the imitated API; the token is nowhere in it. */
export interface LoggedRequest {
  /** 1, 2, 3 … in the order of arrival. */
  number: number;
  /** Milliseconds of the simulator's clock, on arrival. */
  at: number;
  /** HTTP method. */
  method: string;
  /** Without the query. */
  path: string;
  /** The decoded query; empty without one. */
  query: Record<string, unknown>;
  /** The decoded body; `undefined` without one. */
  body: unknown;
  /** Which call of the API it is; "unknown" where there is no such route. */
  operation: OperationName | "unknown";
  /** The server that its path names. */
  cloudId?: string | undefined;
  /** HTTP status sent; `undefined` while it waits, and where no answer is sent. */
  status?: number | undefined;
  /** What the request did or why it was refused, in one line. */
  meaning?: string | undefined;
  /** How it came out where the line was held before the answer; absent elsewhere. */
  slow?: SlowEnding | undefined;
  /** Faults that struck it. */
  faults: StruckFault[];
  /** Whether the simulator has done with it. */
  settled: boolean;
}

type Listener = (request: LoggedRequest) => void;

/** All requests to the imitated API since the start or the last `clear`. */
export class RequestLog implements Iterable<LoggedRequest> {
  #entries: LoggedRequest[] = [];
  #arrived = 0;
  readonly #onArrival = new Set<Listener>();
  readonly #onSettled = new Set<Listener>();

  /** All of them, in the order of arrival. */
  [Symbol.iterator](): Iterator<LoggedRequest> {
    return this.#entries[Symbol.iterator]();
  }

  /** All of them, or those of one operation, in the order of arrival. */
  all(operation?: LoggedRequest["operation"]): LoggedRequest[] {
    return this.#entries.filter((one) => operation === undefined || one.operation === operation);
  }

  /** How many there were, in all or of one operation. */
  count(operation?: LoggedRequest["operation"]): number {
    return this.all(operation).length;
  }

  /** How many there were of each operation that occurred. */
  counts(): Partial<Record<LoggedRequest["operation"], number>> {
    const counts: Partial<Record<LoggedRequest["operation"], number>> = {};
    for (const { operation } of this.#entries) counts[operation] = (counts[operation] ?? 0) + 1;
    return counts;
  }

  /** Forgets all of them; the next one keeps its number. */
  clear(): void {
    this.#entries = [];
  }

  /**
   * Calls back at each arrival, before the request is looked at: a place to change the cloud between two
   * requests of a client. Returns the call that ends it.
   */
  onArrival(listener: (request: LoggedRequest) => void): () => void {
    this.#onArrival.add(listener);
    return () => this.#onArrival.delete(listener);
  }

  /** Calls back when the simulator has done with a request. Returns the call that ends it. */
  onSettled(listener: (request: LoggedRequest) => void): () => void {
    this.#onSettled.add(listener);
    return () => this.#onSettled.delete(listener);
  }

  /**
   * Waits until a request for which `wanted` holds is in the log, be it answered or not.
   *
   * @throws SimulatorError `SIMULATOR_WAIT_TIMEOUT` after `timeoutMs` of real time, default 10 s.
   */
  async waitFor(wanted: (request: LoggedRequest) => boolean, timeoutMs = 10_000): Promise<LoggedRequest> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = this.#entries.find(wanted);
      if (found !== undefined) return found;
      if (Date.now() > deadline) {
        const seen = JSON.stringify(this.counts());
        throw new SimulatorError(
          "SIMULATOR_WAIT_TIMEOUT",
          `No such request within ${timeoutMs} ms; seen: ${seen}`,
        );
      }
      await delay(5);
    }
  }

  /** For the HTTP layer: a request has arrived. */
  arrive(request: Omit<LoggedRequest, "number" | "faults" | "settled">): LoggedRequest {
    this.#arrived += 1;
    const entry: LoggedRequest = { number: this.#arrived, ...request, faults: [], settled: false };
    this.#entries.push(entry);
    for (const listener of this.#onArrival) listener(entry);
    return entry;
  }

  /** For the HTTP layer: the simulator has done with it. */
  settle(entry: LoggedRequest, status: number | undefined): void {
    entry.status = status;
    entry.settled = true;
    for (const listener of this.#onSettled) listener(entry);
  }
}
