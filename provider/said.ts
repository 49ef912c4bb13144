import { UthoError } from "../client/errors";

/** What Utho said in an error, with where it was said; `undefined` where the error is not Utho's. */
export function saidBy(error: unknown): string | undefined {
  if (!(error instanceof UthoError)) return undefined;
  const status = error.status === undefined ? "" : `, HTTP ${error.status}`;
  const attempts = error.attempts > 1 ? `, ${error.attempts} attempts` : "";
  return `${error.apiMessage ?? error.message} (${error.method} ${error.path}${status}${attempts})`;
}
