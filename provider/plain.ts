/**
 * A copy without `undefined`, however deep. The engine answers `undefined` with "Unexpected struct type." after the
 * cloud object exists, and then nothing is in state.
 */
export function plain(record: object): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record)) {
    if (value !== undefined) copy[key] = plainValue(value);
  }
  return copy;
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : plainValue(item)));
  if (typeof value === "object" && value !== null) return plain(value);
  return value;
}
