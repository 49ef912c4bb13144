import { UnexpectedResponseError, UthoError } from "../client/errors";

/**
 * What Utho said in an error, with where it was said, or that it said nothing and why; `undefined` where the error is
 * not Utho's.
 */
export function saidBy(error: unknown): string | undefined {
  if (!(error instanceof UthoError)) return undefined;
  const { apiMessage } = error;
  // The message of such an error tells where, and what is known instead: beside a listing that is not whole, Utho's own
  // words may be those of a success.
  if (apiMessage === undefined || error instanceof UnexpectedResponseError)
    return error.status === undefined ? `nothing; ${error.message}` : error.message;
  const status = error.status === undefined ? "" : `, HTTP ${error.status}`;
  const attempts = error.attempts > 1 ? `, ${error.attempts} attempts` : "";
  return `${apiMessage} (${error.method} ${error.path}${status}${attempts})`;
}
