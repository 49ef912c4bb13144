import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { RotationLifecycle } from "../../../../provider/rotation/lifecycle";
import { parseGeneratedName } from "../../../../provider/utho/names";
import { startSimulator } from "../../../../simulator";
import { rigFor } from "../lifecycle-rig";
import { DAY, RotationRig } from "./rotation-rig";

const SERVERS = Array.from({ length: 50 }, (_, index) => ({
  cloudId: String(1001 + index),
  hostname: `server-${index}`,
  diskGb: 50,
}));
const IDS = SERVERS.map(({ cloudId }) => cloudId);
const FLEET = { cloudIds: IDS, every: "24h", keep: { last: 1 } };

describe("a rotation of many servers", () => {
  let rig: RotationRig;

  afterEach(() => rig.simulator.close());

  const underway = (): number =>
    rig.simulator.cloud.operations().filter(({ kind, state }) => kind === "snapshot" && state === "underway")
      .length;

  it("takes of 50 at once, 2 calls for each, and prunes at 2 calls for each snapshot", async () => {
    const config = { "utho:pollInterval": "200ms" };
    rig = await RotationRig.start({ servers: SERVERS, settings: { snapshotOutcome: "never" } }, { config });
    const { simulator } = rig;
    const first = rig.up(FLEET);
    while (underway() < 50) await delay(5);
    for (const cloudId of IDS) simulator.cloud.endOperations(cloudId);
    const { error, said } = await first;
    expect(error).toBeUndefined();
    expect(said).toContain("The rotation takes 50 (on all 50 servers), deletes nothing.");
    const { "snapshot.listByDeploy": _polling, ...calls } = simulator.requests.counts();
    // One list of servers for the names and the estimate of the announcement, and one look at whose account it is.
    expect(calls).toEqual({ "account.info": 1, "server.list": 1, "server.read": 50, "snapshot.create": 50 });
    expect(rig.state.snapshots).toHaveLength(50);
    expect(Object.keys(rig.state.newest)).toEqual(IDS);
    expect(rig.state.monthlyCost).toBe(50 * 200);

    simulator.cloud.setSettings({ snapshotOutcome: "active" });
    rig.advance(DAY);
    simulator.requests.clear();
    expect((await rig.up(FLEET)).error).toBeUndefined();
    const { "snapshot.listByDeploy": _shared, ...more } = simulator.requests.counts();
    expect(more).toEqual({ "server.read": 100, "snapshot.create": 50, "snapshot.delete": 50 });
    expect(simulator.cloud.snapshots()).toHaveLength(50);

    simulator.requests.clear();
    expect(await rig.refresh()).toBe(false);
    expect(simulator.requests.count()).toBe(1);
    expect(await rig.up({ ...FLEET, cloudIds: [...IDS].reverse() })).toMatchObject({ changed: false });
  });

  it("asks for deletion after deletion, sees all by one listing, and finds out the one without effect", async () => {
    const config = { "utho:pollInterval": "1s", "utho:listingLag": "1s" };
    const servers = SERVERS.slice(0, 20);
    rig = await RotationRig.start({ servers }, { config });
    const { cloud, requests } = rig.simulator;
    const program = { ...FLEET, cloudIds: servers.map(({ cloudId }) => cloudId), keep: { last: 20 } };
    await rig.up(program);
    for (const { cloudId, name } of cloud.snapshots())
      for (let night = 1; night <= 10; night += 1) {
        const at = new Date(cloud.now() - night * DAY).toISOString();
        const time = at.replace(/[-:]|\.\d+/g, "").toLowerCase();
        cloud.addSnapshot({ cloudId, name: name.replace(/\d{8}t\d{6}z$/, time), createdAt: at });
      }
    const doomed = cloud.snapshots().filter(({ createdAt }) => Date.parse(createdAt) < cloud.now() - DAY / 2);
    const stays = doomed[7]?.id ?? "";
    cloud.setSettings({ stayingSnapshots: [stays] });
    requests.clear();
    const { error } = await rig.up({ ...program, keep: { last: 1 } });
    expect(error?.message).toContain("UTHO_DELETE_UNCONFIRMED");
    expect(rig.state.failures).toMatchObject([{ reason: expect.stringContaining(`/${stays}`) }]);
    expect(error?.message).toContain("0 taken, 199 deleted");
    const { "snapshot.listByDeploy": listings = 0, ...calls } = requests.counts();
    expect(calls["snapshot.delete"]).toBe(201);
    expect(calls["server.read"]).toBeLessThanOrEqual(20 + 5);
    expect(listings).toBeLessThanOrEqual(40);
    expect(cloud.snapshots()).toHaveLength(21);
  });

  it("prunes a hundred servers by one list of them, and asks the one of which it differs from the other listing", async () => {
    const many = Array.from({ length: 100 }, (_, index) => ({
      cloudId: String(2001 + index),
      hostname: `server-${index}`,
    }));
    const program = { ...FLEET, cloudIds: many.map(({ cloudId }) => cloudId), keep: { last: 5 } };
    const config = { "utho:pollInterval": "1s", "utho:listingLag": "1m" };
    rig = await RotationRig.start({ servers: many }, { config });
    const { cloud, requests } = rig.simulator;
    expect((await rig.up(program)).error).toBeUndefined();
    for (const { cloudId, name } of cloud.snapshots())
      for (let night = 1; night <= 4; night += 1) {
        const at = new Date(cloud.now() - night * DAY).toISOString();
        const time = at.replace(/[-:]|\.\d+/g, "").toLowerCase();
        cloud.addSnapshot({ cloudId, name: name.replace(/\d{8}t\d{6}z$/, time), createdAt: at });
      }
    await rig.refresh();
    requests.clear();
    // Gone between the account's listing and the list of servers: it must not count as one of two that are kept.
    const [, gone] = cloud.snapshots().filter((one) => one.cloudId === "2001");
    const stop = requests.onArrival(({ operation }) => {
      if (operation !== "server.list") return;
      stop();
      cloud.deleteSnapshot(gone?.id ?? "");
    });
    const { error } = await rig.up({ ...program, keep: { last: 2 } });
    expect(error).toBeUndefined();
    const { "snapshot.listByDeploy": _shared, "account.info": _whose, ...calls } = requests.counts();
    expect(calls).toEqual({ "server.list": 1, "server.read": 1, "snapshot.delete": 299 });
    for (const { cloudId } of many) expect(rig.names(cloudId)).toHaveLength(2);

    // Where only the last one remains, the server itself must say that it is there.
    requests.clear();
    expect((await rig.up({ ...program, keep: { last: 1 } })).error).toBeUndefined();
    expect(requests.counts()).toMatchObject({ "server.read": 100, "snapshot.delete": 100 });
    for (const { cloudId } of many) expect(rig.names(cloudId)).toHaveLength(1);
  });

  it("keeps and records the successes when some servers fail, and goes on with the failed ones", async () => {
    rig = await RotationRig.start({ servers: SERVERS.slice(0, 3) });
    const program = { ...FLEET, cloudIds: ["1001", "1002", "1003", "1099"] };
    rig.simulator.cloud.nextOutcome({ of: "snapshot", outcome: "failed", cloudId: "1002" });
    const { error } = await rig.up(program);
    expect(String(error)).toMatch(/UTHO_ROTATION_INCOMPLETE/);
    expect(error?.message).toContain("2 of 4 servers failed");
    expect(error?.message).toMatch(
      /server-\d+ \(1002\): UTHO_SNAPSHOT_FAILED: .*server 1099: UTHO_SERVER_NOT_FOUND: /,
    );
    expect(rig.state.failures).toEqual([
      {
        cloudId: "1002",
        code: "UTHO_SNAPSHOT_FAILED",
        reason: expect.stringContaining('its status is "Error"'),
      },
      {
        cloudId: "1099",
        code: "UTHO_SERVER_NOT_FOUND",
        reason: expect.stringContaining("knows no server 1099"),
      },
    ]);
    expect(rig.state.snapshots.map(({ cloudId, status }) => [cloudId, status])).toEqual([
      ["1001", "Active"],
      ["1002", "Error"],
      ["1003", "Active"],
    ]);

    // The next run takes only where it failed, and removes what never held data once there is a good one.
    const { writes } = await rig.up(program);
    expect(writes).toEqual(["snapshot.create", "snapshot.delete"]);
    expect(rig.simulator.cloud.snapshots().map(({ cloudId, status }) => [cloudId, status])).toEqual([
      ["1001", "Active"],
      ["1003", "Active"],
      ["1002", "Active"],
    ]);
    const corrected = await rig.up({ ...program, cloudIds: ["1001", "1002", "1003"] });
    expect(corrected).toMatchObject({ error: undefined, writes: [] });
    expect(rig.state.failures).toEqual([]);
    expect(await rig.up({ ...program, cloudIds: ["1003", "1002", "1001"] })).toMatchObject({
      changed: false,
    });
  });

  it("keeps or deletes the snapshots of a server that leaves, as onRemove says, and only once", async () => {
    rig = await RotationRig.start({ servers: SERVERS.slice(0, 3) });
    const program = { ...FLEET, cloudIds: ["1001", "1002", "1003"] };
    await rig.up(program);
    const kept = { ...program, cloudIds: ["1001", "1002"] };
    const left = await rig.up(kept);
    expect(left.said.join("\n")).toMatch(
      /Left the rotation: \S+ \(1003\)\. 1 of its snapshots remains and costs ₹200 a month/,
    );
    expect(left.writes).toEqual([]);
    expect(await rig.up(kept)).toMatchObject({ changed: false });
    expect(rig.names("1003")).toHaveLength(1);

    const gone = { ...program, cloudIds: ["1001"], onRemove: "delete", timeouts: { delete: "100ms" } };
    const refused = { status: 422, body: { status: "error", message: "No" } };
    rig.simulator.faults.add({
      operation: "snapshot.delete",
      phase: "before",
      kind: refused,
      times: "always",
    });
    expect(String((await rig.up(gone)).error)).toContain("UTHO_ROTATION_INCOMPLETE");
    expect(rig.state.leaving).toEqual(["1002"]);
    rig.simulator.faults.clear();
    expect(await rig.up(gone)).toMatchObject({ error: undefined, writes: ["snapshot.delete"] });
    expect([rig.names("1001"), rig.names("1002"), rig.names("1003")].map((names) => names.length)).toEqual([
      1, 0, 1,
    ]);
    expect(await rig.up(gone)).toMatchObject({ changed: false });
  });

  it("reports one error for a failure of all servers, and leaves the state as it was", async () => {
    rig = await RotationRig.start({ servers: SERVERS.slice(0, 3) });
    const program = { ...FLEET, cloudIds: ["1001", "1002", "1003"] };
    rig.simulator.faults.add({ operation: "*", phase: "before", kind: { status: 401 }, times: "always" });
    expect((await rig.up(program)).error?.message).toMatch(/^UTHO_AUTH: /);
    expect(rig.inputs).toBeUndefined();
    rig.simulator.faults.clear();
    expect((await rig.up({ ...program, cloudIds: ["1099"] })).error?.message).toMatch(
      /^UTHO_SERVER_NOT_FOUND: /,
    );
    expect(rig.inputs).toBeUndefined();
    await rig.up(program);
    const before = rig.outs;
    rig.advance(DAY);
    rig.simulator.faults.add({ operation: "*", phase: "before", kind: { status: 401 }, times: "always" });
    expect((await rig.up(program)).error?.message).toMatch(/^UTHO_AUTH: /);
    expect(rig.outs).toBe(before);
  });

  it("misses what went with its server, since the others show whose account it is", async () => {
    rig = await RotationRig.start({ servers: SERVERS.slice(0, 2) });
    const both = { ...FLEET, cloudIds: ["1001", "1002"], keep: { last: 2 } };
    const hidden = { operation: "account.info", phase: "before", kind: { status: 404 } } as const;
    rig.simulator.faults.add({ ...hidden, times: "always" });
    await rig.up(both);
    const lost = rig.simulator.cloud.snapshots().find(({ cloudId }) => cloudId === "1002")?.id ?? "";
    rig.simulator.cloud.deleteSnapshot(lost);
    rig.simulator.cloud.removeServer("1002");
    expect((await rig.preview(both)).said.join()).not.toContain("could not be asked");
    expect(await rig.refresh()).toBe(true);
    expect(rig.outs).toMatchObject({ losses: { [`1002/${lost}`]: { serverName: "server-1" } } });
  });

  it("manages more than 1,000 snapshots, by one listing a look", async () => {
    rig = await RotationRig.start({ servers: SERVERS.slice(0, 2) });
    await rig.up({ ...FLEET, cloudIds: ["1001", "1002"], keep: { last: -1 } });
    const mark = parseGeneratedName(rig.names("1001")[0] ?? "")?.mark;
    for (let hour = 1; hour <= 1_200; hour += 1) {
      const time = new Date(rig.now() - hour * 3_600_000).toISOString();
      const name = `prod-nightly-${time.replace(/[-:]/g, "").replace(/\.\d+Z$/, "Z")}-${mark}`;
      rig.simulator.cloud.addSnapshot({ cloudId: "1001", name, createdAt: time });
    }
    const pages = Math.ceil(1_202 / rig.simulator.cloud.settings().maxPerPage);
    rig.simulator.requests.clear();
    expect(await rig.refresh()).toBe(false);
    expect(rig.simulator.requests.count()).toBeLessThanOrEqual(pages + 2);
    expect(rig.state.snapshots).toHaveLength(1_202);
    const program = { ...FLEET, cloudIds: ["1001", "1002"], keep: { last: 1_190 } };
    rig.simulator.requests.clear();
    expect(await rig.up(program)).toMatchObject({
      error: undefined,
      writes: Array(11).fill("snapshot.delete"),
    });
    expect(rig.names("1001")).toHaveLength(1_190);
    expect(await rig.up(program)).toMatchObject({ changed: false });
  });
});

