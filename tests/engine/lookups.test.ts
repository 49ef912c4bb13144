import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  defaultSettings,
  type SeedServer,
  type SeedSnapshot,
  type Simulator,
  startSimulator,
} from "../../simulator";
import { DOOR } from "../support/doors";
import { Stack } from "../support/stack";

const SERVERS: readonly SeedServer[] = [
  { cloudId: "1001", hostname: "web-1", diskGb: 50, createdAt: "2026-01-10T00:00:00Z" },
  { cloudId: "1002", hostname: "db-1", diskGb: 80, createdAt: "2026-02-10T00:00:00Z" },
  {
    cloudId: "1003",
    hostname: "web-2",
    diskGb: 25,
    powerState: "Stopped",
    createdAt: "2026-03-10T00:00:00Z",
  },
];

const SNAPSHOTS: readonly SeedSnapshot[] = [
  { id: "1", cloudId: "1001", name: "nightly-a", createdAt: "2026-03-01T00:00:00Z" },
  { id: "2", cloudId: "1001", name: "nightly-b", createdAt: "2026-03-02T00:00:00Z" },
  { id: "3", cloudId: "1001", name: "golden", createdAt: "2026-03-03T00:00:00Z", sizeGb: 12 },
  { id: "4", cloudId: "1002", name: "nightly-a", createdAt: "2026-03-04T00:00:00Z", storage: "ebs" },
  { id: "5", cloudId: "1002", name: "broken", createdAt: "2026-03-05T00:00:00Z", status: "Error" },
  { id: "6", cloudId: "1002", name: "coming", createdAt: "2026-03-06T00:00:00Z", status: "Pending" },
];

/** A program whose outputs are what each call found: ids, or the text of the error. */
function reporting(calls: Readonly<Record<string, string>>): string {
  const outputs = Object.entries(calls).map(([name, call]) => `${name}: await found(() => utho.${call})`);
  return `
    const idOf = (found) => found.snapshotId ?? found.cloudId;
    const listOf = ({ snapshots, servers }) => (snapshots ?? servers).map(idOf);
    const found = (call) => call().then((hit) => idOf(hit) ?? listOf(hit), (error) => error.message);
    module.exports = async () => ({ ${outputs.join(", ")} });
  `;
}

