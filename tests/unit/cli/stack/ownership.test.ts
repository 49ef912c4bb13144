import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../../../../cli/program";
import { listed } from "../../../../cli/recovery/listing";
import type { Report } from "../../../../cli/report/model";
import { readStateFile } from "../../../../cli/stack/file";
import { finalOf } from "../../../../provider/clone/contract";
import { SECRET, SIGNATURE } from "../../../../provider/engine/values";
import { keptName } from "../../../../provider/utho/keep";
import { generateName } from "../../../../provider/utho/names";
import { CLONE_TYPE, RESTORE_TYPE, ROTATION_TYPE, SNAPSHOT_TYPE } from "../../../../sdk/forwarder";
import { type Simulator, startSimulator } from "../../../../simulator";
import { pulumiStandIn } from "../../../support/pulumi-stand-in";
import { session } from "../../../support/terminal";

const NIGHTLY = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/utho:SnapshotRotation::nightly";
const BACKUP = "dev-nightly-20261125T000000Z-a1b2c3";
const NOW = "2026-11-25T06:00:00Z";

const rotation = {
  urn: NIGHTLY,
  type: ROTATION_TYPE,
  id: "rotation-1",
  custom: true,
  outputs: {
    ...{ cloudIds: ["1001"], every: "24h", keep: { daily: 7 }, timeZone: "UTC", minKeep: 1 },
    ...{ mark: "a1b2c3", ownPrefix: "dev-nightly", prefixes: ["dev-nightly"], snapshots: [], recorded: [] },
  },
};
const root = { urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", type: "pulumi:pulumi:Stack" };

let simulator: Simulator;
let folder: string;
let state: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-utho-ownership-"));
  state = join(folder, "state.json");
  simulator = await startSimulator({
    servers: [{ cloudId: "1001", hostname: "web-1", diskGb: 40 }],
    snapshots: [{ id: "5001", cloudId: "1001", name: BACKUP, createdAt: "2026-11-25T00:00:00Z" }],
  });
});
afterEach(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The same resource as the plugin writes it into a state: by its own type, with its bookkeeping under one key. */
function ofPlugin<T extends { urn: string; type: string; inputs?: object; outputs?: object }>(
  resource: T,
): T {
  const { mark, ownPrefix, prefixes, recorded, ...outputs }: Record<string, unknown> = {
    ...resource.outputs,
  };
  return {
    ...resource,
    urn: resource.urn.replace("pulumi-nodejs:dynamic/utho:", "utho:index:"),
    type: resource.type.replace("pulumi-nodejs:dynamic/utho:", "utho:index:"),
    outputs: { ...outputs, __utho: { mark, ownPrefix, prefixes, recorded } },
  };
}

function hold(resources: object[], pending: object[] = []): void {
  const deployment = { resources: [root, ...resources], pending_operations: pending };
  writeFileSync(state, JSON.stringify({ version: 3, deployment }));
}

async function command(...args: string[]): Promise<string> {
  const env = {
    UTHO_TOKEN: simulator.token,
    UTHO_ENDPOINT: simulator.url,
    PATH: pulumiStandIn(folder, state),
    PULUMI_HOME: folder,
  };
  const { terminal, out, err } = session({ env });
  await run(args, terminal);
  return [...out, ...err].join("\n");
}

/** What each command says of the one snapshot. */
async function answers() {
  const report: Report = JSON.parse(await command("report", "--state", state, "--format", "json"));
  const [entry] = report.snapshots;
  const formats = await Promise.all(
    ["table", "markdown", "junit", "sarif", "html"].map((format) =>
      command("report", "--state", state, "--format", format),
    ),
  );
  return {
    owners: entry?.owners.map(({ name }) => name),
    state: entry?.state,
    unmanaged: report.totals.unmanaged.count,
    advice: report.findings.filter(({ kind }) => kind === "unmanaged").map(({ next }) => next),
    formats,
    adopt: await command("adopt", "--stack", "dev", "--cwd", folder, "1001/5001"),
    plan: await command("rotation", "plan", "--state", state, "--now", NOW),
  };
}

describe("whose a snapshot is, to report, adopt and rotation plan", () => {
  it.each([
    ["the classes", rotation],
    ["the plugin", ofPlugin(rotation)],
  ])("is the rotation's by its name, although the state lists none: of %s", async (_door, resource) => {
    hold([resource]);
    const { owners, state: found, unmanaged, formats, adopt, plan } = await answers();
    expect({ owners, found, unmanaged }).toEqual({ owners: ["nightly"], found: "in-sync", unmanaged: 0 });
    for (const text of formats) expect(text).not.toMatch(/Delete it|unmanaged: Snapshot|no stack owns it/);
    expect(adopt).toContain("1001/5001: already managed by nightly of this stack");
    expect(plan).toMatch(/keep +web-1 +1001\/5001/);
  });

  it("is the rotation's although its server has left it, and its status is bad", async () => {
    hold([{ ...rotation, outputs: { ...rotation.outputs, cloudIds: ["1002"] } }]);
    simulator.cloud.failSnapshot("5001");
    const { owners, state: found, adopt } = await answers();
    expect({ owners, found }).toEqual({ owners: ["nightly"], found: "failed" });
    expect(adopt).toContain("already managed by nightly");
  });

  it.each([
    ["another mark", { mark: "ffffff" }],
    ["another prefix", { ownPrefix: "dev-weekly", prefixes: ["dev-weekly"] }],
  ])("belongs to no rotation with %s, and is not to be deleted unseen", async (_what, outputs) => {
    hold([{ ...rotation, outputs: { ...rotation.outputs, ...outputs } }]);
    const { owners, state: found, advice, adopt, plan } = await answers();
    expect({ owners, found }).toEqual({ owners: [], found: "unmanaged" });
    expect(advice).toEqual([expect.stringContaining("dev-nightly")]);
    expect(advice[0]).toMatch(/^Its name was generated .* give that stack too/);
    expect(adopt).not.toContain("already managed");
    expect(plan).not.toContain("1001/5001");
  });

  it("is that of the run that was interrupted", async () => {
    const urn = NIGHTLY.replace("SnapshotRotation::nightly", "Snapshot::web");
    simulator.cloud.renameSnapshot("5001", "golden");
    const resource = { urn, type: SNAPSHOT_TYPE, inputs: { cloudId: "1001", name: "golden" } };
    hold([], [{ type: "creating", resource }]);
    const { owners, state: found } = await answers();
    expect({ owners, found }).toEqual({ owners: ["web"], found: "interrupted" });
    const other = join(folder, "other.json");
    writeFileSync(other, JSON.stringify({ version: 3, deployment: { resources: [root] } }));
    const pending = state;
    state = other;
    const adopt = await command("adopt", "--stack", "prod", "--cwd", folder, "--also-stack", pending, "5001");
    expect(adopt).toContain("an interrupted run of web of stack dev left it");
  });

  it("is that of the interrupted run of a resource of the plugin, by the mark of both doors", async () => {
    const urn = NIGHTLY.replace("SnapshotRotation::nightly", "Snapshot::web");
    simulator.cloud.renameSnapshot("5001", generateName(urn, Date.parse("2026-11-25T00:00:00Z")));
    const resource = ofPlugin({ urn, type: SNAPSHOT_TYPE, inputs: { cloudId: "1001" } });
    hold([], [{ type: "creating", resource }]);
    const { owners, state: found } = await answers();
    expect({ owners, found }).toEqual({ owners: ["web"], found: "interrupted" });
  });

  it.each([
    ["the classes", <T>(resource: T) => resource],
    ["the plugin", ofPlugin],
  ])("is the one that the state lists first of all: of %s", async (_door, as) => {
    const urn = NIGHTLY.replace("SnapshotRotation::nightly", "Snapshot::kept");
    const outputs = { cloudId: "1001", name: BACKUP };
    const kept = as({ urn, type: SNAPSHOT_TYPE, id: "1001/5001", outputs });
    hold([rotation, kept]);
    const { owners, adopt } = await answers();
    expect(owners).toEqual(["kept"]);
    expect(adopt).toContain("already managed by kept");
  });
});

/** A resource of each kind that a state may hold beside the rotation. */
const KEPT = {
  urn: NIGHTLY.replace("SnapshotRotation::nightly", "Snapshot::kept"),
  type: SNAPSHOT_TYPE,
  id: "1001/5001",
  outputs: { cloudId: "1001", name: BACKUP, snapshotId: "5001", status: "Active" },
};
const CLONE = {
  urn: NIGHTLY.replace("SnapshotRotation::nightly", "ServerClone::copy"),
  type: CLONE_TYPE,
  id: "1001",
  outputs: { cloudId: "1001", hostname: "web-1", finalSnapshot: true },
};
const RESTORE = {
  urn: NIGHTLY.replace("SnapshotRotation::nightly", "SnapshotRestore::undo"),
  type: RESTORE_TYPE,
};
const listing = (name: string) => ({
  snapshots: { "1001/5001": JSON.stringify({ name, takenAt: "2026-11-25T00:00:00Z", status: "Active" }) },
});
const withOutputs = (outputs: object, more: object = {}) => ({
  ...rotation,
  ...more,
  outputs: { ...rotation.outputs, ...outputs },
});

const UNFINISHED = { cloudId: "1001", safetySnapshotId: "1001/5001", safetySnapshotName: BACKUP };

/** What a state holds, the snapshot's name, and what every reader says of it; `plan`: what the rotation itself does. */
interface Case {
  hold: object[];
  pending?: object[];
  name?: string;
  report: { owners: string[]; state: string; detail?: RegExp; notes?: number };
  adopt: RegExp;
  plan?: RegExp | "nothing";
  list: string;
}

const CASES: Record<string, Case> = {
  "of a rotation that was made again with another prefix, under its first one": {
    hold: [withOutputs({ namePrefix: "other", prefixes: ["other"] })],
    report: { owners: [], state: "unmanaged" },
    adopt: /Take|would be taken/,
    plan: "nothing",
    list: "made by dev-nightly",
  },
  "that Utho gave another name, as the state has it": {
    hold: [withOutputs(listing("snapshot-5001"))],
    name: "snapshot-5001",
    report: { owners: ["nightly"], state: "in-sync" },
    adopt: /already managed by nightly of this stack/,
    plan: /keep +web-1 +1001\/5001/,
    list: "SnapshotRotation nightly",
  },
  "that a Snapshot has too, and the rotation would delete": {
    hold: [KEPT, withOutputs({ ...listing(BACKUP), cloudIds: [], leaving: ["1001"], onRemove: "delete" })],
    report: { owners: ["kept", "nightly"], state: "in-sync", notes: 1 },
    adopt: /already managed by kept of this stack/,
    plan: /keep +web-1 +1001\/5001 .* Snapshot kept has or needs it/,
    list: "Snapshot kept",
  },
  "that an interrupted run was to restore, and the rotation would delete": {
    hold: [withOutputs({ ...listing(BACKUP), cloudIds: [], leaving: ["1001"], onRemove: "delete" })],
    pending: [
      { type: "creating", resource: { ...RESTORE, inputs: { cloudId: "1001", snapshot: "1001/5001" } } },
    ],
    report: { owners: ["nightly"], state: "in-sync" },
    adopt: /an interrupted run of it is still pending/,
    plan: /keep +web-1 +1001\/5001 .* SnapshotRestore undo has or needs it/,
    list: "SnapshotRotation nightly",
  },
  "of a rotation that was replaced, of which the next one knows it": {
    hold: [withOutputs(listing(BACKUP)), withOutputs(listing(BACKUP), { delete: true })],
    report: { owners: ["nightly"], state: "in-sync", notes: 0 },
    adopt: /already managed by nightly of this stack/,
    plan: /keep +web-1 +1001\/5001/,
    list: "SnapshotRotation nightly",
  },
  "of a rotation that was replaced, under a former name": {
    hold: [
      withOutputs({ mark: "ffffff" }),
      withOutputs({ ...listing(BACKUP), onRemove: "delete" }, { delete: true }),
    ],
    report: { owners: ["nightly"], state: "interrupted", detail: /stays: .* costs on/ },
    adopt: /already managed by nightly of this stack/,
    plan: "nothing",
    list: "SnapshotRotation nightly",
  },
  "of a restore that did not end, and was replaced": {
    hold: [{ ...RESTORE, id: "r", delete: true, outputs: { ...UNFINISHED, phase: "unsure" } }],
    report: { owners: ["undo"], state: "interrupted", detail: /stays: / },
    adopt: /already managed by undo/,
    list: "the server before undo",
  },
  "of a Snapshot that was replaced": {
    hold: [{ ...KEPT, delete: true }],
    report: { owners: ["kept"], state: "interrupted", detail: /the next `pulumi up` deletes it/ },
    adopt: /already managed by kept/,
    list: "Snapshot kept",
  },
  'of a Snapshot that was replaced with onReplace: "keep"': {
    hold: [{ ...KEPT, delete: true, inputs: { onReplace: "keep" } }],
    report: { owners: ["kept"], state: "interrupted", detail: /stays: .* out of the state only/ },
    adopt: /already managed by kept/,
    list: "Snapshot kept",
  },
  "of a Snapshot that was replaced with retainOnDelete": {
    hold: [{ ...KEPT, delete: true, retainOnDelete: true }],
    report: { owners: ["kept"], state: "interrupted", detail: /stays: / },
    adopt: /already managed by kept/,
    list: "Snapshot kept",
  },
  "that a forced replacement took over, and so is in the state twice": {
    hold: [KEPT, { ...KEPT, delete: true }],
    report: { owners: ["kept"], state: "in-sync", notes: 0 },
    adopt: /already managed by kept/,
    list: "Snapshot kept",
  },
  "that was lost, and is there again": {
    hold: [withOutputs({ losses: { "1001/5001": { id: "1001/5001", cloudId: "1001", name: BACKUP } } })],
    report: { owners: ["nightly"], state: "in-sync", detail: /By its name/ },
    adopt: /already managed by nightly of this stack/,
    plan: /keep +web-1 +1001\/5001/,
    list: "SnapshotRotation nightly",
  },
  "that was lost, and is there again under a name that a person gave it": {
    hold: [
      withOutputs({
        losses: {
          "1001/5001": { id: "1001/5001", cloudId: "1001", name: BACKUP, takenAt: "2026-11-25T00:00:00Z" },
        },
      }),
    ],
    name: "precious",
    report: { owners: [], state: "unmanaged" },
    adopt: /Take|would be taken/,
    plan: "nothing",
    list: "made by hand",
  },
  "that the removal of a clone took last, and then failed": {
    hold: [CLONE],
    name: keptName(finalOf(CLONE.urn, "1001"), Date.parse("2026-11-25T00:00:00Z")),
    report: { owners: ["copy"], state: "interrupted", detail: /^The removal of copy took it last/ },
    adopt: /an interrupted run of copy of this stack left it/,
    list: "ServerClone copy",
  },
  "of an interrupted update of a rotation, which counts it whenever it runs": {
    hold: [],
    pending: [{ type: "creating", resource: { ...rotation, inputs: rotation.outputs, outputs: null } }],
    report: {
      owners: ["nightly"],
      state: "interrupted",
      detail: /^An interrupted run of nightly made it: .* counts it\.$/,
    },
    adopt: /an interrupted run of it is still pending/,
    list: "SnapshotRotation nightly",
  },
  "of an interrupted update of a rotation that was to give it another prefix": {
    hold: [rotation],
    pending: [
      {
        type: "updating",
        resource: {
          ...withOutputs({ namePrefix: "former" }),
          inputs: { mark: "a1b2c3", ownPrefix: "dev-nightly", namePrefix: "fresh" },
        },
      },
    ],
    name: BACKUP.replace("dev-nightly", "fresh"),
    report: { owners: ["nightly"], state: "interrupted" },
    adopt: /an interrupted run of it is still pending/,
    list: "SnapshotRotation nightly",
  },
  "that a run took before a restore and did not go on": {
    hold: [],
    pending: [{ type: "creating", resource: { ...RESTORE, inputs: { cloudId: "1001", mark: "abcdef" } } }],
    name: keptName(
      { urn: RESTORE.urn, mark: "abcdef", purpose: "before" },
      Date.parse("2026-11-25T00:00:00Z"),
    ),
    report: { owners: ["undo"], state: "interrupted", detail: /delete it only when/ },
    adopt: /an interrupted run of it is still pending/,
    list: "the server before undo",
  },
  "that an interrupted run was adopting": {
    hold: [],
    pending: [{ type: "creating", resource: { ...KEPT, inputs: { cloudId: "1001", adoptId: "5001" } } }],
    name: "precious",
    report: { owners: ["kept"], state: "interrupted", detail: /was adopting it/ },
    adopt: /an interrupted run of it is still pending/,
    list: "Snapshot kept",
  },
  "of a rotation whose outputs are null": {
    hold: [{ ...rotation, inputs: rotation.outputs, outputs: null }],
    report: { owners: ["nightly"], state: "in-sync" },
    adopt: /already managed by nightly of this stack/,
    list: "SnapshotRotation nightly",
  },
};

describe("whose a snapshot is, to every reader of a state", () => {
  it.each(Object.entries(CASES))(
    "%s",
    async (_what, { hold: held, pending = [], name = BACKUP, ...says }) => {
      simulator.cloud.renameSnapshot("5001", name);
      hold(held, pending);
      const report: Report = JSON.parse(await command("report", "--state", state, "--format", "json"));
      const [entry] = report.snapshots;
      expect({ owners: entry?.owners.map((one) => one.name), state: entry?.state }).toEqual({
        owners: says.report.owners,
        state: says.report.state,
      });
      if (says.report.detail !== undefined) expect(entry?.detail).toMatch(says.report.detail);
      const owned = report.notes.filter((note) => note.includes("owned more than once"));
      expect(owned).toHaveLength(says.report.notes ?? 0);
      expect(await command("adopt", "--stack", "dev", "--cwd", folder, "1001/5001")).toMatch(says.adopt);
      const info = { id: "1001/5001", snapshotId: "5001", cloudId: "1001", name, status: "Active" };
      const [listedOne] = listed([info], [readStateFile(state)], Date.parse(NOW));
      expect(listedOne?.why).toContain(says.list);
      if (says.plan === undefined) return;
      const plan = await command("rotation", "plan", "--state", state, "--now", NOW);
      if (says.plan === "nothing") expect(plan).not.toContain("1001/5001");
      else expect(plan).toMatch(says.plan);
    },
  );

  const secret = { [SIGNATURE]: SECRET, ciphertext: "v1:abc" };

  it.each([
    ["custom", { namePrefix: secret, prefixes: secret }],
    ["other", { namePrefix: secret, prefixes: ["other"] }],
  ])("is known with an encrypted prefix, as %s", async (prefix, outputs) => {
    hold([withOutputs(outputs)]);
    simulator.cloud.renameSnapshot("5001", BACKUP.replace("dev-nightly", prefix));
    const { owners, adopt, plan } = await answers();
    expect(owners).toEqual(["nightly"]);
    expect(adopt).toContain("already managed by nightly");
    expect(plan).toMatch(/UTHO_STACK[\s\S]*refix\w* is encrypted/);
  });

  it("is not planned for a rotation whose servers or policy are encrypted in the state", async () => {
    hold([withOutputs({ cloudIds: secret })]);
    const plan = await command("rotation", "plan", "--state", state, "--now", NOW);
    expect(plan).toMatch(/UTHO_STACK[\s\S]*cloudIds is encrypted/);
    const report: Report = JSON.parse(await command("report", "--state", state, "--format", "json"));
    expect(report.snapshots[0]).toMatchObject({
      state: "in-sync",
      detail: expect.stringContaining("if its server is in the rotation"),
    });
    simulator.cloud.failSnapshot("5001");
    hold([withOutputs({ ...listing(BACKUP), cloudIds: secret })]);
    const failed: Report = JSON.parse(await command("report", "--state", state, "--format", "json"));
    const next = failed.findings.map((one) => one.next).join("\n");
    expect(next).toContain("The rotation takes the next one when that is due");
    expect(next).toContain("The servers of SnapshotRotation nightly of stack dev are encrypted");
  });

  it("is spared by the plan where its name and Utho give different times, as by the update", async () => {
    simulator.cloud.addSnapshot({
      cloudId: "1001",
      name: BACKUP.replace("20261125T", "20261101T"),
      createdAt: Date.parse("2026-11-24T00:00:00Z"),
    });
    hold([withOutputs({ keep: { last: 1 } })]);
    const plan = await command("rotation", "plan", "--state", state, "--now", NOW);
    expect(plan).toMatch(/keep .* its name and Utho give different times/);
    expect(plan).not.toMatch(/^delete /m);
  });
});
