import type { SeedServer, SeedSnapshot } from "../simulator";

/** Servers and snapshots that are there when a test begins; `startSimulator` and `uthoMocks` both take it. */
export interface Fixture {
  /** Servers, running unless they say otherwise. */
  readonly servers: readonly SeedServer[];
  /** Snapshots, Active unless they say otherwise. */
  readonly snapshots: readonly SeedSnapshot[];
}

const WEB: SeedServer = { cloudId: "1001", hostname: "web-1", diskGb: 50, planId: "10045" };
const DB: SeedServer = { cloudId: "1002", hostname: "db-1", diskGb: 80, planId: "10046" };

const empty: Fixture = { servers: [], snapshots: [] };

const twoServers: Fixture = { servers: [WEB, DB], snapshots: [] };

const oneServerOff: Fixture = { servers: [WEB, { ...DB, powerState: "Stopped" }], snapshots: [] };

const snapshotOfEach: Fixture = {
  servers: [WEB, DB],
  snapshots: [
    { id: "5001", cloudId: "1001", name: "web-1 by hand", contents: "web-1 as it was good" },
    { id: "5002", cloudId: "1002", name: "db-1 by hand", contents: "db-1 as it was good" },
  ],
};

const failedSnapshot: Fixture = {
  servers: [WEB, DB],
  snapshots: [
    { id: "5001", cloudId: "1001", name: "good" },
    { id: "5002", cloudId: "1001", name: "bad", status: "Error" },
  ],
};

function servers(count: number): Fixture {
  const numbers = Array.from({ length: count }, (_none, index) => index + 1);
  return {
    servers: numbers.map((number) => ({
      cloudId: String(1000 + number),
      hostname: `server-${number}`,
      diskGb: 50,
      planId: "10045",
    })),
    snapshots: [],
  };
}

/** Accounts to begin a test with. */
export const fixtures = {
  /** An account without anything. */
  empty,
  /** Server 1001 "web-1" with 50 GB and 1002 "db-1" with 80 GB, both running, without snapshots. */
  twoServers,
  /** The same servers, the second one switched off. */
  oneServerOff,
  /** The two servers with an Active snapshot each: 1001/5001 "web-1 by hand" and 1002/5002 "db-1 by hand". */
  snapshotOfEach,
  /** The two servers with a good snapshot 1001/5001, and 1001/5002 whose status is Error. */
  failedSnapshot,
  /** So many servers, "server-1" and so on with the ids 1001 and so on. */
  servers,
};
