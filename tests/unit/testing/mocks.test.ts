import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it } from "vitest";
import * as provider from "../../../provider";
import * as utho from "../../../sdk";
import { fixtures, type UthoMocks, type UthoMocksOptions, uthoMocks } from "../../../testing";
import { BEHIND } from "../../../testing/providers";

const NOW = "2026-11-24T03:00:00Z";

let mocks: UthoMocks;

async function open(options: UthoMocksOptions = {}): Promise<UthoMocks> {
  mocks = await uthoMocks({ now: NOW, ...options });
  return mocks;
}

afterEach(() => mocks.close());

describe("a program under uthoMocks", () => {
  it("gets the ids and outputs of a real run", async () => {
    await open(fixtures.twoServers);
    const program = () => {
      const { id, name, status, createdAt, ...rest } = new utho.Snapshot("web", { cloudId: "1001" });
      const { serverName, sizeGb, monthlyCost, costCurrency, location } = rest;
      return { id, name, status, createdAt, serverName, sizeGb, monthlyCost, costCurrency, location };
    };
    const outputs = await mocks.run(() => program, { project: "shop", stack: "prod" });
    expect(outputs).toEqual({
      id: "1001/5001",
      name: expect.stringMatching(/^prod-web-[0-9a-f]{6}-20261124t030000z$/),
      status: "Active",
      createdAt: NOW,
      serverName: "web-1",
      sizeGb: 50,
      monthlyCost: 200,
      costCurrency: "INR",
      location: expect.any(String),
    });
    expect(mocks.simulator.cloud.snapshots()).toMatchObject([{ id: "5001", name: outputs.name }]);
    expect(mocks.declared).toMatchObject([
      { kind: "Snapshot", name: "web", inputs: { cloudId: "1001" }, read: false, id: "1001/5001" },
    ]);
    expect(Object.keys(mocks.declared[0]?.inputs ?? {})).toEqual(["cloudId"]);
  });

  it("restores and clones in the simulated Utho, in the order of their dependencies", async () => {
    await open(fixtures.snapshotOfEach);
    const outputs = await mocks.run(() => () => {
      const restore = new utho.SnapshotRestore("undo", { snapshot: "1001/5001" });
      const kept = new utho.Snapshot("kept", { cloudId: restore.cloudId, triggers: [restore.restoredAt] });
      const copy = new utho.ServerClone("copy", { snapshot: kept.id, hostname: "copy-1", planId: "10045" });
      return { safety: restore.safetySnapshotId, ip: copy.ipv4, password: copy.password };
    });
    const { cloud } = mocks.simulator;
    expect(cloud.server("1001").contents).toBe("web-1 as it was good");
    const copy = cloud.servers().find(({ hostname }) => hostname === "copy-1");
    expect(copy).toMatchObject({ contents: "web-1 as it was good", powerState: "Running" });
    expect(outputs).toEqual({ safety: "1001/5003", ip: copy?.ip, password: copy?.rootPassword });
    expect(mocks.declared.map(({ kind }) => kind)).toEqual(["SnapshotRestore", "Snapshot", "ServerClone"]);
  });

  it("rotates: takes what is due for each server, and says when the next one is", async () => {
    await open(fixtures.twoServers);
    const outputs = await mocks.run(() => () => {
      const cloudIds = ["1001", "1002"];
      const nightly = new utho.SnapshotRotation("nightly", { cloudIds, every: "24h", keep: { daily: 7 } });
      return { newest: nightly.newest, nextDue: nightly.nextDue };
    });
    const ids = mocks.simulator.cloud.snapshots().map(({ cloudId, id }) => [cloudId, `${cloudId}/${id}`]);
    expect(ids).toHaveLength(2);
    expect(outputs.newest).toEqual(Object.fromEntries(ids));
    expect(outputs.nextDue).toBe("2026-11-25T00:00:00Z");
    expect(mocks.declared).toMatchObject([
      { kind: "SnapshotRotation", inputs: { cloudIds: ["1001", "1002"], keep: { daily: 7 } } },
    ]);
    expect(Object.keys(mocks.declared[0]?.inputs ?? {}).sort()).toEqual(["cloudIds", "every", "keep"]);
  });

  it("rotates in a window that is open, and waits for one that is not", async () => {
    await open(fixtures.twoServers);
    const outputs = await mocks.run(() => () => {
      const args = { every: "24h", keep: { daily: 7 }, timeZone: "Asia/Kolkata" };
      // The clock of the mocks shows 08:30 in India.
      const open = new utho.SnapshotRotation("open", {
        ...args,
        cloudId: "1001",
        between: ["08:00", "09:00"],
      });
      const closed = new utho.SnapshotRotation("closed", {
        ...args,
        cloudId: "1002",
        between: ["22:00", "04:00"],
      });
      return { open: open.nextDue, closed: closed.nextDue };
    });
    expect(outputs).toEqual({ open: "2026-11-25T02:30:00Z", closed: "2026-11-24T16:30:00Z" });
    expect(mocks.simulator.cloud.snapshots().map(({ cloudId }) => cloudId)).toEqual(["1001"]);
  });

  it("has its look-ups answered from the same Utho, with what it has made itself", async () => {
    await open(fixtures.snapshotOfEach);
    const outputs = await mocks.run(() => async () => {
      const { servers } = await utho.getServers();
      const web = await utho.getServer({ name: "web-1" });
      const before = await utho.getSnapshot({ cloudId: web.cloudId });
      const made = new utho.Snapshot("web", { cloudId: web.cloudId, triggers: [before.id] });
      const after = utho.getSnapshotsOutput({ cloudId: made.cloudId });
      return {
        servers: servers.length,
        before: before.id,
        after: after.snapshots.apply((all) => all.length),
      };
    });
    expect(outputs).toEqual({ servers: 2, before: "1001/5001", after: 2 });
    await expect(mocks.run(() => async () => utho.getServer({ name: "mail-1" }))).rejects.toThrow(
      /UTHO_LOOKUP_NONE.*2 servers in the account, 0 left after name "mail-1"/s,
    );
  });

  it("reads what it does not own, and counts it as read", async () => {
    await open(fixtures.snapshotOfEach);
    const outputs = await mocks.run(() => () => {
      const theirs = utho.Snapshot.get("theirs", "1002/5002");
      return { id: theirs.id, name: theirs.name };
    });
    expect(outputs).toEqual({ id: "1002/5002", name: "db-1 by hand" });
    expect(mocks.declared).toMatchObject([{ read: true, id: "1002/5002" }]);
    expect(mocks.simulator.requests.count("snapshot.create")).toBe(0);
  });

  it("sees secrets in clear where the test looks, and keeps them secret in its outputs", async () => {
    await open(fixtures.snapshotOfEach);
    let secret: Promise<boolean> | undefined;
    await mocks.run(() => () => {
      const snapshot = new utho.Snapshot("web", {
        cloudId: pulumi.secret("1001"),
        triggers: [pulumi.secret("x")],
      });
      const copy = new utho.ServerClone("copy", {
        snapshot: "1001/5001",
        hostname: "copy",
        planId: "10045",
      });
      secret = Promise.all([snapshot.cloudId, copy.password].map(pulumi.isSecret)).then((all) =>
        all.every(Boolean),
      );
      return {};
    });
    // Which of the two is registered first is Pulumi's business.
    const taken = mocks.declared.find(({ kind }) => kind === "Snapshot");
    expect(taken?.inputs).toEqual({ cloudId: "1001", triggers: ["x"] });
    expect(await secret).toBe(true);
  });
});

