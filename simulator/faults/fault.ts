import type { OperationName } from "../operations";
import type { HangUp } from "../settings/settings";

/**
 * When a fault strikes.
 * `before`: the request is not looked at, so it has no effect.
 * `after`: the request has had its effect, and its answer is replaced or lost; a refused request leaves the fault waiting.
 * `answer`: the answer, be it a success or a refusal, is replaced or lost on its way.
 */
export const faultPhases = ["before", "after", "answer"] as const;

/** One of {@link faultPhases}. */
export type FaultPhase = (typeof faultPhases)[number];

/** What happens in place of the answer. */
export type FaultKind =
  | {
      /** This HTTP status, 200 to 599, is answered. */
      status: number;
      /** A text is sent as it is, anything else as JSON; default: no body. */
      body?: unknown;
      /** Value of the `Retry-After` header: seconds, or a text; default: no such header. */
      retryAfter?: number | string | undefined;
    }
  | {
      /** The connection is destroyed without a byte of an answer. */
      cut: true;
    }
  | {
      /** A gateway's HTML page. */
      html: true;
      /** Its HTTP status; default 502. */
      status?: number | undefined;
    }
  | {
      /** `true`: the answer with a piece torn out of its JSON; a text: this text, as JSON, with status 200. */
      garbled: true | string;
    }
  | {
      /** The headers and the first half of the answer, then the connection is destroyed. */
      halfBody: true;
    }
  | {
      /** So many milliseconds of real time pass first; then all goes on as ever. */
      slowMs: number;
      /** What the hang-up of a client does in the meantime; default `goesOn`. */
      hangUp?: HangUp | undefined;
    }
  | {
      /** The request waits until `faults.release()`; then all goes on as ever. */
      hold: true;
      /** What the hang-up of a client does in the meantime; default `goesOn`. */
      hangUp?: HangUp | undefined;
    }
  | {
      /** No answer at all; the connection stays open until the client gives up. */
      hang: true;
      /**
       * What the hang-up of the client does: `goesOn` in phase `before`: the request has its effect then;
       * `undoes` in phase `after`: its effect is undone. Default: nothing.
       */
      hangUp?: HangUp | undefined;
    }
  | {
      /** HTTP 200 with `{"status":"error","message":…}`. */
      errorIn200: string;
    }
  | {
      /** HTTP 200 without a body. */
      emptyBody: true;
    }
  | {
      /** A redirect to this address. */
      redirectTo: string;
      /** Its HTTP status: 301, 302, 303, 307 or 308; default 302. */
      status?: number | undefined;
    }
  | {
      /** The answer, padded with blanks to at least so many bytes. */
      hugeBytes: number;
    };

/** Kinds that make the request wait and leave its answer as it is. */
export type PausingKind = Extract<FaultKind, { slowMs: number } | { hold: true }>;

export function isPausing(kind: FaultKind): kind is PausingKind {
  return "slowMs" in kind || "hold" in kind;
}

/** One instruction: what goes wrong, where, and how often. */
export interface Fault {
  /** The call that it strikes; `"*"`: any. */
  operation: OperationName | "*";
  /** When it strikes. */
  phase: FaultPhase;
  /** What happens. */
  kind: FaultKind;
  /** How many requests it strikes; default 1. */
  times?: number | "always" | undefined;
  /** How many matching requests it lets pass first; default 0. */
  skip?: number | undefined;
  /** Only requests about this server. */
  cloudId?: string | undefined;
}
