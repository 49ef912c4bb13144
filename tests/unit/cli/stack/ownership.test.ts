import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../../../../cli/program";
import type { Report } from "../../../../cli/report/model";
import { generateName } from "../../../../provider/utho/names";
import { ROTATION_TYPE, SNAPSHOT_TYPE } from "../../../../sdk/forwarder";
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
