import type { Fault, LoggedRequest, Simulator, SimulatorSettings } from "../../../simulator";

const FIRST = 'new utho.Snapshot("web", { cloudId: "1001", triggers: ["v1"] });';
const CHANGED = 'new utho.Snapshot("web", { cloudId: "1001", triggers: ["v2"] });';
const REMOVED = "";

/** A moment in a run, and how to stop it there. */
export interface Point {
  at: string;
  /** Program that is up before, and the one whose run is stopped. */
  before?: string;
  program: string;
  settings?: Partial<SimulatorSettings>;
  /** Holds the run at the moment. */
  hold?: Fault;
  reached: (request: LoggedRequest, simulator: Simulator) => boolean;
  /** Snapshots that must exist after the next run. */
  leaves: 0 | 1;
  /** Whether the next run takes over what this one left. */
  takesOver: boolean;
}

const isCreate = ({ operation }: LoggedRequest): boolean => operation === "snapshot.create";
const isListing = ({ operation }: LoggedRequest): boolean => operation === "snapshot.listByDeploy";
const afterCreate = (request: LoggedRequest, simulator: Simulator): boolean =>
  isListing(request) && simulator.requests.count("snapshot.create") > 0;

export const POINTS: readonly Point[] = [
  {
    at: "before the create call",
    program: FIRST,
    hold: { operation: "server.read", phase: "before", kind: { hold: true } },
    reached: ({ operation }) => operation === "server.read",
    leaves: 1,
    takesOver: false,
  },
  {
    at: "after the create call, before its answer",
    program: FIRST,
    hold: { operation: "snapshot.create", phase: "after", kind: { hold: true } },
    reached: (request, simulator) => isCreate(request) && simulator.cloud.snapshots().length === 1,
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
    reached: (request, simulator) => isCreate(request) && simulator.cloud.snapshots().length === 2,
    leaves: 1,
    takesOver: true,
  },
  {
    at: "in a replacement, before the old one is deleted",
    before: FIRST,
    program: CHANGED,
    hold: { operation: "snapshot.delete", phase: "before", kind: { hold: true } },
    reached: ({ operation }) => operation === "snapshot.delete",
    leaves: 1,
    takesOver: false,
  },
  {
    at: "in a deletion, after its effect",
    before: FIRST,
    program: REMOVED,
    hold: { operation: "snapshot.delete", phase: "after", kind: { hold: true } },
    reached: ({ operation }, simulator) =>
      operation === "snapshot.delete" && simulator.cloud.snapshots().length === 0,
    leaves: 0,
    takesOver: false,
  },
];
