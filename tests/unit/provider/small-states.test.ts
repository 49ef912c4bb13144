import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import schema from "../../../plugin/schema.json";
import { CloneLifecycle } from "../../../provider/clone/lifecycle";
import { shortened, shortenedAs, unpacked } from "../../../provider/engine/inputs";
import type { Lifecycle } from "../../../provider/guard";
import { RestoreLifecycle } from "../../../provider/restore/lifecycle";
import { RotationLifecycle } from "../../../provider/rotation/lifecycle";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import { SNAPSHOT_FACTS } from "../../../provider/utho/facts";
import type { ProviderRuntime } from "../../../provider/utho/runtime";
import { type Simulator, startSimulator } from "../../../simulator";
import { rigFor } from "./lifecycle-rig";

type Props = Record<string, unknown>;

const TYPE = "pulumi-nodejs:dynamic/utho:Snapshot";
const URN = `urn:pulumi:dev::shop::${TYPE}::web`;

describe("the URN in a state", () => {
  it.each([
    [URN, "dev::shop::Snapshot::web"],
    [`urn:pulumi:dev::shop::my:index:Site$${TYPE}::a::b$c`, "dev::shop::my:index:Site$Snapshot::a::b$c"],
  ])("is short, and the whole one to the core: %s", (resourceUrn, place) => {
    expect(shortened({ cloudId: "1001", resourceUrn })).toEqual({ cloudId: "1001", place });
    expect(unpacked({ cloudId: "1001", place })).toEqual({ cloudId: "1001", resourceUrn });
    expect(unpacked({ cloudId: "1001", __utho: { place } })).toEqual({ cloudId: "1001", resourceUrn });
  });

  it("never changes by being written and read, whatever it holds", () => {
    const part = fc.string({ unit: fc.constantFrom("a", ":", "$", "/", "é", TYPE, "urn:pulumi:") });
    fc.assert(
      fc.property(fc.array(part), fc.boolean(), (parts, isUrn) => {
        const values = { resourceUrn: (isUrn ? "urn:pulumi:" : "") + parts.join("::") };
        expect(unpacked(shortened(values))).toEqual(values);
      }),
    );
  });

  it.each(Object.entries(schema.resources))(
    "takes no name of a value of %s",
    (_type, { properties, ...more }) => {
      const names = [...Object.keys(properties), ...Object.keys(more.inputProperties)];
      const values = { ...Object.fromEntries(names.map((name) => [name, name])), resourceUrn: URN };
      expect(unpacked(shortened(values))).toEqual(values);
    },
  );

  it("is read in the form in which an earlier version wrote it", () => {
    expect(shortenedAs({ resourceUrn: URN }, { resourceUrn: URN })).toEqual({ resourceUrn: URN });
  });
});

it("a rotation that is due at a time of day stays so through the door to the engine", async () => {
  const simulator = await startSimulator({ settings: { snapshotDurationMs: 0 } });
  const { provider } = rigFor(simulator, (runtime) => new RotationLifecycle(runtime));
  const program = { cloudIds: ["1001"], every: "24h", at: "02:00", keep: { last: 2 } };
  const resourceUrn = URN.replace("Snapshot::", "SnapshotRotation::");
  const { inputs } = await provider.check({}, { ...program, resourceUrn });
  expect(inputs).toMatchObject(program);
  const { id, outs } = await provider.create(inputs);
  expect(outs).toMatchObject({ at: "02:00", nextDue: expect.stringContaining("T02:00:00Z") });
  expect(await provider.diff(id, outs, inputs)).toMatchObject({ changes: false });
  await simulator.close();
});

