import { SimulatorError } from "../error";
import type { OperationName } from "../operations";
import type { Fault, FaultKind, FaultPhase } from "./fault";
import { readFault } from "./schema";

/** A fault that has not struck as often as ordered; `fired` is how often it has. */
export interface PendingFault extends Fault {
  /** How often it has struck. */
  fired: number;
}

interface Entry {
  fault: Fault;
  toSkip: number;
  left: number;
  fired: number;
}

/** The faults that wait for their requests, first added first struck. */
export class FaultQueue {
  #entries: Entry[] = [];
  readonly #held = new Set<() => void>();

  /**
   * Queues a fault.
   *
   * @throws SimulatorError `SIMULATOR_BAD_FAULT` on an unknown operation, phase or kind.
   */
  add(instruction: Fault): void {
    const fault = readFault(instruction);
    const left = fault.times === "always" ? Number.POSITIVE_INFINITY : (fault.times ?? 1);
    this.#entries.push({ fault, toSkip: fault.skip ?? 0, left, fired: 0 });
  }

  /** The fault that strikes this request in this phase, if any; it is then used up by one. */
  take(operation: OperationName, phase: FaultPhase, cloudId: string | undefined): FaultKind | undefined {
    let struck: Entry | undefined;
    for (const entry of this.#entries.filter((one) => matches(one, operation, phase, cloudId))) {
      if (entry.toSkip > 0) entry.toSkip -= 1;
      else struck ??= entry;
    }
    if (struck === undefined) return undefined;
    struck.left -= 1;
    struck.fired += 1;
    return struck.fault.kind;
  }

  /** Faults that have not struck as often as ordered; one that strikes always counts until its first time. */
  pending(): PendingFault[] {
    return this.#entries
      .filter((one) => (one.fault.times === "always" ? one.fired === 0 : one.left > 0))
      .map((one) => ({ ...one.fault, fired: one.fired }));
  }

  /** How many requests a `hold` keeps waiting at this moment. */
  get held(): number {
    return this.#held.size;
  }

  /** Lets all held requests go on; returns how many there were. */
  release(): number {
    const held = [...this.#held];
    this.#held.clear();
    for (const letGo of held) letGo();
    return held.length;
  }

  /** For the HTTP layer: resolves at the next `release`, or when the signal ends the wait. */
  hold(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const letGo = () => {
        this.#held.delete(letGo);
        resolve();
      };
      this.#held.add(letGo);
      signal.addEventListener("abort", letGo, { once: true });
    });
  }

  /** Takes back all faults, those that strike always included. */
  clear(): void {
    this.#entries = [];
  }

  /**
   * For the end of a test: a fault that never struck has tested nothing.
   *
   * @throws SimulatorError `SIMULATOR_UNFIRED_FAULT` that names them.
   */
  assertAllFired(): void {
    const pending = this.pending();
    if (pending.length === 0) return;
    const lines = pending.map((one) => JSON.stringify(one));
    throw new SimulatorError(
      "SIMULATOR_UNFIRED_FAULT",
      `Faults that did not strike as ordered: ${lines.join("; ")}`,
    );
  }
}

function matches(
  entry: Entry,
  operation: OperationName,
  phase: FaultPhase,
  cloudId: string | undefined,
): boolean {
  const { fault, left } = entry;
  if (left <= 0 || fault.phase !== phase) return false;
  if (fault.operation !== "*" && fault.operation !== operation) return false;
  return fault.cloudId === undefined || fault.cloudId === cloudId;
}
