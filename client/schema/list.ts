import * as v from "valibot";

/**
 * A list of items. PHP writes a list with gaps as an object with digits for keys, and that is read as the list it
 * is. One bad item makes the whole list unreadable: a listing that loses an item looks like a vanished snapshot.
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

function asList(value: unknown, ownKey: string | undefined): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if (ownKey !== undefined && ownKey in value) return [value];
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => /^\d+$/.test(key)) ? Object.values(value) : value;
}