describe("look-ups", () => {
  let simulator: Simulator;
  let stack: Stack;

  // One stack for all: most of these programs declare nothing, and each stack costs two commands.
  beforeAll(async () => {
    simulator = await startSimulator({ servers: SERVERS, snapshots: SNAPSHOTS });
    // Configured, because no snapshot here has a generated name, from which the time zone could be found.
    stack = await Stack.create({
      program: "",
      simulator,
      config: { "utho:timeZone": "Asia/Kolkata", "utho:maxRetries": "0" },
    });
  });

  beforeEach(() => {
    simulator.cloud.setSettings(defaultSettings);
    simulator.faults.clear();
    simulator.requests.clear();
  });

  afterAll(async () => {
    stack.dispose();
    await simulator.close();
  });

  async function answers(calls: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
    stack.setProgram(reporting(calls));
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    return stack.outputs();
  }

  function writes(): string[] {
    return simulator.requests
      .all()
      .filter(({ method }) => method !== "GET")
      .map(({ operation }) => operation);
  }

  it("narrow by each filter and by all together, and ask for the account and for each named server once in a program", async () => {
    const found = await answers({
      byDefault: "getSnapshots()",
      ofServer: 'getSnapshots({ cloudId: "1001" })',
      ofNumber: "getSnapshots({ cloudId: 1001 })",
      byName: 'getSnapshots({ name: "nightly-a" })',
      byRegex: 'getSnapshots({ nameRegex: "^nightly-[b-z]$" })',
      failed: 'getSnapshots({ status: "error" })',
      either: 'getSnapshots({ status: ["Active", "Pending"] })',
      ofAnyStatus: 'getSnapshots({ status: "any" })',
      after: 'getSnapshots({ createdAfter: "2026-03-02T00:00:00Z" })',
      before: 'getSnapshots({ createdBefore: "2026-03-02T00:00:00Z" })',
      between:
        'getSnapshots({ createdAfter: "2026-03-01T12:00:00Z", createdBefore: "2026-03-03T12:00:00+05:30" })',
      newest: "getSnapshots({ mostRecent: true })",
      newestOfAll: 'getSnapshots({ mostRecent: true, status: "any" })',
      all: 'getSnapshots({ cloudId: "1001", nameRegex: "nightly", createdAfter: "2026-03-01", mostRecent: true })',
      none: 'getSnapshots({ name: "no such" })',
      one: 'getSnapshot({ name: "golden" })',
      newestOne: 'getSnapshot({ cloudId: "1001", mostRecent: true })',
    });
    expect(found).toEqual({
      byDefault: ["1", "2", "3", "4"],
      ofServer: ["1", "2", "3"],
      ofNumber: ["1", "2", "3"],
      byName: ["1", "4"],
      byRegex: ["2"],
      failed: ["5"],
      either: ["1", "2", "3", "4", "6"],
      ofAnyStatus: ["1", "2", "3", "4", "5", "6"],
      after: ["3", "4"],
      before: ["1"],
      between: ["2", "3"],
      newest: ["4"],
      newestOfAll: ["6"],
      all: ["2"],
      none: [],
      one: "3",
      newestOne: "3",
    });
    // The plugin does not see what an update has made since, and asks for each.
    if (DOOR === "plugin") return;
    expect(simulator.requests.counts()).toEqual({ "snapshot.listByDeploy": 1, "server.read": 2 });
  });

  it("return all that is known of a snapshot and of a server", async () => {
    stack.setProgram(`
      exports.snapshot = utho.getSnapshot({ name: "nightly-a", cloudId: "1002" });
      exports.server = utho.getServerOutput({ name: "db-1" });
    `);
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const truth = simulator.cloud.server("1002");
    expect(await stack.outputs()).toEqual({
      snapshot: {
        id: "1002/4",
        snapshotId: "4",
        cloudId: "1002",
        name: "nightly-a",
        status: "Active",
        sizeGb: 80,
        storage: "ebs",
        createdAt: "2026-03-04T00:00:00Z",
        monthlyCost: 320,
        costCurrency: "INR",
      },
      server: {
        cloudId: "1002",
        hostname: truth.hostname,
        status: truth.status,
        powerStatus: truth.powerState,
        ip: truth.ip,
        diskSizeGb: 80,
        location: expect.any(String),
        dcslug: truth.dcslug,
        createdAt: "2026-02-10T00:00:00Z",
        snapshotMonthlyCost: 320,
      },
    });
    expect(writes()).toEqual([]);
  });

  it("find servers of any status, over all pages, by each filter", async () => {
    simulator.cloud.setSettings({ maxPerPage: 2, stoppedServerStatus: "Stopped" });
    const found = await answers({
      all: "getServers()",
      byName: 'getServers({ name: "web-1" })',
      byRegex: 'getServers({ nameRegex: "^web-" })',
      byId: 'getServers({ cloudId: "1002" })',
      stopped: 'getServers({ status: "stopped" })',
      active: 'getServers({ status: ["Active"] })',
      after: 'getServers({ createdAfter: "2026-02-01T00:00:00Z" })',
      newest: 'getServer({ nameRegex: "^web-", mostRecent: true })',
      none: 'getServers({ name: "web" })',
    });
    expect(found).toEqual({
      all: ["1001", "1002", "1003"],
      byName: ["1001"],
      byRegex: ["1001", "1003"],
      byId: ["1002"],
      stopped: ["1003"],
      active: ["1001", "1002"],
      after: ["1002", "1003"],
      newest: "1003",
      none: [],
    });
  });

  it("say how many were left after each filter when none or several match", async () => {
    const found = await answers({
      none: 'getSnapshot({ cloudId: "1002", nameRegex: "^nightly", createdBefore: "2026-03-02T00:00:00Z" })',
      hidden: 'getSnapshot({ name: "broken" })',
      many: 'getSnapshot({ name: "nightly-a" })',
      noServer: 'getServer({ name: "web" })',
      manyServers: "getServer({})",
      regex: 'getSnapshots({ nameRegex: "(" })',
      moment: 'getServers({ createdAfter: "yesterday" })',
    });
    expect(found.none).toContain("UTHO_LOOKUP_NONE");
    expect(found.none).toContain(
      "6 snapshots in the account, 3 left after cloudId 1002, 1 left after status Active (default), 1 left after nameRegex /^nightly/, 0 left after createdBefore 2026-03-02T00:00:00Z",
    );
    expect(found.hidden).toContain("4 left after status Active (default), 0 left after name");
    expect(found.many).toContain("UTHO_LOOKUP_MANY");
    expect(found.many).toContain("2 left after name");
    expect(found.many).toContain("1001/1");
    expect(found.many).toContain("1002/4");
    expect(found.many).toContain("mostRecent: true");
    expect(found.noServer).toContain("UTHO_LOOKUP_NONE");
    expect(found.noServer).toContain('3 servers in the account, 0 left after name "web"');
    expect(found.manyServers).toContain("3 were found (3 servers in the account)");
    expect(found.regex).toContain("UTHO_LOOKUP_FILTER");
    expect(found.moment).toContain("UTHO_LOOKUP_FILTER");
    for (const text of Object.values(found))
      expect(text).toMatch(/Attempted: .+\n {2}Because: .+\n {2}Kept: .+\n {2}Next: /);
  });

  for (const { what, settings } of [
    { what: "a listing without servers", settings: { snapshotListingFields: "likeServer" } },
    { what: "no account listing", settings: { snapshotListing: "absent" } },
    {
      what: "none but each server's own",
      settings: { snapshotListing: "absent", serverListHasSnapshots: false },
    },
  ] as const) {
    it(`find everything when the API offers ${what}`, async () => {
      simulator.cloud.setSettings({ accountListing: "absent404", ...settings });
      const found = await answers({
        all: "getSnapshots()",
        ofServer: 'getSnapshots({ cloudId: "1002" })',
        active: 'getSnapshots({ status: "Active" })',
        one: 'getSnapshot({ name: "golden" }).then((one) => ({ cloudId: one.id + " " + one.status }))',
      });
      expect(found).toEqual({
        all: ["1", "2", "3", "4", "5", "6"],
        ofServer: ["4", "5", "6"],
        active: [],
        one: "1001/3 Unknown",
      });
      expect(writes()).toEqual([]);
    });
  }

  it("end a program with one clean message, whatever form they are called in", async () => {
    // Beside the classes it is Pulumi's SDK that shows it.
    if (DOOR === "plugin") return;
    stack.setProgram(`
      utho.getSnapshot({ name: "promised" });
      exports.output = utho.getSnapshotOutput({ name: "put out" }).id;
      new utho.Snapshot("web", { cloudId: utho.getServerOutput({ name: "put in" }).cloudId });
    `);
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    for (const name of ["promised", "put out", "put in"]) {
      expect(preview.output.split(`"${name}"`).length - 1, `${name} in ${preview.output}`).toBe(1);
    }
    expect(preview.output).not.toMatch(/^\s+at .+:\d+/m);
    expect(preview.output).not.toContain("node_modules");
    expect(simulator.cloud.snapshots()).toHaveLength(SNAPSHOTS.length);
  });

  it("name the call and what was answered when Utho refuses or does not answer", async () => {
    simulator.faults.add({
      operation: "snapshot.listByDeploy",
      phase: "before",
      kind: { errorIn200: "Account suspended" },
    });
    simulator.faults.add({
      operation: "snapshot.list",
      phase: "before",
      kind: { errorIn200: "Account suspended" },
    });
    simulator.faults.add({ operation: "server.list", phase: "before", kind: { cut: true }, times: "always" });
    const found = await answers({ snapshots: "getSnapshots()", servers: 'getServer({ name: "web-1" })' });
    expect(found.servers).toContain("UTHO_NETWORK");
    expect(found.servers).toContain("Attempted: run the look-up getServer\n");
    expect(found.servers).toContain("Utho said: nothing; ");
    expect(String(found.servers).split("GET /cloud").length - 1).toBe(1);
    expect(found.snapshots).toMatch(/UTHO_(NETWORK|BAD_REQUEST)/);
    expect(found.snapshots).toContain("Attempted: run the look-up getSnapshots\n");
    simulator.faults.assertAllFired();
  });

  it("wait for resources that are not made yet, and find them afterwards", async () => {
    stack.setProgram(`
      module.exports = async () => {
        const before = (await utho.getSnapshots()).snapshots.length;
        const made = new utho.Snapshot("web", { cloudId: "1001" });
        return {
          before,
          made: made.id,
          byName: utho.getSnapshotOutput({ name: made.name }).id,
          byId: utho.getSnapshotsOutput({ cloudId: made.cloudId }).snapshots.length,
          newest: utho.getSnapshotOutput({ cloudId: made.cloudId, mostRecent: true }).id,
          later: made.id.apply(async () => (await utho.getSnapshots()).snapshots.length),
          server: utho.getServerOutput({ cloudId: made.cloudId }).hostname,
        };
      };
    `);
    const preview = await stack.preview();
    expect(preview.code, preview.output).toBe(0);
    expect(simulator.requests.counts()).toEqual({ "snapshot.listByDeploy": 1 });
    expect(simulator.cloud.snapshots()).toHaveLength(SNAPSHOTS.length);

    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const [made] = simulator.cloud.snapshots("1001").slice(-1);
    const id = `1001/${made?.id}`;
    const outputs = { before: 4, made: id, byName: id, byId: 4, newest: id, later: 5, server: "web-1" };
    expect(await stack.outputs()).toEqual(outputs);

    const again = await stack.run(["preview", "--expect-no-changes"]);
    expect(again.code, again.output).toBe(0);
  });
});
