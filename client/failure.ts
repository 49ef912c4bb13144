import {
  AuthError,
  BadRequestError,
  BusyError,
  CancelledError,
  type Effect,
  NetworkError,
  NotFoundError,
  RateLimitedError,
  ServerError,
  TimeoutError,
  type UnexpectedReason,
  UnexpectedResponseError,
  type UthoError,
  type UthoErrorCode,
  type UthoErrorDetails,
} from "./errors";
import type { ApiRequest } from "./request";

/** The failures that one attempt can end in; each becomes one class of error. */
type FailureKind =
  | "auth"
  | "notFound"
  | "busy"
  | "rateLimited"
  | "badRequest"
  | "server"
  | "unexpected"
  | "network"
  | "timeout"
  | "cancelled";

/** How one attempt failed, as data, so that steps can hand it on without knowing of attempts or classes. */
export interface Failure {
  kind: FailureKind;
  /** What happened, as the middle of a sentence; must not hold the token. */
  what: string;
  effect: Effect;
  status?: number | undefined;
  /** Already quoted. */
  apiMessage?: string | undefined;
  retryAfterMs?: number | undefined;
  /** Only with "unexpected". */
  reason?: UnexpectedReason | undefined;
  /** The answer is a page or a text, as a proxy or a gateway on the way gives it, and not Utho's API. */
  foreign?: boolean | undefined;
  /** The proxy that the request went through, without its password. */
  proxy?: string | undefined;
  /** A further attempt would meet the same, for example a certificate that is not accepted. */
  permanent?: boolean | undefined;
  /** Must not hold the token. */
  cause?: Error | undefined;
}

const CODES: Record<FailureKind, UthoErrorCode> = {
  auth: "UTHO_AUTH",
  notFound: "UTHO_NOT_FOUND",
  busy: "UTHO_BUSY",
  rateLimited: "UTHO_RATE_LIMITED",
  badRequest: "UTHO_BAD_REQUEST",
  server: "UTHO_SERVER_ERROR",
  unexpected: "UTHO_UNEXPECTED_RESPONSE",
  network: "UTHO_NETWORK",
  timeout: "UTHO_TIMEOUT",
  cancelled: "UTHO_CANCELLED",
};

type ErrorClass = new (message: string, details: UthoErrorDetails) => UthoError;

const CLASSES: Record<Exclude<FailureKind, "unexpected">, ErrorClass> = {
  auth: AuthError,
  notFound: NotFoundError,
  busy: BusyError,
  rateLimited: RateLimitedError,
  badRequest: BadRequestError,
  server: ServerError,
  network: NetworkError,
  timeout: TimeoutError,
  cancelled: CancelledError,
};

/** The code of the error that a failure becomes. */
export function codeOf(failure: Failure): UthoErrorCode {
  return CODES[failure.kind];
}

/** The error that a caller sees, after the last attempt. */
export function toError(failure: Failure, request: ApiRequest, attempts: number): UthoError {
  const facts = [
    `${request.method} ${request.path}`,
    ...(failure.status === undefined ? [] : [`HTTP ${failure.status}`]),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
  ];
  const message = `${request.operation}: ${failure.what} (${facts.join(", ")}). ${advice(failure, request)}`;
  const details = {
    operation: request.operation,
    method: request.method,
    path: request.path,
    status: failure.status,
    apiMessage: failure.apiMessage,
    attempts,
    effect: failure.effect,
    retryAfterMs: failure.retryAfterMs,
    foreign: failure.foreign,
    proxy: failure.proxy,
    cause: failure.cause,
  };
  if (failure.kind === "unexpected") {
    return new UnexpectedResponseError(message, { ...details, reason: failure.reason });
  }
  return new CLASSES[failure.kind](message, details);
}

const NEXT_STEP: Record<FailureKind, string> = {
  auth: "Check the API token: it must be valid, unexpired and allowed to do this",
  notFound: "Check the id, and that the token belongs to the account that owns it",
  busy: "Wait until the other operation on this server has ended, then try again",
  rateLimited: "Try again later, or send fewer requests at a time",
  badRequest: "Correct what Utho names; the same request will be refused again",
  server: "The fault is on Utho's side; try again later",
  unexpected: "Check the endpoint, and any proxy on the way to it",
  network: "Check the endpoint, its name and the network",
  timeout: "Try again, or allow more time with requestTimeout (reads) or writeTimeout (changes)",
  cancelled: "It was stopped on request",
};

const GATEWAY_STEP = "A proxy or a gateway on the way to Utho failed; try again later";

function advice(failure: Failure, request: ApiRequest): string {
  const doubtful = failure.effect === "unknown" && request.method !== "GET";
  const warning = " It may nevertheless have been done: look before you repeat it.";
  const step = failure.kind === "server" && failure.foreign ? GATEWAY_STEP : NEXT_STEP[failure.kind];
  return `${step}.${doubtful ? warning : ""}`;
}
