/**
 * Makes a declaration cheap. For each property of a resource Pulumi makes four promises, and for each promise it writes
 * down a stack trace with source maps resolved, for the debugging of its own promises. With as many outputs as our
 * resources have, that took more time than all else that a program does. V8 writes no trace while the limit is 0.
 *
 * Pulumi's own note of where a resource is declared is not concerned: it raises the limit for itself. It counts the
 * calls from a resource's constructor to the program, so this is no base class and wraps no call.
 */
export class PausedTraces {
  private readonly limit = Error.stackTraceLimit;

  constructor() {
    if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) Error.stackTraceLimit = 0;
  }

  resume(): void {
    Error.stackTraceLimit = this.limit;
  }

  /** The error of a refused declaration, with its place in the program, which the pause has kept from it. */
  placed(error: unknown): unknown {
    this.resume();
    if (error instanceof Error) Error.captureStackTrace(error);
    return error;
  }
}
