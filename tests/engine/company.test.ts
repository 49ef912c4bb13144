import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type Simulator, type SimulatorSettings, startSimulator } from "../../simulator";
import { codeOf } from "../support/faults/code";
import { type Declared, type Ended, MiniEngine } from "../support/mini-engine";
import { hostOf } from "../support/plugin-door";
import { Stack } from "../support/stack";
import { QUICK } from "./faults/account";

const SNAPSHOT_OF_1001: Declared = { cloudId: "1001", triggers: [], retainOnDelete: false };
const EXACT: Declared = { ...SNAPSHOT_OF_1001, more: { name: "nightly" } };

/** A program somewhere, with a plugin process of its own: nothing in memory is shared with anybody. */
interface Colleague {
  engine: MiniEngine;
  program: Map<string, Declared>;
  host: Awaited<ReturnType<typeof hostOf>>;
}

describe("one server, and several clients that make its snapshots", () => {
  let simulator: Simulator;
  const hosts: Colleague["host"][] = [];
  const homes: string[] = [];

  afterEach(async () => {
    for (const host of hosts.splice(0)) host.close();
    for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
    await simulator.close();
  });

  async function begin(settings: Partial<SimulatorSettings> = {}): Promise<void> {
    simulator = await startSimulator({ settings: { snapshotDurationMs: 120, ...settings } });
  }

  async function colleague(stack: string, declared: Declared, names = ["web"]): Promise<Colleague> {
    const home = mkdtempSync(join(tmpdir(), "pulumi-utho-company-"));
    homes.push(home);
    const host = await hostOf(home);
    hosts.push(host);
    const config = { ...QUICK, "utho:token": simulator.token, "utho:endpoint": simulator.url };
    const engine = new MiniEngine(host, config, stack);
    // The plugin runs already when the race begins.
    await engine.refresh();
    return { engine, host, program: new Map(names.map((name) => [name, declared])) };
  }

  const idsOf = ({ engine }: Colleague): string[] => [...engine.state.values()].map(({ id }) => id);

  function inCloud(name?: string): string[] {
    const all = simulator.cloud.snapshots().filter((one) => name === undefined || one.name === name);
    return all.map(({ cloudId, id }) => `${cloudId}/${id}`);
  }

  async function together(colleagues: readonly Colleague[]): Promise<Ended[]> {
    console.log("[reliability] races=1");
    return Promise.all(colleagues.map(({ engine, program }) => engine.up(program)));
  }

  it.each([
    ["a server does one thing at a time", {}],
    ["a server takes all at once", { busyRule: "accept" }],
    [
      "listings lag",
      { busyRule: "accept", accountListingLagMs: 80, serverListingLagMs: 80, snapshotDurationMs: 200 },
    ],
    ["a busy server says so with 423", { busyStyle: "http423" }],
  ] as const)("three stacks with generated names each get their own: %s", async (_name, settings) => {
    await begin(settings);
    const colleagues = await Promise.all(
      ["dev", "staging", "prod"].map((stack) => colleague(stack, SNAPSHOT_OF_1001, ["web", "db"])),
    );
    const ended = await together(colleagues);
    expect(ended.flatMap(({ errors }) => errors)).toEqual([]);
    const ids = colleagues.flatMap(idsOf);
    expect(new Set(ids).size).toBe(6);
    expect(inCloud().sort()).toEqual(ids.sort());
  });

  it.each([
    ["a server does one thing at a time", {}],
    ["a server takes all at once", { busyRule: "accept" }],
    [
      "listings lag",
      { busyRule: "accept", accountListingLagMs: 80, serverListingLagMs: 80, snapshotDurationMs: 300 },
    ],
    ["names are unique", { duplicateNames: "refuse" }],
  ] as const)("two stacks with one exact name never share a snapshot: %s", async (_name, settings) => {
    await begin(settings);
    const colleagues = await Promise.all([colleague("dev", EXACT), colleague("prod", EXACT)]);
    const ended = await together(colleagues);
    const ids = colleagues.flatMap(idsOf);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [index, one] of colleagues.entries()) {
      const errors = ended[index]?.errors ?? [];
      expect(errors.length + idsOf(one).length).toBe(1);
      for (const text of errors) {
        expect(text).toMatch(/adoptId|already exists/);
        expect(codeOf(text)).toMatch(/^UTHO_(SNAPSHOT_NAME_TAKEN|SNAPSHOT_AMBIGUOUS|BAD_REQUEST)$/);
      }
    }
    // Whatever exists is in a state, or its id is in an error.
    const errors = ended.flatMap((one) => one.errors).join("\n");
    for (const id of inCloud()) {
      const number = id.split("/")[1] ?? "";
      expect(ids.includes(id) || errors.includes(number), `${id} is in a state or an error`).toBe(true);
    }
  });

  it("two stacks with exact names of their own each get theirs", async () => {
    await begin();
    const nightly = await colleague("dev", EXACT);
    const weekly = await colleague("prod", { ...EXACT, more: { name: "weekly" } });
    const ended = await together([nightly, weekly]);
    expect(ended.flatMap(({ errors }) => errors)).toEqual([]);
    expect(idsOf(nightly)).toEqual(inCloud("nightly"));
    expect(idsOf(weekly)).toEqual(inCloud("weekly"));
    expect(inCloud()).toHaveLength(2);
  });

  it("a person's snapshot during a creation is left alone, whatever its name", async () => {
    await begin();
    const dev = await colleague("dev", SNAPSHOT_OF_1001);
    const stop = simulator.requests.onArrival(({ operation, number }) => {
      const moment = operation === "snapshot.create" || operation === "snapshot.listByDeploy";
      if (moment) simulator.cloud.addSnapshot({ cloudId: "1001", name: `by hand ${number}` });
    });
    const [ended] = await together([dev]);
    stop();
    expect(ended?.errors).toEqual([]);
    const [id, ...more] = idsOf(dev);
    expect(more).toEqual([]);
    const mine = simulator.cloud.snapshots().filter(({ name }) => !name.startsWith("by hand"));
    expect(mine.map((one) => `1001/${one.id}`)).toEqual([id]);
  });

  it.each(["before the request", "after it"])(
    "a person's snapshot of the same exact name, %s, is never silently taken for ours",
    async (moment) => {
      await begin();
      const dev = await colleague("dev", EXACT);
      const on = moment === "before the request" ? "onArrival" : "onSettled";
      const stop = simulator.requests[on](({ operation }) => {
        if (operation !== "snapshot.create") return;
        stop();
        simulator.cloud.addSnapshot({ cloudId: "1001", name: "nightly" });
      });
      const [ended] = await together([dev]);
      expect(ended?.errors.map(codeOf)).toEqual(["UTHO_SNAPSHOT_AMBIGUOUS"]);
      expect(ended?.errors[0]).toContain("adoptId");
      for (const { id } of simulator.cloud.snapshots()) expect(ended?.errors[0]).toContain(id);
      expect(idsOf(dev)).toEqual([]);
    },
  );

  it("a server that is busy with another's operation is waited for, within the time-out", async () => {
    // It takes as long as this test wants it to.
    await begin({ snapshotDurationMs: 3_600_000 });
    const patient = await colleague("dev", SNAPSHOT_OF_1001);
    const hasty = await colleague("prod", { ...SNAPSHOT_OF_1001, more: { timeouts: { create: "200ms" } } });
    const other = await colleague("other", SNAPSHOT_OF_1001);
    const first = together([other]);
    await simulator.requests.waitFor(({ operation, settled }) => operation === "snapshot.create" && settled);
    const waiting = together([patient]);
    const [gaveUp] = await together([hasty]);
    // Whoever asks now is the patient one.
    const asked = simulator.requests.count("snapshot.create");
    await simulator.requests.waitFor(() => simulator.requests.count("snapshot.create") > asked);
    // The resource's row says what the run waits for.
    const urn = patient.engine.urnOf("web");
    const rows = () => patient.host.shown.filter((one) => one.urn === urn).map(({ text }) => text);
    const isBusy = (text: string) => text.startsWith("server 1001 is busy; waiting");
    await expect.poll(() => rows().some(isBusy), { timeout: 30_000 }).toBe(true);
    simulator.cloud.setSettings({ snapshotDurationMs: 25 });
    simulator.cloud.endOperations("1001");
    const [waited] = await waiting;
    await first;
    expect(gaveUp?.errors.map(codeOf)).toEqual(["UTHO_SERVER_BUSY"]);
    expect(waited?.errors).toEqual([]);
    expect(idsOf(hasty)).toEqual([]);
    expect(inCloud().sort()).toEqual([...idsOf(patient), ...idsOf(other)].sort());
  });
});

