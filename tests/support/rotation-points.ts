import type { Fault, Simulator } from "../../simulator";
import type { Props } from "./plugin";

/** A moment in a run of a rotation, how to kill it there, and what must be after the next run. */
export interface Point {
  at: string;
  /** Up on each of the days before. */
  before?: Props;
  days: number;
  /** Whose run is killed, and run again; absent: the rotation is removed. */
  program?: Props;
  hold?: Fault;
  /** The snapshot of this server does not become Active before the run is killed. */
  never?: string;
  /** Beside what is held, if anything is. */
  reached?: (simulator: Simulator) => boolean;
  /** How many days old the snapshots are that there are in the end, by server. */
  leaves: Record<string, number[]>;
  /** Servers that the killed run leaves off. */
  leavesOff?: string[];
  /** Tried with a real provider process in each run of the tests; the others there only by `npm run reliability`. */
  inProcess?: true;
}

const ONE = { cloudId: "1001", every: "24h", keep: { last: 2 } };
const MANY = { ...ONE, keep: { last: 4 } };
const OFF = { ...ONE, powerOff: true };
const FLEET = { cloudIds: ["1001", "1002"], every: "24h", keep: { last: 2 } };
const GOES = { ...FLEET, onRemove: "delete" };

const creates = (simulator: Simulator): number =>
  simulator.requests.all("snapshot.create").filter(({ status }) => status === 200).length;
const deletes = (simulator: Simulator): number =>
  simulator.requests.all("snapshot.delete").filter(({ status }) => status === 200).length;

const holdCreate = (phase: Fault["phase"], cloudId = "1001"): Fault => ({
  operation: "snapshot.create",
  phase,
  kind: { hold: true },
  cloudId,
});
const holdDelete = (phase: Fault["phase"], skip = 0): Fault => ({
  operation: "snapshot.delete",
  phase,
  kind: { hold: true },
  skip,
});
const holdPower = (operation: "server.poweroff" | "server.poweron", phase: Fault["phase"]): Fault => ({
  operation,
  phase,
  kind: { hold: true },
});

export const POINTS: readonly Point[] = [
  {
    at: "before it asks",
    days: 2,
    program: ONE,
    hold: { operation: "server.read", phase: "before", kind: { hold: true } },
    leaves: { "1001": [1, 0] },
  },
  {
    at: "when it has asked and Utho is slow to take it up",
    days: 2,
    program: ONE,
    hold: holdCreate("before"),
    leaves: { "1001": [1, 0] },
  },
  {
    at: "after it asked, before the answer",
    inProcess: true,
    days: 2,
    program: ONE,
    hold: holdCreate("after"),
    leaves: { "1001": [1, 0] },
  },
  {
    at: "while the snapshot is in the making",
    days: 2,
    program: ONE,
    never: "1001",
    reached: (simulator) => simulator.requests.count("snapshot.listByDeploy") > 4,
    leaves: { "1001": [1, 0] },
  },
  {
    at: "when it is Active, before the deletion",
    days: 2,
    program: ONE,
    hold: holdDelete("before"),
    leaves: { "1001": [1, 0] },
  },
  {
    at: "between two deletions",
    inProcess: true,
    before: MANY,
    days: 4,
    program: ONE,
    hold: holdDelete("before", 1),
    leaves: { "1001": [1, 0] },
  },
  {
    at: "after the last deletion, before it is recorded",
    days: 2,
    program: ONE,
    hold: holdDelete("after"),
    leaves: { "1001": [1, 0] },
  },
  {
    at: "on the first run of all, after it asked",
    days: 0,
    program: FLEET,
    hold: holdCreate("after"),
    leaves: { "1001": [0], "1002": [0] },
  },
  {
    at: "in a fleet of which one server has its snapshot and the other is not asked yet",
    days: 2,
    program: FLEET,
    hold: holdCreate("before", "1002"),
    reached: (simulator) => deletes(simulator) === 1,
    leaves: { "1001": [1, 0], "1002": [1, 0] },
  },
  {
    at: "in a fleet of which one server is pruned and the other's snapshot is in the making",
    inProcess: true,
    days: 2,
    program: FLEET,
    never: "1002",
    reached: (simulator) => deletes(simulator) === 1 && creates(simulator) === 2,
    leaves: { "1001": [1, 0], "1002": [1, 0] },
  },
  {
    at: "with the server off, before it asks",
    days: 2,
    program: OFF,
    hold: holdCreate("before"),
    leaves: { "1001": [1, 0] },
    leavesOff: ["1001"],
  },
  {
    at: "after the server was switched off, before the answer",
    days: 2,
    program: OFF,
    hold: holdPower("server.poweroff", "after"),
    reached: ({ cloud }) => cloud.server("1001").powerState === "Stopped",
    leaves: { "1001": [1, 0] },
    leavesOff: ["1001"],
  },
  {
    at: "with the server off, while the snapshot is in the making",
    inProcess: true,
    days: 2,
    program: OFF,
    never: "1001",
    reached: (simulator) => creates(simulator) === 1,
    leaves: { "1001": [1, 0] },
    leavesOff: ["1001"],
  },
  {
    at: "before the server is switched on again",
    days: 2,
    program: OFF,
    hold: holdPower("server.poweron", "before"),
    leaves: { "1001": [1, 0] },
    leavesOff: ["1001"],
  },
  {
    at: "while a server leaves with its snapshots, between two of them",
    before: GOES,
    days: 2,
    program: { ...GOES, cloudIds: ["1001"] },
    hold: { ...holdDelete("before", 1), cloudId: "1002" },
    leaves: { "1001": [1, 0], "1002": [] },
  },
  {
    at: "while it is removed with its snapshots, before the first",
    before: GOES,
    days: 2,
    hold: holdDelete("before"),
    leaves: { "1001": [], "1002": [] },
  },
  {
    at: "while it is removed with its snapshots, between two of them",
    before: { ...GOES, cloudIds: ["1001"] },
    days: 2,
    hold: holdDelete("before", 1),
    leaves: { "1001": [] },
  },
  {
    at: "while it is removed with its snapshots, after the last",
    before: { ...GOES, cloudIds: ["1001"] },
    days: 2,
    hold: holdDelete("after", 1),
    leaves: { "1001": [] },
  },
];
