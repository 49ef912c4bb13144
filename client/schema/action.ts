import * as v from "valibot";
import { compact } from "../compact";
import { type ActionStatus, actionStatus } from "../status";
import type { WallTime } from "../walltime";
import { id, optionalId, statusBy, text, wallTime } from "./fields";
import { listOf } from "./list";

/** Something that was asked of the cloud, and how far it is. */
export interface Action {
  /** Utho's number of the action. */
  id: string;
  /** What is done. */
  action?: string;
  /** What it is done to, for example "cloud". */
  resourceType?: string;
  /** Number of the thing that it is done to, for example a server's `cloudId`. */
  resourceId?: string;
  /** When it began. */
  startedAt?: WallTime;
  /** When it ended; absent until then. */
  completedAt?: WallTime;
  /** How far it is, in percent, as text. */
  process?: string;
  /** Pending, Support and Success are known. */
  status?: ActionStatus;
  /** Utho's words about it. */
  message?: string;
}

/** An entry of GET /actions, as utho-go v0.2.5 names the fields. */
const wire = v.object({
  id,
  action: text,
  resource_type: text,
  resource_id: optionalId,
  started_at: wallTime,
  completed_at: wallTime,
  process: text,
  status: statusBy(actionStatus),
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
