/**
 * What a failed request may have done.
 * "none": certainly nothing. "unknown": it may have been applied, so look before repeating it.
 */
export type Effect = "none" | "unknown";

/** Stable codes of every error this client throws. */
export type UthoErrorCode =
  | "UTHO_AUTH"
  | "UTHO_NOT_FOUND"
  | "UTHO_BUSY"
  | "UTHO_RATE_LIMITED"
  | "UTHO_BAD_REQUEST"
  | "UTHO_SERVER_ERROR"
  | "UTHO_UNEXPECTED_RESPONSE"
  | "UTHO_NETWORK"
  | "UTHO_TIMEOUT"
  | "UTHO_ARGUMENT"
  | "UTHO_CANCELLED";

/** What an error is made from: the fields of {@link UthoError} that are known, and the underlying error. */
export type UthoErrorDetails = Pick<UthoError, "operation"> &
  Partial<Omit<UthoError, "operation" | "code" | keyof Error>> & {
    /** The underlying error. The client only ever attaches ones that cannot hold the token. */
    cause?: unknown;
  };

/** Base of every error of this client. `message` says what failed and what to do next. */
export abstract class UthoError extends Error {
  /** Stable code of the kind of error; docs/errors.md says what to do for each. */
  abstract readonly code: UthoErrorCode;
  /** The client's call, for example "snapshots.create". */
  readonly operation: string;
  /** HTTP method; empty where no request belongs to the error. */
  readonly method: string;
  /** Path below the endpoint; empty where no request belongs to the error. */
  readonly path: string;
  /** HTTP status, where an answer came. */
  readonly status: number | undefined;
  /** What Utho said, on one line, shortened, without the token. */
  readonly apiMessage: string | undefined;
  /** Attempts made, the first included; 0 where nothing was sent. */
  readonly attempts: number;
  /** What the request may have done. After "unknown" look before repeating it. */
  readonly effect: Effect;
  /** What the answer's Retry-After header asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Whether the answer is a page or a text, as a proxy or a gateway on the way gives it, and not Utho's API. */
  readonly foreign: boolean;
  /** The proxy that the request went through, for example "HTTPS_PROXY (proxy.example:3128)"; never its password. */
  readonly proxy: string | undefined;

  constructor(message: string, details: UthoErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.operation = details.operation;
    this.method = details.method ?? "";
    this.path = details.path ?? "";
    this.status = details.status;
    this.apiMessage = details.apiMessage;
    this.attempts = details.attempts ?? 0;
    this.effect = details.effect ?? "none";
    this.retryAfterMs = details.retryAfterMs;
    this.foreign = details.foreign ?? false;
    this.proxy = details.proxy;
  }
}

/** The token is missing rights, wrong, expired or revoked. */
export class AuthError extends UthoError {
  readonly code = "UTHO_AUTH";
}

/** Utho says clearly that the thing does not exist for this account. */
export class NotFoundError extends UthoError {
  readonly code = "UTHO_NOT_FOUND";
}

/** Another operation runs on the server; Utho allows one at a time. */
export class BusyError extends UthoError {
  readonly code = "UTHO_BUSY";
}

/** Too many requests. */
export class RateLimitedError extends UthoError {
  readonly code = "UTHO_RATE_LIMITED";
}

/** Any other definite refusal, an error inside HTTP 200 included. */
export class BadRequestError extends UthoError {
  readonly code = "UTHO_BAD_REQUEST";
}

/** Utho failed inside (HTTP 5xx, or an answer that says so). */
export class ServerError extends UthoError {
  readonly code = "UTHO_SERVER_ERROR";
}

/**
 * Why an answer could not be used: a web page, JSON that ends early or is garbled, other text,
 * JSON of another shape, a redirect, more bytes than allowed, or Utho's word that it has no such call.
 */
export type UnexpectedReason = "html" | "truncated" | "text" | "shape" | "redirect" | "tooLarge" | "noRoute";

/** An answer came, but not one that Utho's API gives. */
export class UnexpectedResponseError extends UthoError {
  readonly code = "UTHO_UNEXPECTED_RESPONSE";
  /** What was wrong with the answer. */
  readonly reason: UnexpectedReason;

  constructor(message: string, details: UthoErrorDetails & { reason?: UnexpectedReason | undefined }) {
    super(message, details);
    this.reason = details.reason ?? "shape";
  }
}

/** No answer: name not resolved, connection refused or cut, certificate not accepted. */
export class NetworkError extends UthoError {
  readonly code = "UTHO_NETWORK";
}

/** No complete answer within the time allowed for one attempt. */
export class TimeoutError extends UthoError {
  readonly code = "UTHO_TIMEOUT";
}

/** The caller's mistake, found before anything was sent. */
export class ArgumentError extends UthoError {
  readonly code = "UTHO_ARGUMENT";

  constructor(message: string, operation = "arguments") {
    super(message, { operation });
  }
}

/** The caller's AbortSignal was aborted. */
export class CancelledError extends UthoError {
  readonly code = "UTHO_CANCELLED";
}

/** How one attempt failed, as data, so that steps can hand it on without knowing of attempts or classes. */
export interface Failure
  extends Partial<Pick<UthoError, "status" | "apiMessage" | "retryAfterMs" | "foreign" | "proxy">> {
  kind: keyof typeof CLASSES | "unexpected";
  /** What happened, as the middle of a sentence; must not hold the token. */
  what: string;
  effect: Effect;
  /** Only with "unexpected". */
  reason?: UnexpectedReason | undefined;
  /** A further attempt would meet the same, for example a certificate that is not accepted. */
  permanent?: boolean | undefined;
  /** Must not hold the token. */
  cause?: Error | undefined;
}

const CLASSES = {
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

/** The error that a caller sees, after the last attempt. */
export function toError(failure: Failure, request: Asked, attempts: number): UthoError {
  const { operation, method, path } = request;
  const facts = [
    `${method} ${path}`,
    ...(failure.status === undefined ? [] : [`HTTP ${failure.status}`]),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
  ];
  const message = `${operation}: ${failure.what} (${facts.join(", ")}). ${advice(failure, request)}`;
  const details = { ...failure, operation, method, path, attempts };
  if (failure.kind === "unexpected") return new UnexpectedResponseError(message, details);
  return new CLASSES[failure.kind](message, details);
}

type Asked = Required<Pick<UthoErrorDetails, "operation" | "method" | "path">>;

const NEXT_STEP: Record<Failure["kind"], string> = {
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

function advice(failure: Failure, request: Asked): string {
  const doubtful = failure.effect === "unknown" && request.method !== "GET";
  const warning = " It may nevertheless have been done: look before you repeat it.";
  const step = failure.kind === "server" && failure.foreign ? GATEWAY_STEP : NEXT_STEP[failure.kind];
  return `${step}.${doubtful ? warning : ""}`;
}