describe("what would fail in a real run", () => {
  it("fails under uthoMocks with the same code, once, and names the resource", async () => {
    await open();
    const refused = (args: utho.SnapshotArgs) => mocks.run(() => () => void new utho.Snapshot("web", args));
    await expect(refused({ cloudId: "web-1" })).rejects.toThrow(/^Snapshot "web": UTHO_INPUT_CLOUD_ID: /);
    await expect(refused({ cloudId: "7777" })).rejects.toThrow(/^Snapshot "web": UTHO_SERVER_NOT_FOUND: /);
    expect(mocks.declared.map(({ failure }) => failure?.split(": ")[1])).toEqual([
      "UTHO_INPUT_CLOUD_ID",
      "UTHO_SERVER_NOT_FOUND",
    ]);
    const lossy = () => () =>
      void new utho.SnapshotRestore("undo", { snapshot: "1001/5001", safetySnapshot: false });
    await expect(mocks.run(lossy)).rejects.toThrow("UTHO_RESTORE_DATA_LOSS");
    expect(mocks.simulator.cloud.snapshots()).toEqual([]);
    const again = await mocks.run(() => () => ({ id: new utho.Snapshot("web", { cloudId: "1001" }).id }));
    expect(again).toEqual({ id: "1001/5001" });
  });

  it("is a failed snapshot when the test orders one, without waiting in real time", async () => {
    await open({ settings: { snapshotDurationMs: 600_000, snapshotOutcome: "never" } });
    const program = () => () => void new utho.Snapshot("web", { cloudId: "1001" });
    await expect(mocks.run(program)).rejects.toThrow("UTHO_SNAPSHOT_NOT_READY");
    mocks.simulator.cloud.endOperations("1002");
    mocks.simulator.cloud.setSettings({ snapshotOutcome: "failed" });
    mocks.simulator.cloud.nextOutcome({ of: "snapshot", outcome: "failed" });
    const other = () => () => void new utho.Snapshot("db", { cloudId: "1002" });
    await expect(mocks.run(other)).rejects.toThrow("UTHO_SNAPSHOT_FAILED");
  });

  it("is a setting that cannot be used", async () => {
    await open({ config: { "utho:takeoverWindow": "soon" } });
    const program = () => () => void new utho.Snapshot("web", { cloudId: "1001" });
    await expect(mocks.run(program)).rejects.toThrow("UTHO_CONFIG_INVALID");
  });
});

