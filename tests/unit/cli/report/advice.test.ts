import { afterEach, describe, expect, it } from "vitest";
import { adviceOnOwned, adviceOnUnmanaged, type Fate } from "../../../../cli/report/advice";
import type { Finding, SnapshotEntry } from "../../../../cli/report/model";
import type { Owner } from "../../../../cli/stack/ownership";
import { RestoreLifecycle } from "../../../../provider/restore/lifecycle";
import { SnapshotLifecycle } from "../../../../provider/snapshot/lifecycle";
import { CLONE_TYPE, ROTATION_TYPE } from "../../../../sdk/forwarder";
import { startSimulator } from "../../../../simulator";
import { rigFor } from "../../provider/lifecycle-rig";
import { DAY, RotationRig } from "../../provider/rotation/rotation-rig";
import { exportOf, Scene, urnOf } from "./scene";

const UNMANAGED: SnapshotEntry = {
  ...{ id: "1001/5001", snapshotId: "5001", cloudId: "1001", name: "n", state: "unmanaged", detail: "" },
  ...{
    status: null,
    usable: false,
    exists: true,
    serverName: null,
    serverExists: true,
    drift: [],
    owners: [],
  },
  ...{ sizeGb: null, monthlyCost: null, createdAt: null, ageSeconds: null, readBy: [] },
};

function advised(
  kind: Owner["kind"],
  fate: Fate,
  drift: SnapshotEntry["drift"] = [],
  serverExists = true,
  rotation: { urn?: string; paused?: boolean } = {},
  name = "nightly",
): string {
  const owner: Owner = { stack: "prod", urn: "urn", kind, name };
  const keeper = { ...owner, paused: false, ...rotation };
  const keepers = { rotations: new Map([["1001", keeper]]), clones: new Map(), encrypted: [] };
  return adviceOnOwned(
    fate,
    { ...UNMANAGED, state: "drifted", serverExists, drift, owners: [owner] },
    keepers,
  );
}

