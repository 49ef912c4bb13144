import * as v from "valibot";
import { compact } from "../compact";
import { text } from "./fields";
import { listOf } from "./list";

/** A data centre. */
export interface Zone {
  /** Short name, for example "innoida". */
  slug?: string;
  /** Make of processor that a server there gets, in Utho's words. */
  defaultCpu?: string;
}

const zone = v.pipe(
  v.object({ slug: text, default_cpu: text }),
  v.transform((from): Zone => compact({ slug: from.slug, defaultCpu: from.default_cpu })),
);

/** GET /dczones, of whose many fields these two are of use. */
export const zoneList = v.object({ dczones: listOf(zone) });
