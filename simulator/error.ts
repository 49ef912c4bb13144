/** What went wrong in the use of the simulator itself; never part of an answer of the imitated API. */
export type SimulatorErrorCode =
  /** A setting that does not exist, or a value that it cannot take. */
  | "SIMULATOR_BAD_SETTING"
  /** A fault with an unknown operation, phase or kind. */
  | "SIMULATOR_BAD_FAULT"
  /** Faults that were queued and never fired. */
  | "SIMULATOR_UNFIRED_FAULT"
  /** A seed server or snapshot that is not well formed, or whose id is taken. */
  | "SIMULATOR_BAD_SEED"
  /** An out-of-band call about a server or snapshot that does not exist. */
  | "SIMULATOR_UNKNOWN_ID"
  /** An argument of an out-of-band call that makes no sense. */
  | "SIMULATOR_BAD_ARGUMENT"
  /** The address or port cannot be listened on. */
  | "SIMULATOR_CANNOT_LISTEN"
  /** An awaited request did not arrive. */
  | "SIMULATOR_WAIT_TIMEOUT";

/** A mistake in the use of the simulator: thrown in-process, answered as HTTP 4xx by the control API. */
export class SimulatorError extends Error {
  /** The class, for what prints errors. */
  override readonly name = "SimulatorError";

  constructor(
    /** Stable code of the mistake. */
    readonly code: SimulatorErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
