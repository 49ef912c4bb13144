import * as v from "valibot";
import type { FaultQueue } from "../faults/queue";
import { readFault } from "../faults/schema";
import type { RequestLog } from "../http/request-log";
import { mergeSettings } from "../settings/schema";
import type { SimulatorCloud } from "./cloud";
import { checkArgument, readOutcome, readServerChange } from "./inputs";
import { readSeedServer, readSeedSnapshot } from "./seeds";

/** What the control API works on. */
export interface ControlParts {
  cloud: SimulatorCloud;
  faults: FaultQueue;
  requests: RequestLog;
}

/** One call of the control API: what it is called, what it does, and the doing. */
export interface ControlCall {
  method: "GET" | "POST" | "DELETE";
  path: string;
  /** One line for the index at `GET /_simulator`. */
  does: string;
  run(parts: ControlParts, call: { id: string; body: unknown }): unknown;
}

const name = v.object({ name: v.string() });
const status = v.object({ status: v.nullable(v.string()) });
const size = v.object({ sizeGb: v.number() });
const milliseconds = v.object({ ms: v.number() });
const outcome = v.object({ outcome: v.optional(v.picklist(["success", "failure"])) });

const stateCalls: ControlCall[] = [
  {
    method: "GET",
    path: "/state",
    does: "how things truly are: clock, servers, snapshots, operations",
    run: ({ cloud }) => ({
      now: new Date(cloud.now()).toISOString(),
      servers: cloud.servers(),
      snapshots: cloud.snapshots(),
      operations: cloud.operations(),
    }),
  },
  {
    method: "POST",
    path: "/advance",
    does: 'moves the clock forward; body {"ms":60000}',
    run: ({ cloud }, { body }) => cloud.advance(checkArgument("Advance", milliseconds, body).ms),
  },
  { method: "GET", path: "/settings", does: "the settings", run: ({ cloud }) => cloud.settings() },
  {
    method: "POST",
    path: "/settings",
    does: 'changes settings; body {"snapshotOutcome":"failed"}',
    run: ({ cloud }, { body }) => {
      cloud.setSettings(mergeSettings(cloud.settings(), body));
      return cloud.settings();
    },
  },
  {
    method: "POST",
    path: "/outcomes",
    does: 'orders an end for coming operations; body {"of":"snapshot","outcome":"failed","times":1}',
    run: ({ cloud }, { body }) => cloud.nextOutcome(readOutcome(body)),
  },
];

const serverCalls: ControlCall[] = [
  {
    method: "POST",
    path: "/servers",
    does: 'adds a server; body {"hostname":"web-2"}',
    run: ({ cloud }, { body }) => cloud.addServer(readSeedServer(body)),
  },
  {
    method: "POST",
    path: "/servers/:id",
    does: "changes hostname, contents, diskGb, powerState or status of a server",
    run: ({ cloud }, { id, body }) => cloud.changeServer(id, readServerChange(body)),
  },
  {
    method: "POST",
    path: "/servers/:id/end",
    does: "ends all that is under way on a server",
    run: ({ cloud }, { id, body }) => {
      cloud.server(id);
      cloud.endOperations(id, checkArgument("End", outcome, body).outcome);
    },
  },
  {
    method: "POST",
    path: "/servers/:id/delete",
    does: "takes a server away",
    run: ({ cloud }, { id }) => cloud.removeServer(id),
  },
];

const snapshotCalls: ControlCall[] = [
  {
    method: "POST",
    path: "/snapshots",
    does: 'adds a snapshot made by hand; body {"cloudId":"1001","name":"by hand"}',
    run: ({ cloud }, { body }) => cloud.addSnapshot(readSeedSnapshot(body)),
  },
  {
    method: "POST",
    path: "/snapshots/:id/delete",
    does: "deletes a snapshot",
    run: ({ cloud }, { id }) => cloud.deleteSnapshot(id),
  },
  {
    method: "POST",
    path: "/snapshots/:id/rename",
    does: 'renames a snapshot; body {"name":"renamed"}',
    run: ({ cloud }, { id, body }) => cloud.renameSnapshot(id, checkArgument("Rename", name, body).name),
  },
  {
    method: "POST",
    path: "/snapshots/:id/fail",
    does: "ends a snapshot as failed",
    run: ({ cloud }, { id }) => cloud.failSnapshot(id),
  },
  {
    method: "POST",
    path: "/snapshots/:id/complete",
    does: "ends a snapshot as Active",
    run: ({ cloud }, { id }) => cloud.completeSnapshot(id),
  },
  {
    method: "POST",
    path: "/snapshots/:id/status",
    does: 'gives a snapshot a status word; body {"status":"Archiving"}, null takes it back',
    run: ({ cloud }, { id, body }) =>
      cloud.setStatus(id, checkArgument("Status", status, body).status ?? undefined),
  },
  {
    method: "POST",
    path: "/snapshots/:id/size",
    does: 'changes the size of a snapshot; body {"sizeGb":51}',
    run: ({ cloud }, { id, body }) => cloud.setSize(id, checkArgument("Size", size, body).sizeGb),
  },
];

const trafficCalls: ControlCall[] = [
  {
    method: "GET",
    path: "/requests",
    does: "all requests to the API and their number by operation",
    run: ({ requests }) => ({ counts: requests.counts(), requests: requests.all() }),
  },
  {
    method: "DELETE",
    path: "/requests",
    does: "empties the request log",
    run: ({ requests }) => requests.clear(),
  },
  {
    method: "GET",
    path: "/faults",
    does: "the faults that have not struck as ordered",
    run: ({ faults }) => ({ pending: faults.pending() }),
  },
  {
    method: "POST",
    path: "/faults",
    does: 'queues a fault; body {"operation":"snapshot.create","phase":"after","kind":{"cut":true}}',
    run: ({ faults }, { body }) => {
      faults.add(readFault(body));
      return { pending: faults.pending() };
    },
  },
  {
    method: "POST",
    path: "/faults/release",
    does: "lets held requests go on",
    run: ({ faults }) => ({ released: faults.release() }),
  },
  { method: "DELETE", path: "/faults", does: "takes back all faults", run: ({ faults }) => faults.clear() },
];

/** Every call below `/_simulator`, as its index shows them. */
export const controlCalls: readonly ControlCall[] = [
  ...stateCalls,
  ...serverCalls,
  ...snapshotCalls,
  ...trafficCalls,
];
