import * as v from "valibot";
import type { Action } from "../actions";
import { compact, id, optionalId, text, wallTime } from "./fields";
import { listOf } from "./list";

/** An entry of GET /actions, as utho-go v0.2.5 names the fields. */
const wire = v.object({
  id,
  action: text,
  resource_type: text,
  resource_id: optionalId,
  started_at: wallTime,
  completed_at: wallTime,
  process: text,
  status: text,
  message: text,
});

const action = v.pipe(
  wire,
  v.transform(
    (from): Action =>
      compact({
        id: from.id,
        action: from.action,
        resourceType: from.resource_type,
        resourceId: from.resource_id,
        startedAt: from.started_at,
        completedAt: from.completed_at,
        process: from.process,
        status: from.status,
        message: from.message,
      }),
  ),
);

export const actionList = v.object({ actions: listOf(action) });

/** GET /actions/{id}: one action, also inside a list. */
export const singleAction = v.object({ action: listOf(action, "id") });
