import { describe, expect, it } from "vitest";
import type { Report, SnapshotEntry } from "../../../../cli/report/model";
import { rotationName } from "../../../../provider/rotation/members";
import { keptName } from "../../../../provider/utho/keep";
import { RESTORE_TYPE, ROTATION_TYPE, SNAPSHOT_TYPE } from "../../../../sdk/forwarder";
import { declared, exportOf, Scene, urnOf } from "./scene";

const DAY_MS = 86_400_000;

function entryOf(report: Report, snapshotId: string): SnapshotEntry {
  const entry = report.snapshots.find((one) => one.snapshotId === snapshotId);
  if (entry === undefined) throw new Error(`no entry for ${snapshotId}`);
  return entry;
}

/** A rotation of stack prod whose state lists this snapshot. */
function rotationOf(id: string, name: string) {
  const one = { id, cloudId: "1001", name, takenAt: "2026-02-28T02:00:00Z", status: "Active", reasons: [] };
  const outputs = {
    ...{ cloudIds: ["1001"], every: "24h", keep: { daily: 7 }, mark: "a1b2c3", prefixes: ["prod-nightly"] },
    ...{ snapshots: { [id]: one }, recorded: [id] },
  };
  return { urn: urnOf("prod", "nightly", ROTATION_TYPE), type: ROTATION_TYPE, id: "n", outputs };
}

function kindsOf({ findings }: Report): string[] {
  return findings.map(({ kind }) => kind);
}

