import { describe, expect, it } from "vitest";
import { ProviderFailure } from "../../../provider/failure";
import {
  applyFilters,
  nameRegexFilter,
  newestOf,
  single,
  statusFilter,
  timeFilters,
} from "../../../provider/lookup/filter";

interface Item {
  id: string;
  name: string;
  status?: string;
  createdAt?: string;
}

const ITEMS: readonly Item[] = [
  { id: "9", name: "a", status: "Active", createdAt: "2026-03-01T00:00:00Z" },
  { id: "10", name: "b", status: "ACTIVE", createdAt: "2026-03-01T00:00:00Z" },
  { id: "11", name: "c", status: "Error", createdAt: "2026-02-01T00:00:00Z" },
  { id: "12", name: "a.b" },
];

const ids = (items: readonly Item[]): string[] => items.map(({ id }) => id);
const kept = (filter: { keeps(item: Item): boolean }): string[] =>
  ids(ITEMS.filter((one) => filter.keeps(one)));

function failureOf(work: () => unknown): ProviderFailure {
  try {
    work();
  } catch (error) {
    if (error instanceof ProviderFailure) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("filters of look-ups", () => {
  it("compare status words without regard to case, and `any` keeps what has none", () => {
    const statusOf = (item: Item) => item.status;
    expect(kept(statusFilter(undefined, "Active", statusOf))).toEqual(["9", "10"]);
    expect(kept(statusFilter("active", "Active", statusOf))).toEqual(["9", "10"]);
    expect(kept(statusFilter(["error", "Pending"], "Active", statusOf))).toEqual(["11"]);
    expect(kept(statusFilter("ANY", "Active", statusOf))).toEqual(["9", "10", "11", "12"]);
    expect(kept(statusFilter([], "Active", statusOf))).toEqual([]);
  });

  it("leave the moment itself out on both sides, and what has no known time out too", () => {
    const moment = "2026-03-01T00:00:00Z";
    const within = (bounds: Parameters<typeof timeFilters>[0]) =>
      ids(applyFilters("items", ITEMS, timeFilters<Item>(bounds)).items);
    expect(within({ createdAfter: moment })).toEqual([]);
    expect(within({ createdBefore: moment })).toEqual(["11"]);
    expect(within({ createdAfter: "2026-02-01", createdBefore: "2026-03-02" })).toEqual(["9", "10"]);
    expect(within({ createdAfter: "2026-03-01T05:29:59+05:30" })).toEqual(["9", "10"]);
    expect(within({})).toEqual(["9", "10", "11", "12"]);
  });

  it.each(["yesterday", "", "22/11/2026", "2026-13-01", "20261122"])(
    "refuse %j as a time",
    (createdAfter) => {
      const failure = failureOf(() => timeFilters({ createdAfter }));
      expect(failure.code).toBe("UTHO_LOOKUP_FILTER");
      expect(failure.message).toContain("createdAfter");
    },
  );

  it("take nameRegex as JavaScript does: anywhere, unless it is anchored", () => {
    const named = (pattern: string) => kept(nameRegexFilter<Item>(pattern, ({ name }) => name));
    expect(named("a")).toEqual(["9", "12"]);
    expect(named("^a$")).toEqual(["9"]);
    expect(named("a\\.b")).toEqual(["12"]);
    const failure = failureOf(() => named("("));
    expect(failure.code).toBe("UTHO_LOOKUP_FILTER");
    expect(failure.message).toContain('read nameRegex "("');
  });

  it("take the highest id for the newest of one second, and one without a time for the oldest", () => {
    const idOf = ({ id }: Item) => id;
    expect(ids(newestOf(ITEMS, idOf))).toEqual(["10"]);
    expect(ids(newestOf([...ITEMS].reverse(), idOf))).toEqual(["10"]);
    expect(ids(newestOf(ITEMS.slice(3), idOf))).toEqual(["12"]);
    expect(newestOf([], idOf)).toEqual([]);
  });

  it("list the first five of many hits, and how many more there are", () => {
    const many = Array.from({ length: 7 }, (_, index) => ({ id: `${index}`, name: "n" }));
    const failure = failureOf(() => single("item", applyFilters("items", many, []), ({ id }) => `<${id}>`));
    expect(failure.code).toBe("UTHO_LOOKUP_MANY");
    expect(failure.message).toContain("<0>; <1>; <2>; <3>; <4>; and 2 more.");
  });
});
