import { describe, expect, it } from "vitest";
import { ProviderFailure } from "../../../provider/failure";
import {
  applyFilters,
  checkFilters,
  filtersOf,
  newestOf,
  type Subject,
  single,
} from "../../../provider/lookup/filter";
import type { LookupFilters } from "../../../provider/lookup/types";

interface Item extends Subject {
  id: string;
}

const ITEMS: readonly Item[] = [
  { id: "9", cloudId: "1001", name: "a", status: "Active", createdAt: "2026-03-01T00:00:00Z" },
  { id: "10", cloudId: "1001", name: "b", status: "ACTIVE", createdAt: "2026-03-01T00:00:00Z" },
  { id: "11", cloudId: "1001", name: "c", status: "Error", createdAt: "2026-02-01T00:00:00Z" },
  { id: "12", cloudId: "1001", name: "a.b" },
];

const ids = (items: readonly Item[]): string[] => items.map(({ id }) => id);
const kept = (filters: LookupFilters): string[] =>
  ids(applyFilters("items", ITEMS, filtersOf(filters), (item) => item).items);

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
    expect(kept({ status: "active" })).toEqual(["9", "10"]);
    expect(kept({ status: ["error", "Pending"] })).toEqual(["11"]);
    expect(kept({ status: "ANY" })).toEqual(["9", "10", "11", "12"]);
    expect(kept({ status: [] })).toEqual([]);
  });

  it("take a default in place of a status that is not asked for, after the server", () => {
    const byDefault = {
      label: "status Active (default)",
      keeps: ({ status }: Subject) => status === "Active",
    };
    const { items, trail } = applyFilters(
      "items",
      ITEMS,
      filtersOf({ name: "a", cloudId: "1001" }, byDefault),
      (item) => item,
    );
    expect(ids(items)).toEqual(["9"]);
    expect(trail).toBe(
      '4 items in the account, 4 left after cloudId 1001, 1 left after status Active (default), 1 left after name "a"',
    );
  });

  it("leave the moment itself out on both sides, and what has no known time out too", () => {
    const moment = "2026-03-01T00:00:00Z";
    expect(kept({ createdAfter: moment })).toEqual([]);
    expect(kept({ createdBefore: moment })).toEqual(["11"]);
    expect(kept({ createdAfter: "2026-02-01", createdBefore: "2026-03-02" })).toEqual(["9", "10"]);
    expect(kept({ createdAfter: "2026-03-01T05:29:59+05:30" })).toEqual(["9", "10"]);
    expect(kept({})).toEqual(["9", "10", "11", "12"]);
  });

  it.each(["yesterday", "", "22/11/2026", "2026-13-01", "20261122"])(
    "refuse %j as a time",
    (createdAfter) => {
      const failure = failureOf(() => filtersOf({ createdAfter }));
      expect(failure.code).toBe("UTHO_LOOKUP_FILTER");
      expect(failure.message).toContain("createdAfter");
    },
  );

  it.each([[null], ["web-1"], [["web-1"]]])("are refused where they are no object: %j", (filters) => {
    const failure = failureOf(() => checkFilters("getSnapshots", filters));
    expect(failure.code).toBe("UTHO_LOOKUP_FILTER");
    expect(failure.message).toContain(`its filters are ${JSON.stringify(filters)}; wanted: an object`);
  });

  it("are left out where they are null, as other languages write what is not given", () => {
    const none = { cloudId: null, status: null, name: null, createdAfter: null, mostRecent: null };
    expect(() => checkFilters("getSnapshots", none)).not.toThrow();
    expect(kept(JSON.parse(JSON.stringify(none)))).toEqual(["9", "10", "11", "12"]);
  });

  it.each([
    ["cloudId", "", 'cloudId is ""; wanted: the id of a server'],
    ["cloudId", "web-1", "wanted: the id of a server"],
    ["status", ["Active", 1], "wanted: a status word, or a list of them"],
    ["name", 7, "name is 7; wanted: a text"],
    ["nameRegex", /^web-/, 'nameRegex is /^web-/; wanted: a text, such as "^web-"'],
    ["createdAfter", 1764000000, "wanted: a text"],
    ["createdBefore", {}, "wanted: a text"],
    ["mostRecent", "true", 'mostRecent is "true"; wanted: true or false'],
  ])("refuse %s of another kind: %j", (key, value, message) => {
    const failure = failureOf(() => checkFilters("getSnapshots", { [key]: value }));
    expect(failure.code).toBe("UTHO_LOOKUP_FILTER");
    expect(failure.message).toContain(message);
    expect(() => checkFilters("getSnapshots", { cloudId: 1001, status: ["Active"] })).not.toThrow();
  });

  it("take nameRegex as JavaScript does: anywhere, unless it is anchored", () => {
    const named = (nameRegex: string) => kept({ nameRegex });
    expect(named("a")).toEqual(["9", "12"]);
    expect(named("^a$")).toEqual(["9"]);
    expect(named("a\\.b")).toEqual(["12"]);
    for (const bad of ["(", "/^a$/", "/a/i"]) {
      const failure = failureOf(() => named(bad));
      expect(failure.code).toBe("UTHO_LOOKUP_FILTER");
      expect(failure.message).toContain(`read nameRegex "${bad}"`);
    }
    expect(named("/")).toEqual([]);
  });

  it("take the highest id for the newest of one second, and one without a time for the oldest", () => {
    const idOf = ({ id }: Item) => id;
    expect(ids(newestOf(ITEMS, idOf))).toEqual(["10"]);
    expect(ids(newestOf([...ITEMS].reverse(), idOf))).toEqual(["10"]);
    expect(ids(newestOf(ITEMS.slice(3), idOf))).toEqual(["12"]);
    expect(newestOf([], idOf)).toEqual([]);
  });

  it("list the first five of many hits, and how many more there are", () => {
    const many = Array.from({ length: 7 }, (_, index) => ({ id: `${index}`, cloudId: "1001", name: "n" }));
    const failure = failureOf(() =>
      single(
        "item",
        applyFilters("items", many, [], (item) => item),
        ({ id }) => `<${id}>`,
      ),
    );
    expect(failure.code).toBe("UTHO_LOOKUP_MANY");
    expect(failure.message).toContain("<0>; <1>; <2>; <3>; <4>; and 2 more.");
  });
});