describe("a snapshot", () => {
  it("that is unchanged is in sync, and nothing is found", async () => {
    const scene = await Scene.begin();
    const web = scene.take("prod", "web", "1001");
    const db = scene.take("prod", "db", "1002");
    const { code, report } = await scene.report([
      exportOf("prod", [declared("prod", "web", web), declared("prod", "db", db)]),
    ]);
    expect(code).toBe(0);
    expect(report.findings).toEqual([]);
    expect(entryOf(report, web.id)).toMatchObject({
      id: `1001/${web.id}`,
      state: "in-sync",
      serverName: "web-1",
      sizeGb: 50,
      monthlyCost: 200,
      usable: true,
      owners: [{ stack: "prod", kind: "Snapshot", name: "web" }],
    });
    expect(report.totals).toMatchObject({
      account: { count: 2, sizeGb: 130, monthlyCost: 520 },
      unmanaged: { count: 0, sizeGb: 0, monthlyCost: 0 },
      servers: { covered: 2, stale: 0, uncovered: 0 },
    });
  });

  it("that was renamed or has another size has drifted, with the property, from and to", async () => {
    const scene = await Scene.begin();
    const renamed = scene.take("prod", "web", "1001");
    const resized = scene.take("prod", "db", "1002");
    const states = [exportOf("prod", [declared("prod", "web", renamed), declared("prod", "db", resized)])];
    scene.simulator.cloud.renameSnapshot(renamed.id, "by hand");
    scene.simulator.cloud.setSize(resized.id, 81);
    const { code, report } = await scene.report(states);
    expect(code).toBe(1);
    expect(entryOf(report, renamed.id)).toMatchObject({
      state: "drifted",
      drift: [{ property: "name", from: renamed.name, to: "by hand" }],
    });
    expect(entryOf(report, resized.id).drift).toEqual([{ property: "sizeGb", from: 80, to: 81 }]);
    expect(kindsOf(report)).toEqual(["drift", "drift"]);
  });

  it("that is not Active any more has drifted, and one whose status says failure has failed", async () => {
    const scene = await Scene.begin();
    const pending = scene.take("prod", "web", "1001");
    const failed = scene.take("prod", "db", "1002");
    const states = [exportOf("prod", [declared("prod", "web", pending), declared("prod", "db", failed)])];
    scene.simulator.cloud.setStatus(pending.id, "Pending");
    scene.simulator.cloud.failSnapshot(failed.id);
    const { code, report } = await scene.report(states);
    expect(code).toBe(1);
    expect(entryOf(report, pending.id).drift).toEqual([
      { property: "status", from: "Active", to: "Pending" },
    ]);
    expect(entryOf(report, failed.id)).toMatchObject({ state: "failed", status: "Error", usable: false });
    expect(report.totals.servers).toEqual({ covered: 0, stale: 0, uncovered: 2 });
  });

  it("that is gone is missing, and costs nothing; its server was asked too", async () => {
    const scene = await Scene.begin();
    const gone = scene.take("prod", "web", "1001");
    scene.simulator.cloud.deleteSnapshot(gone.id);
    const { code, report } = await scene.report([exportOf("prod", [declared("prod", "web", gone)])]);
    expect(code).toBe(1);
    expect(entryOf(report, gone.id)).toMatchObject({ state: "missing", exists: false, sizeGb: 50 });
    expect(report.totals.account).toEqual({ count: 0, sizeGb: 0, monthlyCost: 0 });
    expect(scene.simulator.requests.counts()).toEqual({
      "server.list": 1,
      "snapshot.listByDeploy": 1,
      "server.read": 1,
    });
  });

  it("that only the account's listing lacks is there", async () => {
    const scene = await Scene.begin({ settings: { bulkListingLacks: 1 } });
    const web = scene.take("prod", "web", "1001");
    const { code, report } = await scene.report([exportOf("prod", [declared("prod", "web", web)])]);
    expect(entryOf(report, web.id)).toMatchObject({ state: "in-sync", exists: true });
    expect(code).toBe(0);
  });

  it("in no stack is unmanaged, counted by its cost, and fails only on request", async () => {
    const scene = await Scene.begin();
    const web = scene.take("prod", "web", "1001");
    const unmanaged = scene.simulator.cloud.addSnapshot({ cloudId: "1002", name: "by hand" });
    const states = [exportOf("prod", [declared("prod", "web", web)])];
    const { code, report } = await scene.report(states);
    expect(code).toBe(0);
    expect(entryOf(report, unmanaged.id)).toMatchObject({ state: "unmanaged", owners: [] });
    expect(report.totals.unmanaged).toEqual({ count: 1, sizeGb: 80, monthlyCost: 320 });
    expect((await scene.report(states, "--fail-on", "unmanaged")).code).toBe(1);
  });

  it("of another stack is unmanaged only as long as that stack is not given", async () => {
    const scene = await Scene.begin();
    const web = scene.take("prod", "web", "1001");
    const test = scene.take("test", "web", "1001");
    const prod = exportOf("prod", [declared("prod", "web", web)]);
    const both = [prod, exportOf("test", [declared("test", "web", test)])];
    expect((await scene.report([prod])).report.totals.unmanaged.count).toBe(1);
    expect((await scene.report(both)).report.totals.unmanaged.count).toBe(0);
  });

  it("that a stack only reads stays unmanaged, and the finding names the reader", async () => {
    const scene = await Scene.begin();
    const golden = scene.simulator.cloud.addSnapshot({ cloudId: "1001", name: "golden" });
    const { report } = await scene.report([
      exportOf("prod", [declared("prod", "golden", golden, { external: true })]),
    ]);
    expect(entryOf(report, golden.id)).toMatchObject({ state: "unmanaged", readBy: ["prod"] });
  });

  it("that two stacks own is reported", async () => {
    const scene = await Scene.begin();
    const web = scene.take("prod", "web", "1001");
    const { report } = await scene.report([
      exportOf("prod", [declared("prod", "web", web)]),
      exportOf("test", [declared("test", "web", web)]),
    ]);
    expect(entryOf(report, web.id).owners).toHaveLength(2);
    expect(report.notes).toEqual([expect.stringContaining("is owned more than once")]);
    expect(report.notes.join()).toContain("whichever goes first deletes it");
  });

  it.each([
    ["prod", "the rotation leaves it."],
    [
      "test",
      "nightly of stack prod deletes it once its policy does not keep it, and knows nothing of another",
    ],
  ])("that a rotation of stack prod and a Snapshot of stack %s own is reported", async (stack, says) => {
    const scene = await Scene.begin();
    const web = scene.take("prod", "web", "1001");
    const rotation = rotationOf(`1001/${web.id}`, web.name);
    const resources = stack === "prod" ? [rotation, declared("prod", "web", web)] : [rotation];
    const more = stack === "prod" ? [] : [exportOf("test", [declared("test", "web", web)])];
    const { report } = await scene.report([exportOf("prod", resources), ...more]);
    expect(report.notes.join()).toContain(says);
  });

  it("that a rotation had left to its adopter, which has deleted it, is no loss", async () => {
    const scene = await Scene.begin();
    const rotation = rotationOf("1001/4999", "prod-nightly-20260228t020000z-a1b2c3");
    const found = async (outputs: object) => {
      const { report } = await scene.report([
        exportOf("prod", [{ ...rotation, outputs: { ...rotation.outputs, ...outputs } }]),
      ]);
      return report.findings.filter(({ kind }) => kind === "missing").length;
    };
    expect(await found({})).toBe(1);
    expect(await found({ spared: ["1001/4999"] })).toBe(0);
  });
});

