import type { LoggedRequest, Simulator, SimulatorSettings } from "../../../simulator";
import type { Moment } from "./ways";

const FIRST = 'new utho.Snapshot("web", { cloudId: "1001", triggers: ["v1"] });';
const CHANGED = 'new utho.Snapshot("web", { cloudId: "1001", triggers: ["v2"] });';
const REMOVED = "";

/** A moment in a run, and what the next run must make of it. */
export interface Point extends Moment {
  at: string;
  /** Program that is up before, and the one whose run is stopped. */
  before?: string;
  program: string;
  settings?: Partial<SimulatorSettings>;
  /** Snapshots that must exist after the next run. */
  leaves: 0 | 1;
  /** Whether the next run takes over what this one left. */
  takesOver: boolean;
}

const isListing = ({ operation }: LoggedRequest): boolean => operation === "snapshot.listByDeploy";
const afterCreate = (request: LoggedRequest, simulator: Simulator): boolean =>
  isListing(request) && simulator.requests.count("snapshot.create") > 0;

export const POINTS: readonly Point[] = [
  {
    at: "before the create call",
    program: FIRST,
    hold: { operation: "server.read", phase: "before", kind: { hold: true } },
    leaves: 1,
    takesOver: false,
  },
  {
    at: "after the create call, before its answer",
    program: FIRST,
    hold: { operation: "snapshot.create", phase: "after", kind: { hold: true } },
    leaves: 1,
    takesOver: true,
  },
  {
    at: "after the answer, before the id is listed",
    program: FIRST,
    settings: { accountListingLagMs: 3_000, serverListingLagMs: 3_000 },
    reached: afterCreate,
    leaves: 1,
    takesOver: true,
  },
  {
    at: "between listed and Active",
    program: FIRST,
    settings: { snapshotDurationMs: 6_000 },
    reached: (request, simulator) =>
      afterCreate(request, simulator) && simulator.requests.count("snapshot.listByDeploy") > 4,
    leaves: 1,
    takesOver: true,
  },
  {
    at: "between Active and recorded",
    program: FIRST,
    settings: { snapshotDurationMs: 0 },
    hold: { operation: "snapshot.listByDeploy", phase: "after", kind: { hold: true }, skip: 1 },
    reached: afterCreate,
    leaves: 1,
    takesOver: true,
  },
  {
    at: "in a replacement, after the new one was made",
    before: FIRST,
    program: CHANGED,
    hold: { operation: "snapshot.create", phase: "after", kind: { hold: true } },
    leaves: 1,
    takesOver: true,
  },
  {
    at: "in a replacement, before the old one is deleted",
    before: FIRST,
    program: CHANGED,
    hold: { operation: "snapshot.delete", phase: "before", kind: { hold: true } },
    leaves: 1,
    takesOver: false,
  },
  {
    at: "in a deletion, after its effect",
    before: FIRST,
    program: REMOVED,
    hold: { operation: "snapshot.delete", phase: "after", kind: { hold: true } },
    leaves: 0,
    takesOver: false,
  },
];