it("writes out a backtick in a name, since those in advice mean code", () => {
  const drift = [{ property: "name", from: "b`c", to: "n" }];
  const advice = (["Snapshot", "SnapshotRotation", "SnapshotRestore"] as const).flatMap((kind) =>
    (["missing", "failed", "drift"] as const).flatMap((fate) =>
      [{}, { urn: "another" }, { paused: true }].map((one) => advised(kind, fate, drift, true, one, "a`b")),
    ),
  );
  expect(advice.filter((text) => /[ab]`[bc]/.test(text))).toEqual([]);
  expect(advice.filter((text) => text.includes("a\\u{60}b")).length).toBeGreaterThan(5);
  expect(advice.filter((text) => text.includes("b\\u{60}c")).length).toBeGreaterThan(0);
});

it("never advises to take in a snapshot that has failed, and names none of many by its id", () => {
  const adviceOn = (status: string, name: string) => adviceOnUnmanaged({ ...UNMANAGED, status, name });
  expect(adviceOn("Error", "by hand")).toMatch(/^Delete it in Utho's console: it has failed/);
  for (const name of ["by hand", "prod-nightly-a1b2c3-20261124t020000z"]) {
    expect(adviceOn("Error", name)).not.toContain("adopt");
    expect(adviceOn("Active", name)).toContain("pulumi-utho adopt --stack <stack> <id>");
    expect(adviceOn("Active", name)).not.toContain(UNMANAGED.snapshotId);
  }
});

describe("the advice on a rotation's snapshot", () => {
  const DAILY = { cloudId: "1001", every: "24h", keep: { last: 3 } };
  let rig: RotationRig;
  afterEach(() => rig.simulator.close());

  async function ranFor(days: number): Promise<string> {
    rig = await RotationRig.start();
    for (let day = 0; day < days; day += 1) {
      if (day > 0) rig.advance(DAY);
      expect((await rig.up(DAILY)).error).toBeUndefined();
    }
    return rig.state.snapshots[0]?.id.split("/")[1] ?? "";
  }

  it("that is missing is true: it is listed until it is acknowledged, and the next one is taken when due", async () => {
    const id = await ranFor(2);
    expect(advised("SnapshotRotation", "missing")).toContain(
      'only when it is due by what the state still lists. `acknowledgeLosses: ["1001/5001"]` in nightly ends this finding',
    );
    const [older] = rig.state.snapshots.slice(-1);
    rig.simulator.cloud.deleteSnapshot(older?.id.split("/")[1] ?? "");
    expect(id).not.toBe("");
    expect(await rig.refresh()).toBe(true);
    expect((await rig.up(DAILY)).writes).toEqual([]);
    expect(await rig.refresh()).toBe(false);
    expect(Object.keys(rig.state.losses ?? {})).toEqual([older?.id]);
    rig.advance(DAY);
    expect((await rig.up(DAILY)).writes).toEqual(["snapshot.create"]);
    await rig.up({ ...DAILY, acknowledgeLosses: [older?.id] });
    expect(rig.state.losses).toEqual({});
  });

  it("that is missing and was the only one is true: only a refresh lets the next one be taken at once", async () => {
    const id = await ranFor(1);
    expect(advised("SnapshotRotation", "missing")).toContain("`pulumi up --refresh` takes the next one now");
    rig.simulator.cloud.deleteSnapshot(id);
    expect((await rig.up(DAILY)).writes).toEqual([]);
    await rig.refresh();
    expect((await rig.up(DAILY)).writes).toEqual(["snapshot.create"]);
    expect(Object.keys(rig.state.losses ?? {})).toEqual([`1001/${id}`]);
    expect(advised("SnapshotRotation", "missing", [], false)).toContain("take the server out of `cloudIds`");
  });

  it.each(["missing", "failed"] as const)("that is %s promises no next one where none comes", (fate) => {
    const left = advised("SnapshotRotation", fate, [], true, { urn: "of another one" });
    expect(left).toContain("its server is no longer in nightly, which takes no more of it.");
    const paused = advised("SnapshotRotation", fate, [], true, { paused: true });
    expect(paused).toContain("nightly is paused and takes the next one only without `paused`.");
    const gone = advised("SnapshotRotation", fate, [], false, { urn: "of another one" });
    expect(gone).toContain("its server is gone, so there is no next one.");
    expect([left, paused, gone].join()).not.toContain("due");
  });

  it("is given for what its state calls lost or owed, and a pause is noted", async () => {
    const scene = await Scene.begin();
    const there = scene.simulator.cloud.addSnapshot({
      cloudId: "1001",
      name: "prod-nightly-20260301T020000Z-a1b2c3",
    });
    const entry = (id: string, name: string) => ({
      id,
      cloudId: "1001",
      name,
      takenAt: "2026-03-01T02:00:00Z",
    });
    const owed = `1001/${there.id}`;
    const outputs = {
      cloudIds: ["1001"],
      mark: "a1b2c3",
      prefixes: ["prod-nightly"],
      paused: true,
      snapshots: { [owed]: { ...entry(owed, there.name), status: "Active", reasons: [] } },
      losses: { "1001/4999": entry("1001/4999", "prod-nightly-20260228T020000Z-a1b2c3") },
      owed: [owed],
      recorded: [owed],
    };
    const urn = urnOf("prod", "nightly", ROTATION_TYPE);
    const { report } = await scene.report([
      exportOf("prod", [{ urn, type: ROTATION_TYPE, id: "n", outputs }]),
    ]);
    const about = (id: string) => report.findings.find(({ subject }) => subject.snapshot === id);
    expect(about("1001/4999")).toMatchObject({ kind: "missing", alarms: true });
    expect(about("1001/4999")?.title).not.toContain("no usable snapshot");
    scene.simulator.cloud.deleteSnapshot(there.id);
    scene.simulator.cloud.addSnapshot({ cloudId: "1001", name: "by hand" });
    const later = await scene.report([exportOf("prod", [{ urn, type: ROTATION_TYPE, id: "n", outputs }])]);
    expect(later.report.findings.map(({ title }) => title).join()).toContain(
      "; the rotation has no usable snapshot of this server left",
    );
    scene.simulator.cloud.removeServer("1001");
    const gone = await scene.report([exportOf("prod", [{ urn, type: ROTATION_TYPE, id: "n", outputs }])]);
    expect(gone.report.findings.map(({ next }) => next).join()).toContain(
      "take the server out of `cloudIds`",
    );
    expect(about("1001/4999")?.next).toContain('acknowledgeLosses: ["1001/4999"]');
    expect(about(owed)).toMatchObject({ kind: "interrupted" });
    expect(about(owed)?.title).toContain("was to be deleted and still exists");
    expect(report.notes.join("\n")).toContain("SnapshotRotation nightly of stack prod is paused");
    const replaced = { urn, type: ROTATION_TYPE, id: "n", outputs, delete: true };
    const without = await scene.report([exportOf("prod", [replaced])]);
    expect(without.report.notes.join("\n")).not.toContain("is paused");
  });

  it("that has failed is true: the next one is taken when due, and this one may remain", async () => {
    const id = await ranFor(2);
    expect(advised("SnapshotRotation", "failed")).toMatch(
      /takes the next one when that is due, .* delete it in Utho's console/,
    );
    rig.simulator.cloud.failSnapshot(id);
    expect(await rig.refresh()).toBe(true);
    rig.advance(DAY);
    expect((await rig.up(DAILY)).writes).toContain("snapshot.create");
    expect(rig.simulator.cloud.snapshots().some((one) => one.id === id)).toBe(true);
  });

  it("that was renamed is true: it leaves the rotation, is never deleted, and is back under its old name", async () => {
    const id = await ranFor(1);
    const name = rig.state.snapshots[0]?.name ?? "";
    const advice = advised("SnapshotRotation", "drift", [{ property: "name", from: name, to: "mine" }]);
    expect(advice).toContain(
      `Name it ${JSON.stringify(name)} again to keep it in; after that update, adopt it or delete it.`,
    );
    rig.simulator.cloud.renameSnapshot(id, "mine");
    await rig.refresh();
    const tight = { ...DAILY, keep: { last: 1 } };
    for (let day = 0; day < 3; day += 1) {
      await rig.up(tight);
      rig.advance(DAY);
    }
    expect(rig.names()).toContain("mine");
    expect(rig.state.snapshots.map((one) => one.name)).not.toContain("mine");
    rig.simulator.cloud.renameSnapshot(id, name);
    await rig.refresh();
    expect(rig.state.snapshots.map((one) => one.name)).toContain(name);
  });
});

describe("the advice on the safety snapshot of a restore", () => {
  it("is true: nothing changes for the restore, and it is deleted with the resource", async () => {
    const simulator = await startSimulator({ snapshots: [{ id: "5001", cloudId: "1001", name: "before" }] });
    try {
      const { provider, writes } = rigFor(simulator, (runtime) => new RestoreLifecycle(runtime));
      const inputs = { snapshotId: "1001/4000" };
      const outs = { ...inputs, cloudId: "1001", safetySnapshotId: "1001/5001", phase: "restored" };
      simulator.cloud.renameSnapshot("5001", "else");
      expect(advised("SnapshotRestore", "drift")).toContain("is deleted with nightly");
      const { id, props } = await provider.read("back", outs);
      expect([id, (await provider.diff("back", props, inputs)).changes]).toEqual(["back", false]);
      await provider.delete("back", props);
      expect(simulator.cloud.snapshots()).toEqual([]);
      expect(advised("SnapshotRestore", "missing")).toContain("The restore itself stays as it is");
      const gone = await provider.read("back", props);
      expect([gone.id, (await provider.diff("back", gone.props, inputs)).changes]).toEqual(["back", false]);
      expect(writes()).toEqual(["snapshot.delete"]);
    } finally {
      await simulator.close();
    }
  });
});

describe("the advice on a Snapshot", () => {
  it("is true: a missing snapshot is taken again, and a rename is accepted", async () => {
    const simulator = await startSimulator({ settings: { snapshotDurationMs: 20 } });
    try {
      const { provider } = rigFor(simulator, (runtime) => new SnapshotLifecycle(runtime));
      const urn = urnOf("prod", "web");
      const { inputs } = await provider.check({}, { cloudId: "1001", resourceUrn: urn });
      const made = await provider.create(inputs);
      const number = made.id.split("/")[1] ?? "";
      simulator.cloud.renameSnapshot(number, "mine");
      const fresh = rigFor(simulator, (runtime) => new SnapshotLifecycle(runtime)).provider;
      const seen = await fresh.read(made.id, made.outs);
      const { outs } = await fresh.update(made.id, seen.props, inputs);
      expect((await fresh.diff(made.id, outs, inputs)).changes).toBe(false);
      expect(advised("Snapshot", "drift")).toBe("`pulumi up --refresh` accepts it as it is.");
      simulator.cloud.deleteSnapshot(number);
      const later = rigFor(simulator, (runtime) => new SnapshotLifecycle(runtime)).provider;
      expect((await later.read(made.id, outs)).id ?? "").toBe("");
      expect(advised("Snapshot", "missing")).toContain("takes a new one");
    } finally {
      await simulator.close();
    }
  });
});

describe("the advice on a server without a young snapshot", () => {
  async function nextFor(
    resources: Parameters<typeof exportOf>[1],
    pending: Parameters<typeof exportOf>[2] = [],
  ) {
    const scene = await Scene.begin();
    const { report } = await scene.report([exportOf("prod", resources, pending)]);
    const about = (kind: Finding["kind"]) => report.findings.filter((one) => one.kind === kind);
    return { uncovered: about("uncovered"), interrupted: about("interrupted") };
  }

  it("names the rotation that has it, and whether that is paused", async () => {
    const urn = urnOf("prod", "nightly", ROTATION_TYPE);
    const rotation = { urn, type: ROTATION_TYPE, id: "r", outputs: { cloudIds: ["1001"], mark: "a1b2c3" } };
    const { uncovered } = await nextFor([rotation]);
    expect(uncovered.map(({ next }) => next).sort()).toEqual([
      expect.stringMatching(/^Declare a Snapshot or a SnapshotRotation for it; .*ignore\.json/),
      expect.stringContaining(
        "SnapshotRotation nightly of stack prod has this server: `pulumi up` takes one",
      ),
    ]);
    const paused = await nextFor([{ ...rotation, outputs: { ...rotation.outputs, paused: true } }]);
    expect(paused.uncovered.map(({ next }) => next).join()).toContain("is paused: take `paused` out of it");
  });

  it("says of a server that was made again under its name which rotation has the one that is gone", async () => {
    const urn = urnOf("prod", "nightly", ROTATION_TYPE);
    const line = { id: "990/1", cloudId: "990", serverName: "web-1", name: "n", status: "Active" };
    const outputs = { cloudIds: ["990"], mark: "a1b2c3", snapshots: [line] };
    const { uncovered } = await nextFor([{ urn, type: ROTATION_TYPE, id: "r", outputs }]);
    expect(uncovered.find(({ title }) => title.startsWith("web-1"))?.next).toBe(
      'SnapshotRotation nightly of stack prod has 990, a server of this name that is gone: put "1001" in its place, or add it.',
    );
  });

  it("names the clone that it is, and calls an interrupted clone by its name", async () => {
    const urn = urnOf("prod", "copy", CLONE_TYPE);
    const clone = { urn, type: CLONE_TYPE, id: "1002", outputs: { cloudId: "1002" } };
    const { uncovered, interrupted } = await nextFor(
      [clone],
      [{ type: "creating", resource: { urn, type: CLONE_TYPE, inputs: { hostname: "web-2" } } }],
    );
    expect(uncovered.map(({ next }) => next).join()).toContain("It is ServerClone copy of stack prod");
    expect(interrupted).toMatchObject([
      { title: "A run was interrupted while creating ServerClone copy of stack prod" },
    ]);
  });
});
