import * as v from "valibot";
import { compact } from "../compact";
import { number } from "./fields";

const counts = v.object({ total: number, totalpages: number });

/** Counts of a paged answer: numbers or text, or nothing at all. */
export const metaField = v.optional(v.fallback(v.nullish(counts), undefined));

/** What a page says of the whole. */
export interface PageMeta {
  /** Items on all pages. */
  total?: number;
  totalPages?: number;
}

/** The counts of an answer, where they are counts. */
export function pageMeta(meta: v.InferOutput<typeof metaField>): PageMeta {
  return compact({ total: count(meta?.total), totalPages: count(meta?.totalpages) });
}

function count(value: number | undefined): number | undefined {
  return value !== undefined && Number.isInteger(value) && value >= 0 ? value : undefined;
}