describe("a rotation for each server", () => {
  it("uses what was listed for the others, also where one of them has written since", async () => {
    const settings = { snapshotDurationMs: 20 };
    const simulator = await startSimulator({ servers: SERVERS.slice(0, 3), settings });
    try {
      const { provider } = rigFor(simulator, (runtime) => new RotationLifecycle(runtime), {
        "utho:pollInterval": "3s",
      });
      const urn = "urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:SnapshotRotation::of";
      const begun: Promise<unknown>[] = [];
      for (const cloudId of ["1001", "1002", "1003"]) {
        const program = { cloudId, every: "24h", keep: { last: 1 }, resourceUrn: `${urn}-${cloudId}` };
        const { inputs } = await provider.check({}, program);
        begun.push(provider.create(inputs));
        while (simulator.requests.count("snapshot.create") < begun.length) await delay(5);
        // For what is announced, the first one's look, and the first after its snapshot was asked for.
        while (simulator.requests.count("snapshot.listByDeploy") < 3) await delay(5);
      }
      expect(simulator.requests.counts()).toMatchObject({ "snapshot.listByDeploy": 3, "server.list": 1 });
      await Promise.all(begun);
      expect(simulator.cloud.snapshots()).toHaveLength(3);
    } finally {
      await simulator.close();
    }
  });
});
