/**
 * The time between two snapshots: Go's durations, as Pulumi writes them, and days and weeks besides, which Go lacks.
 * A day is 24 hours here: it is a distance and no date.
 */
const DAY_MS = 86_400_000;

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

const EVERY = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g;

/** Milliseconds of a text such as "24h", "7d" or "1d12h"; `undefined` if it is none or not above 0. */
export function parseEvery(text: string): number | undefined {
  const trimmed = text.trim();
  if (!EVERY.test(trimmed)) return undefined;
  let total = 0;
  for (const [, amount, unit] of trimmed.matchAll(PART)) total += Number(amount) * (UNIT_MS[unit ?? ""] ?? 0);
  const ms = Math.round(total);
  return ms > 0 && Number.isSafeInteger(ms) ? ms : undefined;
}
