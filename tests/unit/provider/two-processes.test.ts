import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import {
  CLONE_FORWARDER,
  RESTORE_FORWARDER,
  ROTATION_FORWARDER,
  SNAPSHOT_FORWARDER,
} from "../../../sdk/forwarder";
import { type Simulator, startSimulator } from "../../../simulator";
import type { Driver } from "../../support/mini-engine";
import { PluginHost, type Props } from "../../support/plugin";
import { PluginDoorHost } from "../../support/plugin-door";

const KINDS = [
  { type: "Snapshot", forwarder: SNAPSHOT_FORWARDER, program: { cloudId: "1001", triggers: ["secret-1"] } },
  { type: "SnapshotRestore", forwarder: RESTORE_FORWARDER, program: { snapshot: "1001/9001" } },
  {
    type: "ServerClone",
    forwarder: CLONE_FORWARDER,
    program: { snapshot: "1001/9001", hostname: "copy", planId: "10045", rootPassword: "secret-2" },
  },
  {
    type: "SnapshotRotation",
    forwarder: ROTATION_FORWARDER,
    program: { cloudId: "1001", every: "24h", keep: { last: 2 }, onRemove: "delete" },
  },
] as const;

/** An engine runs a process for each version of the plugin, and so may create in one what it deletes in another. */
let simulator: Simulator;
let home: string;
let newer: PluginHost;
let older: PluginHost;
let ofPlugin: PluginDoorHost;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "utho-two-"));
  newer = await PluginHost.open(home);
  older = newer.beside();
  ofPlugin = await PluginDoorHost.open(home, { ownProcess: true });
});
afterAll(() => {
  ofPlugin.close();
  older.kill();
  newer.close();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(async () => {
  simulator = await startSimulator({ settings: { snapshotDurationMs: 20, deployDurationMs: 20 } });
  simulator.cloud.addSnapshot({ id: "9001", cloudId: "1001", name: "golden" });
});
afterEach(() => simulator.close());

const config = () => ({
  "utho:token": simulator.token,
  "utho:endpoint": simulator.url,
  "utho:pollInterval": "10ms",
  "utho:listingLag": "150ms",
});
const journals = () =>
  readdirSync(join(home, "pulumi-utho/runs")).map((name) => join(home, "pulumi-utho/runs", name));
const left = () => ({
  snapshots: simulator.cloud.snapshots().map(({ id }) => id),
  servers: simulator.cloud.servers().map(({ cloudId }) => cloudId),
});

/** The provider process of a door, for one kind of resource, in a run of its own or that of another provider. */
const processOf = (door: "newer" | "older" | "plugin", forwarder: string, run?: { engine: string }) => {
  const options = run === undefined ? { forwarder } : { forwarder, run };
  if (door === "plugin") return ofPlugin.begin(config(), options);
  return (door === "newer" ? newer : older).begin(config(), options);
};

async function made(plugin: Pick<Driver, "check" | "create">, urn: string, program: Props) {
  const inputs = await plugin.check(urn, {}, { ...program, resourceUrn: urn });
  return plugin.create(urn, inputs);
}

/** Who makes it, and who deletes what it replaces: two versions of one door, or a stack that moves between the doors. */
const PAIRS = [
  ["newer", "older"],
  ["plugin", "older"],
  ["newer", "plugin"],
] as const;

it.each(KINDS.flatMap((kind) => PAIRS.map(([maker, deleter]) => ({ ...kind, maker, deleter }))))(
  "a $type that the process $maker has taken over is not deleted by the process $deleter",
  async ({ type, forwarder, program, maker, deleter }) => {
    const urn = `urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:${type}::web`;
    const first = await processOf(deleter, forwarder);
    const { id, outs } = await made(first, urn, program);
    first.close();
    const before = left();

    // `pulumi up --replace` after an upgrade: before `create`, nothing shows that the resource is in state.
    const creating = await processOf(maker, forwarder);
    const deleting = await processOf(deleter, forwarder, creating);
    await made(creating, urn, program);
    await deleting
      .delete(urn, id, outs)
      .catch((error: Error) => expect(error.message).toContain("UTHO_TAKEN_OVER"));
    expect(left()).toEqual(before);
    creating.close();
    deleting.close();
  },
);

it("what is kept and what is announced in one process holds in another", async () => {
  const urn = "urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:Snapshot::web";
  const program = { cloudId: "1001", triggers: [1], onReplace: "keep" };
  const creating = await newer.begin(config());
  const { id, outs } = await made(creating, urn, program);
  const changed = { ...program, triggers: [2], resourceUrn: urn };
  await creating.check(urn, { ...program, resourceUrn: urn }, changed);
  const deleting = await older.begin(config(), { run: creating });
  await deleting.delete(urn, id, outs);
  expect(simulator.cloud.snapshots().map((one) => `${one.cloudId}/${one.id}`)).toContain(id);
});

it.each(["newer", "plugin"] as const)(
  "the process %s leaves a server off that the other door's has switched off, and takes its own while it is off",
  async (second) => {
    const first = second === "plugin" ? "newer" : "plugin";
    simulator.cloud.setSettings({ snapshotDurationMs: 3_600_000 });
    const urnOf = (name: string) => `urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:Snapshot::${name}`;
    const program = { cloudId: "1001", powerOff: true };
    const one = await processOf(first, SNAPSHOT_FORWARDER);
    const other = await processOf(second, SNAPSHOT_FORWARDER, one);
    const making = made(one, urnOf("one"), program);
    await expect.poll(() => simulator.requests.count("snapshot.create"), { timeout: 10_000 }).toBe(1);
    const waiting = made(other, urnOf("other"), program);
    await expect
      .poll(() => simulator.requests.count("snapshot.create"), { timeout: 10_000 })
      .toBeGreaterThan(2);
    expect(simulator.requests.count("server.poweron")).toBe(0);
    simulator.cloud.setSettings({ snapshotDurationMs: 20 });
    simulator.cloud.endOperations("1001");
    await Promise.all([making, waiting]);
    expect(simulator.cloud.server("1001").powerState).toBe("Running");
    const taken = simulator.cloud.snapshots().filter(({ id }) => id !== "9001");
    expect(taken.map(({ status }) => status)).toEqual(["Active", "Active"]);
    // And each was taken while the server was off.
    let isOn = true;
    for (const { kind } of simulator.cloud.operations("1001")) {
      if (kind === "snapshot") expect(isOn).toBe(false);
      else isOn = kind === "poweron";
    }
    one.close();
    other.close();
  },
);

it("the memory that processes share is private, and holds no secret", () => {
  expect(journals().length).toBeGreaterThan(0);
  for (const file of journals()) {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).not.toMatch(/secret-|token/);
  }
});
