/** `T`, of which a key that might be undefined can only be left out. */
type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** A copy without the keys that are undefined, so that "missing" has one form only. */
export function compact<T extends object>(value: T): Compact<T>;
export function compact(value: Record<string, unknown>): object {
  const given: Record<string, unknown> = {};
  // By its keys alone: a pair for each was a third of what a listing took to read.
  for (const key of Object.keys(value)) if (value[key] !== undefined) given[key] = value[key];
  return given;
}

/** Items by a key, sorted out once: to go through all of them for each key would grow with their square. */
export function grouped<K, T>(items: Iterable<T>, keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const one of items) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