describe("a preview under uthoMocks", () => {
  it("makes nothing, knows no ids, and still refuses bad inputs", async () => {
    await open();
    const program = () => () => {
      const made = new utho.Snapshot("web", { cloudId: "1001" });
      const next = new utho.Snapshot("next", { cloudId: "1002", triggers: [made.id] });
      const restore = new utho.SnapshotRestore("undo", { snapshot: made.id });
      return { id: next.id, at: restore.restoredAt };
    };
    expect(await mocks.run(program, { preview: true })).toEqual({ id: undefined, at: undefined });
    expect(mocks.declared.map(({ name }) => name).sort()).toEqual(["next", "undo", "web"]);
    expect(mocks.declared.every(({ id }) => id === undefined)).toBe(true);
    expect(mocks.simulator.cloud.snapshots()).toEqual([]);
    const bad = () => () => void new utho.Snapshot("bad", { cloudId: "" });
    await expect(mocks.run(bad, { preview: true })).rejects.toThrow("UTHO_INPUT_CLOUD_ID");
  });
});

describe("beside other providers", () => {
  class Bucket extends pulumi.CustomResource {
    declare readonly region: pulumi.Output<string>;
    constructor(name: string) {
      super("aws:s3/bucket:Bucket", name, { region: undefined });
    }
  }

  it("their resources and calls are answered by the fallback", async () => {
    await open({
      fallback: {
        newResource: ({ name }) => ({ id: `bucket-${name}`, state: { region: "ap-south-1" } }),
        call: ({ token }) => ({ token }),
      },
    });
    const outputs = await mocks.run(() => async () => {
      const bucket = new Bucket("logs");
      const said: { token: string } = await pulumi.runtime.invoke("aws:index:getRegion", {});
      new utho.Snapshot("web", { cloudId: "1001", triggers: [bucket.region] });
      return { id: bucket.id, region: bucket.region, said: said.token };
    });
    expect(outputs).toEqual({ id: "bucket-logs", region: "ap-south-1", said: "aws:index:getRegion" });
    expect(mocks.declared).toMatchObject([{ name: "web", inputs: { triggers: ["ap-south-1"] } }]);
  });

  it("without one their resources echo their inputs, and a call is an error that says what to do", async () => {
    await open();
    expect(await mocks.run(() => () => ({ id: new Bucket("logs").id }))).toEqual({ id: "logs-id" });
    await expect(mocks.run(() => () => pulumi.runtime.invoke("aws:index:getRegion", {}))).rejects.toThrow(
      /UTHO_TEST_NO_ANSWER.*fallback/s,
    );
  });
});

it("what stands behind the mocks is all that the engine's plugin can load", async () => {
  await open();
  const kinds = Object.values(BEHIND).map(({ kind }) => kind);
  const loadable = Object.keys(provider).map((name) => name.charAt(0).toUpperCase() + name.slice(1));
  expect(kinds.sort()).toEqual(loadable.sort());
});
