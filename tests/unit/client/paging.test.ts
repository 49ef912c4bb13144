import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Page, type Paging, readAllPages } from "../../../client/paging";

interface Api {
  /** What changes between two reads; called before each read but the first. */
  change?: (items: string[], read: number) => void;
  perPage?: number;
  /** What the API says of the whole. @default both counts */
  meta?: (total: number, perPage: number) => Page<string>["meta"];
}

function countsOf(total: number, perPage: number) {
  return { total, totalPages: Math.max(1, Math.ceil(total / perPage)) };
}

/** An API that pages over a list that may change under its hands. */
function api(items: string[], { change, perPage = 2, meta = countsOf }: Api = {}) {
  const reads: number[] = [];
  const paging: Paging<string> = {
    read: async (page) => {
      if (reads.length > 0) change?.(items, reads.length);
      reads.push(page);
      const slice = items.slice((page - 1) * perPage, page * perPage);
      return { items: slice, meta: meta(items.length, perPage) };
    },
    keyOf: (item) => item,
    endless: (pages) => new Error(`endless after ${pages}`),
    short: (shown, total) => new Error(`${shown.length} of ${total}`),
    whole: async (total) => ({ items: items.slice(0, total), meta: {} }),
    withoutMeta: true,
  };
  return { paging, reads };
}

const none = () => ({});

