import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { run } from "../../../cli/program";
import { RESTORE_TYPE, ROTATION_TYPE, SNAPSHOT_TYPE } from "../../../sdk/forwarder";
import { session } from "../../support/terminal";
import { DAY, HOUR, RotationRig, URN } from "../provider/rotation/rotation-rig";

const DAILY = { cloudIds: ["1001", "1002"], every: "24h", keep: { last: 2, weekly: 1 } };

/** What is different on the day of the plan: in the account, in the program, beside the rotation. */
interface Day {
  program?: Record<string, unknown>;
  beside?: (rig: RotationRig, oldest: string) => { resources?: object[]; pending_operations?: object[] };
  hours?: number;
}

const urnOf = (type: string): string => URN.replace("SnapshotRotation::nightly", type);

const DAYS: Record<string, Day> = {
  "one is due": {},
  "nothing is due": { hours: 1 },
  "it is paused": { program: { paused: true } },
  "a server has left": {
    program: { cloudIds: ["1001"], leaving: ["1002"], onRemove: "delete" },
  },
  "the snapshots of a server that has left expire": {
    program: { cloudIds: ["1001"], leaving: ["1002"], onRemove: "expire" },
    hours: 72,
  },
  "the listings disagree on a name": {
    beside: (rig, oldest) => {
      rig.simulator.cloud.setSettings({ listingsDisagreeForMs: DAY });
      rig.simulator.cloud.renameSnapshot(oldest, "before the upgrade");
      rig.simulator.cloud.setSettings({ listingsDisagreeForMs: 0 });
      return {};
    },
  },
  "a person renamed one": {
    beside: (rig, oldest) => {
      rig.simulator.cloud.renameSnapshot(oldest, "before the upgrade");
      return {};
    },
  },
  "Utho gave one another name": {
    beside: (rig, oldest) => {
      const lines = rig.outs.snapshots;
      for (const [id, line] of Object.entries(lines ?? {}))
        if (id.endsWith(`/${oldest}`))
          Object.assign(lines ?? {}, { [id]: JSON.stringify({ ...JSON.parse(line), name: "snap-1" }) });
      rig.simulator.cloud.renameSnapshot(oldest, "snap-1");
      return {};
    },
  },
  "one has a wrong time in its name": {
    beside: (rig) => {
      const name = rig.names()[0]?.replace(/\d{8}t/i, "20200101t") ?? "";
      rig.simulator.cloud.addSnapshot({ cloudId: "1001", name });
      return {};
    },
  },
  "one has failed": {
    beside: (rig, oldest) => {
      rig.simulator.cloud.failSnapshot(oldest);
      return {};
    },
  },
  "one is lost": {
    beside: (rig, oldest) => {
      rig.simulator.cloud.deleteSnapshot(oldest);
      return {};
    },
  },
  "a Snapshot has one": {
    beside: (rig, oldest) => {
      rig.declaredBeside = { resourceUrn: urnOf("Snapshot::kept"), cloudId: "1001", adoptId: oldest };
      return { resources: [{ urn: urnOf("Snapshot::kept"), type: SNAPSHOT_TYPE, id: `1001/${oldest}` }] };
    },
  },
  "an interrupted restore is to be made of one": {
    beside: (rig, oldest) => {
      const inputs = { snapshot: `1001/${oldest}` };
      rig.declaredBeside = { resourceUrn: urnOf("SnapshotRestore::undo"), ...inputs };
      const resource = { urn: urnOf("SnapshotRestore::undo"), type: RESTORE_TYPE, inputs };
      return { pending_operations: [{ type: "creating", resource }] };
    },
  },
};

let rig: RotationRig;
let folder: string;

afterEach(async () => {
  await rig.simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

async function planned(deployment: { resources?: object[]; pending_operations?: object[] }) {
  folder = mkdtempSync(join(tmpdir(), "rotation-agrees-"));
  const rotation = { urn: URN, type: ROTATION_TYPE, id: "nightly", inputs: rig.inputs, outputs: rig.outs };
  const resources = [rotation, ...(deployment.resources ?? [])];
  const state = join(folder, "state.json");
  writeFileSync(state, JSON.stringify({ version: 3, deployment: { ...deployment, resources } }));
  const env = { UTHO_TOKEN: rig.simulator.token, UTHO_ENDPOINT: rig.simulator.url };
  const { terminal, out, err } = session({ env });
  const now = new Date(rig.now()).toISOString();
  await run(["rotation", "plan", "--state", state, "--now", now, "--json"], terminal);
  expect(err).toEqual([]);
  const [{ servers }] = JSON.parse(out.join("\n")).rotations;
  return {
    taken: servers.filter(({ take }: { take: boolean }) => take).length,
    deleted: servers
      .flatMap(({ snapshots }: { snapshots: { action: string; id: string }[] }) => snapshots)
      .flatMap(({ action, id }: { action: string; id: string }) => (action === "delete" ? [id] : []))
      .sort(),
  };
}

describe("`rotation plan` lists what the update then takes and deletes", () => {
  it.each(Object.entries(DAYS))("where %s", async (_what, { program = {}, beside, hours = 24 }) => {
    rig = await RotationRig.start();
    const all = { ...DAILY, ...program };
    for (let day = 0; day < 4; day += 1) {
      expect((await rig.up({ ...DAILY, keep: { last: 9 } })).error).toBeUndefined();
      rig.advance(day < 3 ? DAY : hours * HOUR);
    }
    rig.outs = { ...rig.outs, ...all };
    const ids = () => new Set(rig.simulator.cloud.snapshots().map(({ id, cloudId }) => `${cloudId}/${id}`));
    const oldest = rig.simulator.cloud.snapshots("1001")[0]?.id ?? "";
    const deployment = beside?.(rig, oldest) ?? {};
    const plan = await planned(deployment);
    const before = ids();
    await rig.up(all);
    const after = ids();
    expect(plan).toEqual({
      taken: [...after].filter((id) => !before.has(id)).length,
      deleted: [...before].filter((id) => !after.has(id)).sort(),
    });
  });
});