describe("two stacks of the real CLI at the same moment", () => {
  it("each get their own snapshot of one server, and the second waits for the first", async () => {
    // The first one takes until the second has been asked to try again.
    const simulator = await startSimulator({ settings: { snapshotDurationMs: 3_600_000 } });
    const program = 'exports.id = new utho.Snapshot("web", { cloudId: "1001" }).id;';
    const stacks = await Promise.all(
      ["dev", "prod"].map((stack) => Stack.create({ program, simulator, stack })),
    );
    try {
      const running = Promise.all(stacks.map((stack) => stack.up()));
      const { requests, cloud } = simulator;
      await requests.waitFor(() => requests.count("snapshot.create") > 1, 120_000);
      cloud.setSettings({ snapshotDurationMs: 25 });
      cloud.endOperations("1001");
      const runs = await running;
      console.log("[reliability] races=1");
      for (const run of runs) expect(run.code, run.output).toBe(0);
      expect(requests.count("snapshot.create")).toBeGreaterThan(2);
      const ids = await Promise.all(stacks.map(async (stack) => (await stack.outputs()).id));
      expect(new Set(ids).size).toBe(2);
      expect(
        simulator.cloud
          .snapshots()
          .map(({ id }) => `1001/${id}`)
          .sort(),
      ).toEqual(ids.sort());
    } finally {
      for (const stack of stacks) stack.dispose();
      await simulator.close();
    }
  });
});
