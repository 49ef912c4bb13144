import * as v from "valibot";

/**
 * A list of items. PHP writes a list with gaps as an object with digits for keys, and that is read as the list it
 * is; so it is with an empty one that was made to be an object. One bad item makes the whole list unreadable: a
 * listing that loses an item looks like a vanished snapshot.
 *
 * @param ownKey a key by which a single item in place of the list is recognised
 */
export function listOf<T extends v.GenericSchema>(item: T, ownKey?: string) {
  return v.pipe(
    v.unknown(),
    v.transform((value) => asList(value, ownKey)),
    v.array(item),
  );
}

/**
 * A list that may be left out. Where there is nothing to list, Go writes `null` for it and PHP an empty text or
 * `false`; all three are read as null, which is not the same as left out.
 */
export function optionalListOf<T extends v.GenericSchema>(item: T, ownKey?: string) {
  return v.optional(
    v.pipe(
      v.unknown(),
      v.transform((value) => (value === "" || value === false ? null : value)),
      v.nullish(listOf(item, ownKey)),
    ),
  );
}

function asList(value: unknown, ownKey: string | undefined): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if (ownKey !== undefined && ownKey in value) return [value];
  const keys = Object.keys(value);
  return keys.every((key) => /^\d+$/.test(key)) ? Object.values(value) : value;
}
