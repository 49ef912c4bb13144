import { compact, isRecord } from "./compact";
import { readNumber } from "./decode";

/** What a page says of the whole. */
interface PageMeta {
  /** Items on all pages. */
  total?: number;
  totalPages?: number;
}

/** The counts of a paged answer: numbers or text, or nothing at all. */
export function readMeta(meta: unknown): PageMeta {
  const { total, totalpages } = isRecord(meta) ? meta : {};
  return compact({ total: readCount(total), totalPages: readCount(totalpages) });
}

function readCount(value: unknown): number | undefined {
  const count = readNumber(value) ?? -1;
  return Number.isInteger(count) && count >= 0 ? count : undefined;
}

/** One page of a listing. */
export interface Page<T> {
  items: T[];
  meta: PageMeta;
}

/** How to read a paged listing. */
export interface Paging<T> {
  /** Reads a page; the first is 1. */
  read: (page: number) => Promise<Page<T>>;
  /** What makes an item the same item on another page. */
  keyOf: (item: T) => string;
  /** The error for a listing that has no end. */
  endless: (pages: number) => Error;
  /** The error for a listing that says that it has more than it shows. */
  short: (shown: readonly T[], total: number) => Error;
  /** Reads all on one page, for an API that ignores the number of the page. */
  whole: (total: number) => Promise<Page<T>>;
  /** Go on without `meta`, up to an empty or a repeated page. @default false: such an answer is the whole listing */
  withoutMeta?: boolean;
  /** Page 1, where it has been read already. */
  first?: Page<T> | undefined;
}

const MOST_PAGES = 500;
const MOST_PASSES = 3;

/** One reading of all pages. */
interface Pass<T> {
  found: Map<string, T>;
  pages: number;
  /** The pages fit together: nothing twice, and as many items as each page said there are. */
  consistent: boolean;
  /** How many items there are, where every page said the same. */
  total: number | undefined;
}

/**
 * Reads all pages. Items that are created or deleted meanwhile shift the pages, so that some come twice and some
 * not at all. So a reading that does not fit together is repeated, until it fits or finds the same as the one
 * before, three times at most; then everything seen counts, because a missing item does more harm than a stale one.
 * What is fewer than the API says there are is asked for on one page, and then is an error: never silently short.
 */
export async function readAllPages<T>(paging: Paging<T>): Promise<T[]> {
  const seen = new Map<string, T>();
  let before: Pass<T> | undefined;
  for (let passes = 1; passes <= MOST_PASSES; passes++) {
    const pass = await readOnce(passes === 1 ? paging : { ...paging, first: undefined });
    const settled = pass.consistent && (pass.total !== undefined || pass.pages === 1);
    const same = before !== undefined && sameKeys(before.found, pass.found);
    if (settled || (same && !isShort(pass.found, pass.total))) return [...pass.found.values()];
    for (const [key, item] of pass.found) seen.set(key, item);
    before = pass;
    if (same) break;
  }
  const total = before?.total;
  if (total !== undefined && isShort(seen, total)) await complete(paging, seen, total);
  return [...seen.values()];
}

async function complete<T>(paging: Paging<T>, seen: Map<string, T>, total: number): Promise<void> {
  const { items } = await paging.whole(total);
  for (const item of items) seen.set(paging.keyOf(item), item);
  if (isShort(seen, total)) throw paging.short([...seen.values()], total);
}

function isShort(found: ReadonlyMap<string, unknown>, total: number | undefined): boolean {
  return total !== undefined && found.size < total;
}

async function readOnce<T>(paging: Paging<T>): Promise<Pass<T>> {
  const found = new Map<string, T>();
  const totals = new Set<number | undefined>();
  let twice = false;
  let previous = "";
  let page = 0;
  for (let last = false; !last; ) {
    page++;
    if (page > MOST_PAGES) throw paging.endless(MOST_PAGES);
    const { items, meta } = page === 1 && paging.first ? paging.first : await paging.read(page);
    const keys = items.map(paging.keyOf);
    const fingerprint = JSON.stringify(keys);
    // An API that ignores the page number sends the first page for ever; that is an end and not a shift.
    const repeated = page > 1 && fingerprint === previous;
    previous = fingerprint;
    if (!repeated) twice ||= keys.some((key) => found.has(key));
    for (const [index, item] of items.entries()) found.set(keys[index] ?? "", item);
    totals.add(meta.total);
    last = repeated || items.length === 0 || isLast(page, found.size, meta, paging.withoutMeta ?? false);
  }
  const [total] = totals;
  const steady = totals.size === 1 && (total === undefined || total === found.size);
  return { found, pages: page, consistent: steady && !twice, total: totals.size === 1 ? total : undefined };
}

function isLast(page: number, found: number, meta: PageMeta, withoutMeta: boolean): boolean {
  const { total, totalPages } = meta;
  // Both must agree: either alone has to be wrong only once for items to be lost.
  if (totalPages !== undefined) return page >= totalPages && (total === undefined || found >= total);
  return total === undefined ? !withoutMeta : found >= total;
}

function sameKeys(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  return a.size === b.size && [...a.keys()].every((key) => b.has(key));
}

/** `short` in words. */
export function shortOf(shown: number, total: number): string {
  return `the listing says that there are ${total} and shows ${shown}`;
}
