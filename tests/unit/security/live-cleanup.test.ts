import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, type SimulatorSettings, startSimulator } from "../../../simulator";
import { cleanUp } from "../../live/cleanup";
import { Guard } from "../../live/observer/guard";
import { Observer } from "../../live/observer/observer";
import { readLiveSettings } from "../../live/settings";
import { Shelf } from "../../live/shelf";

const PREFIX = "u0a1b2c3d-";
const CREATE = "/cloud/1001/snapshot/create";

let simulator: Simulator;
let observer: Observer;

async function start(settings: Partial<SimulatorSettings> = {}): Promise<void> {
  simulator = await startSimulator({
    snapshots: [{ id: "4001", cloudId: "1001", name: "by hand" }],
    settings: { snapshotDurationMs: 100, ...settings },
  });
  const guard = new Guard({ cloudId: "1001", prefix: PREFIX, restore: false });
  observer = await Observer.start(simulator.url, simulator.token, guard);
}

beforeEach(() => start());

afterEach(async () => {
  await observer.close();
  await simulator.close();
});

async function restart(settings: Partial<SimulatorSettings>): Promise<void> {
  await observer.close();
  await simulator.close();
  await start(settings);
}

const create = (name: string) =>
  observer.ask({ method: "POST", path: CREATE, body: { name: PREFIX + name } });

function clean(patience: string, grace = "5s") {
  const settings = readLiveSettings({
    UTHO_TOKEN: simulator.token,
    UTHO_ENDPOINT: simulator.url,
    UTHO_LIVE_SERVER: "1001",
    UTHO_LIVE_POLL: "20ms",
    UTHO_LIVE_PATIENCE: patience,
    UTHO_LIVE_GRACE: grace,
  });
  const { cloudId, pollInterval: interval } = settings;
  const shelf = new Shelf(observer, { cloudId, prefix: PREFIX, interval, patience: settings.patience });
  return cleanUp(observer, shelf, settings);
}

describe("the live kit's cleanup", () => {
  it("deletes what the run made, also of one name, and nothing else", async () => {
    await restart({ busyRule: "accept" });
    await create("a");
    await create("a");
    await create("b");
    expect(await clean("20s")).toEqual({ deleted: 3, left: [], neverListed: [] });
    expect(simulator.cloud.snapshots()).toMatchObject([{ id: "4001" }]);
  });

  it("waits for what is listed late", async () => {
    await restart({ accountListingLagMs: 300, serverListingLagMs: 300 });
    await create("late");
    expect(await clean("20s")).toEqual({ deleted: 1, left: [], neverListed: [] });
    expect(simulator.cloud.snapshots()).toHaveLength(1);
  });

  it("looks for what a lost answer may have made", async () => {
    simulator.faults.add({ operation: "snapshot.create", phase: "after", kind: { cut: true } });
    expect((await create("lost")).answer).toBeUndefined();
    expect(await clean("20s")).toEqual({ deleted: 1, left: [], neverListed: [] });
    expect(simulator.cloud.snapshots()).toHaveLength(1);
  });

  it("does not wait for what was refused", async () => {
    await create("first");
    await create("refused-as-busy");
    expect(await clean("20s")).toEqual({ deleted: 1, left: [], neverListed: [] });
  });

  it("reports what was asked for and never listed", async () => {
    simulator.faults.add({ operation: "snapshot.create", phase: "before", kind: { cut: true } });
    await create("never");
    expect(await clean("20s", "100ms")).toEqual({ deleted: 0, left: [], neverListed: [`${PREFIX}never`] });
  });

  it("takes an API that does not answer for no proof that nothing is left", async () => {
    await create("seen");
    await observer.ask({ method: "GET", path: "/cloud/1001" });
    simulator.faults.add({ operation: "*", phase: "before", kind: { status: 503 }, times: "always" });
    const { left } = await clean("100ms");
    expect(left).toMatchObject([{ name: `${PREFIX}seen` }]);
  });

  it("says what Utho does not let go", async () => {
    await create("kept");
    simulator.faults.add({
      operation: "snapshot.delete",
      phase: "before",
      kind: { errorIn200: "Not now" },
      times: "always",
    });
    expect(await clean("200ms")).toMatchObject({ deleted: 0, left: [{ name: `${PREFIX}kept` }] });
  });
});