describe("readAllPages", () => {
  it.each<[string, string[], Api, number[]]>([
    ["one page", ["a"], {}, [1]],
    ["a full page", ["a", "b"], {}, [1]],
    ["three pages", ["a", "b", "c", "d", "e"], {}, [1, 2, 3]],
    ["nothing", [], {}, [1]],
    ["only the total", ["a", "b", "c"], { meta: (total) => ({ total }) }, [1, 2]],
    [
      "only the pages, so it reads twice",
      ["a", "b", "c"],
      { meta: (t, p) => ({ totalPages: countsOf(t, p).totalPages }) },
      [1, 2, 1, 2],
    ],
    [
      "no counts, so it reads up to an empty page, twice",
      ["a", "b", "c"],
      { meta: none },
      [1, 2, 3, 1, 2, 3],
    ],
    ["no counts and nothing", [], { meta: none }, [1]],
    ["too few pages said", ["a", "b", "c"], { meta: (total) => ({ total, totalPages: 1 }) }, [1, 2]],
    ["too many pages said", ["a", "b", "c"], { meta: (total) => ({ total, totalPages: 9 }) }, [1, 2, 3]],
  ])("reads %s", async (_what, items, options, reads) => {
    const listing = api([...items], options);
    expect(await readAllPages(listing.paging)).toEqual(items);
    expect(listing.reads).toEqual(reads);
  });

  it("reads one page only when nothing says that there are more", async () => {
    const { paging, reads } = api(["a", "b", "c"], { meta: none });
    expect(await readAllPages({ ...paging, withoutMeta: false })).toEqual(["a", "b"]);
    expect(reads).toEqual([1]);
  });

  it("uses a first page that was read already, once", async () => {
    const { paging, reads } = api(["a", "b", "c"]);
    const first = { items: ["a", "b"], meta: { total: 3, totalPages: 2 } };
    expect(await readAllPages({ ...paging, first })).toEqual(["a", "b", "c"]);
    expect(reads).toEqual([2]);
  });

  it("ends when the API ignores the page number", async () => {
    const reads: number[] = [];
    const read = async (page: number) => {
      reads.push(page);
      return { items: ["a", "b"], meta: {} };
    };
    const paging = { ...api([]).paging, read };
    expect(await readAllPages(paging)).toEqual(["a", "b"]);
    expect(reads).toEqual([1, 2, 1, 2]);
  });

  it.each([{ total: 3 }, { total: 3, totalPages: 2 }])(
    "completes a listing that ignores the page number and says that there are more: %j",
    async (meta) => {
      const { paging } = api(["a", "b", "c"]);
      const read = async () => ({ items: ["a", "b"], meta });
      expect(await readAllPages({ ...paging, read })).toEqual(["a", "b", "c"]);
    },
  );

  it("refuses a listing that stays short of what it says", async () => {
    const read = async () => ({ items: ["a", "b"], meta: { total: 3 } });
    await expect(readAllPages({ ...api(["a", "b"]).paging, read })).rejects.toThrow("2 of 3");
  });

  it("refuses a listing without an end", async () => {
    const paging = { ...api([]).paging, read: async (page: number) => ({ items: [`${page}`], meta: {} }) };
    await expect(readAllPages(paging)).rejects.toThrow("endless after 500");
  });

  it("hands on the error of a page", async () => {
    const read = async (page: number) => {
      if (page === 2) throw new Error("page 2");
      return { items: ["a"], meta: { total: 2, totalPages: 2 } };
    };
    await expect(readAllPages({ ...api([]).paging, read })).rejects.toThrow("page 2");
  });

  it("gives an item once when a new one pushes it to the next page", async () => {
    const change = (items: string[], read: number) => read === 1 && items.unshift("new");
    const { paging, reads } = api(["a", "b", "c", "d"], { change });
    expect((await readAllPages(paging)).sort()).toEqual(["a", "b", "c", "d", "new"]);
    // Page 4, because page 3 said that there is a fifth.
    expect(reads).toEqual([1, 2, 3, 4, 1, 2, 3]);
  });

  it("finds the item that slips to a page already read", async () => {
    const change = (items: string[], read: number) => read === 1 && items.shift();
    const { paging } = api(["gone", "a", "b", "c"], { change });
    expect((await readAllPages(paging)).sort()).toEqual(["a", "b", "c"]);
  });

  it("finds it also when nothing is counted", async () => {
    const change = (items: string[], read: number) => read === 1 && items.shift();
    const { paging } = api(["gone", "a", "b", "c"], { change, meta: none });
    expect(await readAllPages(paging)).toEqual(expect.arrayContaining(["a", "b", "c"]));
  });

  it("stops after three readings when it never settles, with everything seen", async () => {
    let next = 0;
    const change = (items: string[]) => items.unshift(`new-${next++}`);
    const { paging } = api(["a", "b", "c"], { change });
    const found = await readAllPages(paging);
    expect(found).toEqual(expect.arrayContaining(["a", "b", "c"]));
    expect(new Set(found).size).toBe(found.length);
  });

  const stable = fc.uniqueArray(
    fc.integer({ min: 0, max: 999 }).map((id) => `s${id}`),
    { maxLength: 12 },
  );
  const metas = fc.constantFrom<NonNullable<Api["meta"]>>(countsOf, (total) => ({ total }));

  it("loses nothing and gives nothing twice, whatever is created or deleted at one moment", async () => {
    const changes = fc.record({
      at: fc.integer({ min: 1, max: 8 }),
      position: fc.nat(12),
      kind: fc.constantFrom("create", "delete"),
    });
    await fc.assert(
      fc.asyncProperty(
        stable,
        changes,
        fc.integer({ min: 1, max: 5 }),
        metas,
        async (kept, what, perPage, meta) => {
          const doomed = "doomed";
          const items = [...kept];
          if (what.kind === "delete") items.splice(what.position, 0, doomed);
          const change = (list: string[], read: number) => {
            if (read !== what.at) return;
            if (what.kind === "create") list.splice(what.position, 0, "new");
            else list.splice(list.indexOf(doomed), 1);
          };
          const found = await readAllPages(api(items, { change, perPage, meta }).paging);
          expect(new Set(found).size).toBe(found.length);
          expect(found).toEqual(expect.arrayContaining(kept));
          expect(found.filter((item) => item !== doomed && item !== "new")).toHaveLength(kept.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("gives nothing twice and ends, whatever the API does", async () => {
    const page = fc.record({
      items: fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 4 }),
      meta: fc.record({ total: fc.nat(9), totalPages: fc.nat(9) }, { requiredKeys: [] }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(page, { minLength: 1, maxLength: 12 }), async (pages) => {
        let read = 0;
        const next = async () => pages[read++ % pages.length] ?? { items: [], meta: {} };
        const found = await readAllPages({ ...api([]).paging, read: next }).catch(
          (error: Error) => error.message,
        );
        if (typeof found === "string") expect(found).toMatch(/^endless after 500$|^\d of \d$/);
        else expect(new Set(found).size).toBe(found.length);
      }),
    );
  });
});
