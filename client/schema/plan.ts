import * as v from "valibot";
import { compact } from "../compact";
import { id, sizeGb } from "./fields";
import { listOf } from "./list";

/** A size of server that Utho sells. */
export interface Plan {
  /** Utho's number of the plan, as deploy takes it. */
  id: string;
  /** Its disk in GB; 0: it has none of its own and needs block storage beside it. */
  diskGb?: number;
}

const plan = v.pipe(
  v.object({ id, disk: sizeGb }),
  v.transform((from): Plan => compact({ id: from.id, diskGb: from.disk })),
);

/** GET /plans and GET /cloud/plans/snapshot/{id}, of whose fields these two are of use. */
export const planList = v.object({ plans: listOf(plan) });