describe("what an interrupted run left", () => {
  it("is recognised by the generated name of the pending create, and is not unmanaged", async () => {
    const scene = await Scene.begin();
    const left = scene.take("prod", "web", "1001");
    const urn = urnOf("prod", "web");
    const pending = {
      type: "creating",
      resource: { urn, type: SNAPSHOT_TYPE, inputs: { cloudId: "1001", name: left.name } },
    };
    const { code, report } = await scene.report([exportOf("prod", [], [pending])]);
    expect(code).toBe(1);
    expect(entryOf(report, left.id)).toMatchObject({ state: "interrupted", owners: [{ urn }] });
    expect(report.pending).toEqual([
      { stack: "prod", urn, operation: "creating", cloudId: "1001", snapshotIds: [`1001/${left.id}`] },
    ]);
    expect(report.totals.unmanaged.count).toBe(0);
  });

  it("is reported even when nothing of it can be seen, and does not claim an earlier snapshot that was kept", async () => {
    const scene = await Scene.begin();
    const kept = scene.take("prod", "web", "1001", DAY_MS);
    const live = scene.take("prod", "web", "1001");
    const urn = urnOf("prod", "web");
    const state = declared("prod", "web", live);
    const pending = {
      type: "creating",
      resource: { urn, type: SNAPSHOT_TYPE, inputs: { cloudId: "1001", mark: "a1b2c3" } },
    };
    const { report } = await scene.report([exportOf("prod", [state], [pending])]);
    expect(entryOf(report, kept.id).state).toBe("unmanaged");
    expect(report.pending).toMatchObject([{ snapshotIds: [] }]);
    expect(report.findings).toContainEqual(
      expect.objectContaining({ kind: "interrupted", subject: { urn, server: "1001" } }),
    );
  });

  it("is a replaced snapshot whose deletion is owed, and one whose creation ended with an error", async () => {
    const scene = await Scene.begin();
    const owed = scene.take("prod", "web", "1001");
    const broken = scene.take("prod", "db", "1002");
    const { report } = await scene.report([
      exportOf("prod", [
        declared("prod", "web", owed, { delete: true }),
        declared("prod", "db", broken, { initErrors: ["not Active in time"] }),
      ]),
    ]);
    expect(entryOf(report, owed.id)).toMatchObject({
      state: "interrupted",
      detail: expect.stringContaining("owed"),
    });
    expect(entryOf(report, broken.id).state).toBe("interrupted");
  });

  it("is the safety snapshot of a restore that was killed", async () => {
    const scene = await Scene.begin();
    const urn = urnOf("prod", "back", RESTORE_TYPE);
    const owner = { urn, mark: "a1b2c3" };
    const left = scene.simulator.cloud.addSnapshot({
      cloudId: "1001",
      name: keptName({ ...owner, purpose: "before" }, scene.simulator.cloud.now()),
    });
    const pending = {
      type: "creating",
      resource: { urn, type: RESTORE_TYPE, inputs: { snapshotId: "1001/5001", mark: owner.mark } },
    };
    const { report } = await scene.report([exportOf("prod", [], [pending])]);
    expect(entryOf(report, left.id)).toMatchObject({
      state: "interrupted",
      owners: [{ kind: "SnapshotRestore" }],
    });
  });

  it("is a rotation's snapshot that its state does not list", async () => {
    const scene = await Scene.begin();
    const urn = urnOf("prod", "nightly", ROTATION_TYPE);
    const left = scene.simulator.cloud.addSnapshot({
      cloudId: "1002",
      name: rotationName("prod-nightly", "a1b2c3", scene.simulator.cloud.now()),
    });
    const inputs = { cloudIds: ["1001", "1002"], ownPrefix: "prod-nightly", mark: "a1b2c3" };
    const pending = { type: "updating", resource: { urn, type: ROTATION_TYPE, id: "r", inputs } };
    const { report } = await scene.report([exportOf("prod", [], [pending])]);
    expect(entryOf(report, left.id)).toMatchObject({
      state: "interrupted",
      owners: [{ kind: "SnapshotRotation" }],
    });
  });
});

