/**
 * Reads a Retry-After header: seconds, or an HTTP date.
 *
 * @returns milliseconds from `nowMs` on, never negative; undefined where the header says nothing usable
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  // Date.parse reads almost anything, "-5" included; an HTTP date begins with a day's name.
  if (!/^[A-Za-z]{3,9}, /.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
