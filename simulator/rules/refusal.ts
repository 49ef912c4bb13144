/** Why the API says no; how that is written is a matter of the settings. */
export type RefusalKind =
  | "unauthorized"
  | "notFound"
  | "busy"
  | "conflict"
  | "invalid"
  | "forbidden"
  | "tooMany";

/** Thrown by a rule: the request has had no effect. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly kind: RefusalKind,
    message: string,
    /** Seconds, for `Retry-After`. */
    readonly retryAfter?: number,
    /** The `errorcode` beside the message. */
    readonly errorCode?: string,
  ) {
    super(message);
  }
}
