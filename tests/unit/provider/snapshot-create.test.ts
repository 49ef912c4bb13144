import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PartialFailure } from "../../../provider/failure";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import { generateName, parseGeneratedName } from "../../../provider/utho/names";
import { type Simulator, startSimulator } from "../../../simulator";
import { rigFor } from "./lifecycle-rig";

const urnOf = (name: string, type = "Snapshot") =>
  `urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:${type}::${name}`;
const resourceUrn = urnOf("web");
const HOUR = 3_600_000;

describe("a snapshot's creation", () => {
  let simulator: Simulator;
  let home: string;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "utho-create-"));
    simulator = await startSimulator({ settings: { snapshotDurationMs: 20, powerDurationMs: 20 } });
  });
  afterEach(async () => {
    rmSync(home, { recursive: true, force: true });
    await simulator.close();
  });

  const run = (config: Record<string, string> = {}) =>
    rigFor(simulator, (runtime) => new SnapshotLifecycle(runtime), config, { home });

  async function create(more: Record<string, unknown> = {}, config: Record<string, string> = {}) {
    const { provider, said } = run(config);
    const { inputs } = await provider.check({}, { cloudId: "1001", resourceUrn, ...more });
    return { ...(await provider.create(inputs)), said };
  }

  const ids = () => simulator.cloud.snapshots().map(({ cloudId, id }) => `${cloudId}/${id}`);
  const leave = (name: string) => `1001/${simulator.cloud.addSnapshot({ cloudId: "1001", name }).id}`;

  it("has every output", async () => {
    const { outs } = await create();
    const [made] = simulator.cloud.snapshots();
    const { hostname } = simulator.cloud.server("1001");
    expect(outs).toMatchObject({
      cloudId: "1001",
      snapshotId: made?.id,
      name: made?.name,
      serverName: hostname,
      status: "Active",
      sizeGb: made?.sizeGb,
      location: expect.stringMatching(/./),
      storage: made?.storage,
      createdAt: expect.stringMatching(/Z$/),
      monthlyCost: 4 * (made?.sizeGb ?? 0),
      costCurrency: "INR",
    });
  });

  it.each([
    ["fails", "failed", true, "UTHO_SNAPSHOT_FAILED"],
    ["is never ready", "never", false, "UTHO_SNAPSHOT_NOT_READY"],
  ] as const)("that %s reports its id, and the server runs", async (_what, outcome, powerOff, code) => {
    simulator.cloud.nextOutcome({ of: "snapshot", outcome });
    const error: unknown = await create({ powerOff, timeouts: { create: "500ms" } }).catch(
      (reason: unknown) => reason,
    );
    if (!(error instanceof PartialFailure)) throw new Error(`No partial failure: ${String(error)}`);
    expect(error.code).toBe(code);
    expect([error.id]).toEqual(ids());
    expect(simulator.requests.count("server.poweroff")).toBe(powerOff ? 1 : 0);
    expect(simulator.cloud.server("1001").powerState).toBe("Running");
  });

  it.each([
    ["within the window", HOUR / 2, {}, true],
    ["but not of before it", 2 * HOUR, {}, false],
    ["but not where the window is closed", HOUR / 2, { "utho:takeoverWindow": "0" }, false],
  ] as const)("takes over what an interrupted run of it left, %s", async (_when, age, config, taken) => {
    const left = leave(generateName(resourceUrn, Date.now() - age));
    const { id } = await create({}, config);
    expect(id === left).toBe(taken);
    expect(ids()).toContain(left);
    expect(simulator.requests.count("snapshot.create")).toBe(taken ? 0 : 1);
  });

  it("takes over one of several that were left, and names the others, which cost money", async () => {
    const left = [HOUR / 4, HOUR / 2].map((age) => leave(generateName(resourceUrn, Date.now() - age)));
    const { id, said } = await create();
    const [other, ...more] = left.filter((one) => one !== id);
    expect(more).toEqual([]);
    expect(said.join()).toContain(`are in no state, and cost money: ${other} (`);
    expect(ids().sort()).toEqual(left.sort());
  });

  const web = { cloudId: "1001", resourceUrn };
  const nameOf = (id: string) => simulator.cloud.snapshots().find((one) => id === `1001/${one.id}`)?.name;

  /** A run that makes `news` of what state holds; without an id it is forced, and the engine asks for no `diff`. */
  async function replace(old: { inputs: Record<string, unknown>; id?: string; outs?: object }, news: object) {
    const rig = run();
    const wanted = { ...web, ...news };
    const { inputs: kept } = await rig.provider.check(old.inputs, wanted);
    if (old.id !== undefined) {
      const { replaces } = await rig.provider.diff(old.id, { ...old.outs }, kept);
      expect(replaces).not.toEqual([]);
    }
    const { inputs } = await rig.provider.check({}, wanted);
    return { ...rig, inputs, ...(await rig.provider.create(inputs)) };
  }

  async function first(news: object = {}) {
    const { provider } = run();
    const { inputs } = await provider.check({}, { ...web, ...news });
    return { inputs, ...(await provider.create(inputs)) };
  }

  it("by a later replacement never takes over an earlier snapshot that was kept", async () => {
    const one = await first({ triggers: ["a"] });
    const two = await replace(one, { triggers: ["b"] });
    const three = await replace(two, { triggers: ["a"] });
    expect(ids()).toEqual([one.id, two.id, three.id]);
  });

  it("by a forced replacement that the engine announces takes a new one, and is carried on after a kill", async () => {
    const one = await first();
    const two = await replace({ inputs: one.inputs }, {});
    expect(two.id).not.toBe(one.id);
    // State did not hear of the second one: the same run once more takes it over, and makes no third.
    const again = await replace({ inputs: one.inputs }, {});
    expect(again.id).toBe(two.id);
    expect(again.said.join()).toContain("Took over");
    await again.provider.delete(one.id, one.outs);
    expect(ids()).toEqual([two.id]);
  });

  it("takes over nothing that was asked for with other triggers, and nothing that a refresh has met", async () => {
    const one = await first({ triggers: ["a"] });
    const other = await first({ triggers: ["b"] });
    expect(other.id).not.toBe(one.id);
    const { provider } = run();
    await provider.read(one.id, one.outs);
    const { inputs } = await provider.check({}, { ...web, triggers: ["a"] });
    expect((await provider.create(inputs)).id).not.toBe(one.id);
    expect(ids()).toContain(one.id);
  });

  it("that state holds twice stays an error, until there is a new one", async () => {
    const one = await first();
    const forced = run();
    const { inputs } = await forced.provider.check({}, web);
    const taken = await forced.provider.create(inputs);
    expect(taken.id).toBe(one.id);
    await expect(forced.provider.delete(one.id, one.outs)).rejects.toThrow("UTHO_TAKEN_OVER");
    const next = run();
    const { inputs: kept } = await next.provider.check(inputs, web);
    await next.provider.diff(taken.id, taken.outs, kept);
    await expect(next.provider.delete(one.id, one.outs)).rejects.toThrow("UTHO_TAKEN_OVER");
    const changed = await replace({ ...taken, inputs }, { triggers: ["new"] });
    await changed.provider.delete(one.id, one.outs);
    await changed.provider.delete(taken.id, taken.outs);
    expect(ids()).toEqual([changed.id]);
  });

  it("that adopts says where the name is another stack's, which may delete it", async () => {
    const nightly = urnOf("nightly", "SnapshotRotation");
    const theirs = leave(generateName(nightly.replace(":dev:", ":prod:"), Date.now() - HOUR));
    const byHand = leave("golden");
    const idOf = (id: string) => ({ adoptId: id.split("/")[1] });
    expect((await create(idOf(theirs))).said.join()).toMatch(/prod-nightly-.*If it is another stack's/);
    expect((await create(idOf(byHand))).said).toEqual([]);
    // A rotation of this program spares what is adopted.
    const ours = run();
    const rotation = ours.runtime.memory;
    rotation.checked({}, { resourceUrn: nightly, mark: parseGeneratedName(nameOf(theirs) ?? "")?.mark });
    const { inputs } = await ours.provider.check({}, { cloudId: "1001", resourceUrn, ...idOf(theirs) });
    await ours.provider.create(inputs);
    expect(ours.said).toEqual([]);
  });

  it.each([
    ["adopted it in this run", true],
    ["failed to adopt it", false],
  ])("stays when its resource leaves the program for another, which %s", async (_what, adopts) => {
    const one = await first();
    const renamed = run();
    const news = { ...web, resourceUrn: urnOf("golden"), adoptId: one.id.split("/")[1] };
    const { inputs } = await renamed.provider.check({}, news);
    if (adopts) expect((await renamed.provider.create(inputs)).id).toBe(one.id);
    await renamed.provider.delete(one.id, one.outs);
    expect(renamed.said.join()).toContain("still belongs to urn:pulumi:dev");
    expect(ids()).toEqual([one.id]);
  });

  it("never deletes for an older one that it took over", async () => {
    const kept = leave(generateName(resourceUrn, Date.now() - HOUR / 2));
    const younger = await replace({ inputs: { ...web, mark: "a1b2c3" } }, {});
    const forced = run();
    const { inputs } = await forced.provider.check({}, web);
    const taken = await forced.provider.create(inputs);
    expect(taken.id).toBe(kept);
    await expect(forced.provider.delete(younger.id, younger.outs)).rejects.toThrow("older than");
    const next = run();
    await next.provider.diff(taken.id, taken.outs, (await next.provider.check(inputs, web)).inputs);
    await expect(next.provider.delete(younger.id, younger.outs)).rejects.toThrow("older than");
  });

  it.each([
    ["the new program says keep", {}, { onReplace: "keep" }, true],
    ["the old one said so, and the new one says nothing", { onReplace: "keep" }, {}, true],
    ["the new program says delete", { onReplace: "keep" }, { onReplace: "delete" }, false],
    ["neither says anything", {}, {}, false],
  ])("by a replacement leaves the old one as onReplace says: %s", async (_what, before, after, stays) => {
    const one = await first({ triggers: ["a"], ...before });
    const two = await replace(one, { triggers: ["b"], ...after });
    await two.provider.delete(one.id, one.outs);
    expect(ids()).toEqual(stays ? [one.id, two.id] : [two.id]);
    expect(two.said.some((text) => text.includes("stays in Utho"))).toBe(stays);
    // Without a program, or in one that does not declare it, the resource goes.
    await run().provider.delete(two.id, two.outs);
    expect(ids()).toEqual(stays ? [one.id] : []);
  });

  it("takes no second name and no second adoption from what it replaces", async () => {
    const exact = await first({ name: "golden" });
    const named = await replace({ inputs: exact.inputs }, { name: "golden" });
    expect(nameOf(named.id)).toBe("golden");
    expect(named.id).not.toBe(exact.id);
    const adopted = await first({ adoptId: exact.id.split("/")[1] });
    const renewed = await replace({ inputs: adopted.inputs }, { adoptId: exact.id.split("/")[1] });
    expect(renewed.id).not.toBe(exact.id);
  });

  it("does not take over what another resource of the same stack and name left", async () => {
    const left = leave(generateName(urnOf("web", "Other"), Date.now()));
    const { id } = await create();
    expect(id).not.toBe(left);
    expect(ids()).toEqual([left, id]);
  });
});
