import fc from "fast-check";

/** A server as Utho sends it. */
export function wireServer(cloudid: string | number, rest: Record<string, unknown> = {}) {
  return {
    cloudid,
    hostname: `host-${cloudid}`,
    status: "Active",
    powerstatus: "Running",
    ip: "203.0.113.7",
    disksize: 80,
    cpu: "2",
    ram: "2048",
    cost: 590.5,
    created_at: "2026-01-02 03:04:05",
    dclocation: { location: "Delhi (Noida)", country: "India", dc: "innoida", dccc: "in" },
    unknown_field: { whatever: true },
    ...rest,
  };
}

/** A snapshot as a server's own list has it. */
export function wireSnapshot(id: string | number, rest: Record<string, unknown> = {}) {
  return { id, size: "50GB", created_at: "2026-01-02 03:04:05", note: "", name: `snap-${id}`, ...rest };
}

/** A snapshot as /cloud/getdeploy has it. */
export function deploySnapshot(
  id: string | number,
  cloudid: string | number,
  rest: Record<string, unknown> = {},
) {
  return {
    id,
    cloudid,
    image: "ubuntu-22.04",
    size: "50",
    name: `snap-${id}`,
    status: "Active",
    storage: "general",
    createdate: "2026-01-02 03:04:05",
    ...rest,
  };
}

/** Any value that has no place in a field. */
export const nonsense = fc.oneof(
  fc.constantFrom<unknown>(null, "", "???", -1, true, [], {}, [[1]], { a: { b: 1 } }),
  fc.jsonValue(),
);

/** Keys in any order, because Utho promises none. */
export function shuffled<T extends Record<string, unknown>>(value: T): fc.Arbitrary<Record<string, unknown>> {
  const entries = Object.entries(value);
  return fc
    .shuffledSubarray(entries, { minLength: entries.length })
    .map((order) => Object.fromEntries(order));
}