describe("what other resources own", () => {
  it("is the safety snapshot of a restore", async () => {
    const scene = await Scene.begin();
    const safety = scene.simulator.cloud.addSnapshot({ cloudId: "1001", name: "before" });
    const outputs = {
      snapshotId: "1001/1",
      cloudId: "1001",
      safetySnapshotId: `1001/${safety.id}`,
      safetySnapshotName: "before",
    };
    const restore = { urn: urnOf("prod", "back", RESTORE_TYPE), type: RESTORE_TYPE, id: "back", outputs };
    const states = [exportOf("prod", [restore])];
    const { report } = await scene.report(states);
    expect(entryOf(report, safety.id)).toMatchObject({
      state: "in-sync",
      owners: [{ kind: "SnapshotRestore" }],
    });
    scene.simulator.cloud.deleteSnapshot(safety.id);
    expect(kindsOf((await scene.report(states)).report)).toContain("missing");
  });

  it("is each snapshot of a rotation", async () => {
    const scene = await Scene.begin();
    const [first, second, third] = [1, 2, 3].map((day) =>
      scene.simulator.cloud.addSnapshot({
        cloudId: "1001",
        name: rotationName("prod-nightly", "a1b2c3", scene.simulator.cloud.now() - day * DAY_MS),
      }),
    );
    const listed = [first, second, third].flatMap((one) => one ?? []);
    const snapshots = listed.map(({ id, cloudId, name, sizeGb }) => {
      return {
        id: `${cloudId}/${id}`,
        cloudId,
        name,
        takenAt: "2026-11-20T00:00:00Z",
        status: "Active",
        sizeGb,
      };
    });
    const outputs = { snapshots, recorded: snapshots.map(({ id }) => id) };
    const states = [
      exportOf("prod", [
        { urn: urnOf("prod", "nightly", ROTATION_TYPE), type: ROTATION_TYPE, id: "r", outputs },
      ]),
    ];
    const { code, report } = await scene.report(states);
    expect(code).toBe(0);
    expect(report.snapshots.map(({ state }) => state)).toEqual(["in-sync", "in-sync", "in-sync"]);
    scene.simulator.cloud.deleteSnapshot(first?.id ?? "");
    scene.simulator.cloud.renameSnapshot(second?.id ?? "", "else");
    scene.simulator.cloud.failSnapshot(third?.id ?? "");
    expect(kindsOf((await scene.report(states)).report)).toEqual([
      "missing",
      "failed",
      "drift",
      "uncovered",
      "stale",
    ]);
  });
});

describe("coverage", () => {
  it("counts usable snapshots only, reports the recovery point, and separates stale from uncovered", async () => {
    const scene = await Scene.begin({
      servers: ["1001", "1002", "1003"].map((cloudId) => ({ cloudId, hostname: `s-${cloudId}`, diskGb: 10 })),
    });
    const old = scene.take("prod", "old", "1001", 3 * DAY_MS);
    const young = scene.take("prod", "young", "1001", DAY_MS / 2);
    const failed = scene.take("prod", "failed", "1002");
    scene.simulator.cloud.failSnapshot(failed.id);
    const states = [exportOf("prod", [declared("prod", "old", old), declared("prod", "young", young)])];
    const covered = (await scene.report(states)).report.servers;
    expect(covered.map(({ coverage }) => coverage)).toEqual(["covered", "uncovered", "uncovered"]);
    expect(covered[0]?.recoveryPoint).toMatchObject({ id: `1001/${young.id}` });
    expect(covered[0]?.recoveryPoint?.ageSeconds).toBeGreaterThanOrEqual(DAY_MS / 2000);

    const { code, report } = await scene.report(states, "--max-age", "6h", "--fail-on", "stale");
    expect(report.servers[0]?.coverage).toBe("stale");
    expect(code).toBe(1);
  });

  it("counts snapshots whose status no listing shows, and says so", async () => {
    const scene = await Scene.begin({
      settings: { accountListing: "absent404", snapshotListing: "absent" },
    });
    const web = scene.take("prod", "web", "1001");
    const { report } = await scene.report([exportOf("prod", [declared("prod", "web", web)])]);
    expect(report.servers.find(({ cloudId }) => cloudId === "1001")?.coverage).toBe("covered");
    expect(report.notes).toEqual([expect.stringContaining("no status for 1 of 1")]);
  });
});
