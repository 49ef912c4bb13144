/**
 * Durations as Pulumi's own `customTimeouts` writes them (Go's format): "500ms", "10s", "5m", "1h30m".
 *
 * Our own parser, because the libraries at hand accept anything that looks like a number and a letter:
 * "5 minuts" must be an error here, not five milliseconds.
 */
export const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

const DURATION = /^(?:\d+(?:\.\d+)?[a-z]+)+$/;
const PART = /(\d+(?:\.\d+)?)([a-z]+)/g;

/** Milliseconds of a duration text; `undefined` for anything else. "0" is a duration, other bare numbers are not. */
export function parseDuration(text: string, units = UNITS): number | undefined {
  const trimmed = text.trim();
  if (trimmed === "0") return 0;
  if (!DURATION.test(trimmed)) return undefined;
  const parts = [...trimmed.matchAll(PART)].map(
    ([, amount, unit = ""]) => Number(amount) * (units[unit] ?? Number.NaN),
  );
  const ms = Math.round(parts.reduce((sum, part) => sum + part));
  return Number.isNaN(ms) ? undefined : ms;
}

/** A duration as a person reads it: 1500 → "1.5s", 130000 → "2m10s". */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)}ms`;
  if (ms < 10_000) return `${Math.round(ms / 100) / 10}s`;
  const seconds = Math.round(ms / 1_000);
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const rest = seconds % 60;
  if (hours > 0) return minutes > 0 ? `${hours}h${minutes}m` : `${hours}h`;
  if (minutes > 0) return rest > 0 ? `${minutes}m${rest}s` : `${minutes}m`;
  return `${rest}s`;
}