describe("a new resource has every output", () => {
  const SNAPSHOT = "1001/9001";
  it.each<[keyof typeof schema.resources, (runtime: ProviderRuntime) => Lifecycle, Props]>([
    ["utho:index:Snapshot", (runtime) => new SnapshotLifecycle(runtime), { cloudId: "1001" }],
    ["utho:index:SnapshotRestore", (runtime) => new RestoreLifecycle(runtime), { snapshot: SNAPSHOT }],
    [
      "utho:index:ServerClone",
      (runtime) => new CloneLifecycle(runtime),
      { snapshot: SNAPSHOT, hostname: "copy", planId: "10045" },
    ],
    [
      "utho:index:SnapshotRotation",
      (runtime) => new RotationLifecycle(runtime),
      { cloudIds: ["1001"], every: "24h", keep: { last: 2 } },
    ],
  ])("%s", async (type, lifecycle, program) => {
    const simulator = await startSimulator({ settings: { snapshotDurationMs: 0, deployDurationMs: 0 } });
    simulator.cloud.addSnapshot({ cloudId: "1001", id: "9001", name: "golden" });
    const home = mkdtempSync(join(tmpdir(), "utho-outputs-"));
    const { provider } = rigFor(simulator, lifecycle, {}, { home });
    const resourceUrn = URN.replace("Snapshot::", `${type.slice("utho:index:".length)}::`);
    const { inputs } = await provider.check({}, { ...program, resourceUrn });
    const { outs } = await provider.create(inputs);
    expect(Object.keys(schema.resources[type].properties).filter((name) => !(name in outs))).toEqual([]);
    rmSync(home, { recursive: true, force: true });
    await simulator.close();
  });
});

describe("the state of a Snapshot", () => {
  let simulator: Simulator;
  let id: string;
  let inputs: Props;
  let outs: Props;

  const run = () => rigFor(simulator, (runtime) => new SnapshotLifecycle(runtime));

  beforeEach(async () => {
    simulator = await startSimulator({ settings: { snapshotDurationMs: 0 } });
    const { provider } = run();
    ({ inputs } = await provider.check({}, { cloudId: "1001", resourceUrn: URN }));
    ({ id, outs } = await provider.create(inputs));
  });

  afterEach(() => simulator.close());

  async function readNow(): Promise<{ state: Props; said: string[]; changes: boolean; replaces: string[] }> {
    const { provider, said } = run();
    const { props } = await provider.read(id, outs);
    return { state: props, said, ...(await provider.diff(id, props, inputs)) };
  }

  it("says nothing twice", () => {
    expect(Object.keys(inputs).sort()).toEqual(["cloudId", "mark", "place"]);
    expect(Object.keys(outs).sort()).toEqual(["accountId", "place", ...Object.keys(SNAPSHOT_FACTS)].sort());
  });

  it("is drift where it was renamed outside, and keeps what it was", async () => {
    const { name, sizeGb } = outs;
    simulator.cloud.renameSnapshot(id.slice(5), "by hand");
    const read = await readNow();
    expect(read).toMatchObject({ changes: true, replaces: [] });
    expect(read.state).toMatchObject({ name: "by hand", recorded: { name, sizeGb } });
    const { provider, said } = run();
    const updated = await provider.update(id, outs, inputs);
    expect(said.join()).toContain(`renamed outside, from "${name}" to "by hand"`);
    expect(updated.outs.recorded).toBeUndefined();
  });

  it("shows that it was Active once where it fails, so that nothing replaces it", async () => {
    simulator.cloud.failSnapshot(id.slice(5));
    const read = await readNow();
    expect(read).toMatchObject({ changes: true, replaces: [] });
    expect(read.said.join()).toContain("It was Active once and is kept");
    const { name, sizeGb } = outs;
    expect(read.state.recorded).toEqual({ name, sizeGb });
    await expect(run().provider.update(id, outs, inputs)).rejects.toThrow("it was Active once");
  });

  it("of an earlier version is read without a difference", async () => {
    const { name, sizeGb } = outs;
    outs = { ...unpacked(outs), recorded: { name, sizeGb } };
    inputs = unpacked(inputs);
    const read = await readNow();
    expect(read.state).toEqual(outs);
    expect(read).toMatchObject({ changes: false, replaces: [], said: [] });
  });
});
