/**
 * A copy without `undefined`, however deep. The engine answers `undefined` with "Unexpected struct type." after the
 * cloud object exists, and then nothing is in state.
 */
export function plain(record: object): Record<string, unknown> {
  const told = Object.entries(record).filter(([, value]) => value !== undefined);
  return Object.fromEntries(told.map(([key, value]) => [key, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : plainValue(item)));
  if (typeof value === "object" && value !== null) return plain(value);
  return value;
}
