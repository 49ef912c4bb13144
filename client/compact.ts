/** `T`, of which a key that might be undefined can only be left out. */
type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** A copy without the keys that are undefined, so that "missing" has one form only. */
export function compact<T extends object>(value: T): Compact<T>;
export function compact(value: object): object {
  const given: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(value)) if (one !== undefined) given[key] = one;
  return given;
}
