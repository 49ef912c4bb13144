import { afterEach, describe, expect, it } from "vitest";
import { HOUR, MINUTE, RotationRig, timesIn } from "./rotation-rig";

/** One to five at night in Berlin: from 00:00 to 04:00 of UTC in winter, and an hour earlier in summer. */
const NIGHTLY = {
  cloudId: "1001",
  every: "24h",
  between: ["01:00", "05:00"],
  timeZone: "Europe/Berlin",
  keep: { daily: 14 },
  powerOff: true,
};

describe("a rotation with a window", () => {
  let rig: RotationRig;
  const startAt = async (start: string): Promise<void> => {
    rig = await RotationRig.start(
      { servers: [{ cloudId: "1001", hostname: "web-1", diskGb: 50 }] },
      { start },
    );
  };
  afterEach(() => rig.simulator.close());

  it("takes one each night where a job runs on each merge, also when the clock changes, and none by day", async () => {
    await startAt("2026-03-27T10:30:00Z");
    const hours: string[] = [];
    for (let run = 0; run < 72; run += 1) {
      const { error, writes } = await rig.up(NIGHTLY);
      expect(error).toBeUndefined();
      if (writes.includes("server.poweroff")) hours.push(new Date(rig.now()).toISOString().slice(0, 13));
      rig.advance(HOUR);
    }
    expect(hours).toEqual(["2026-03-28T00", "2026-03-29T00", "2026-03-29T23"]);
    expect(timesIn(rig.names())).toEqual(["20260328T00", "20260329T00", "20260329T23"]);
    expect(rig.state.nextDue).toBe("2026-03-30T23:00:00Z");
  });

  it("waits with the first one for its window, and no longer than that", async () => {
    await startAt("2026-11-23T11:00:00Z");
    const first = await rig.up(NIGHTLY);
    expect(first).toMatchObject({ error: undefined, writes: [] });
    expect(first.said.at(-1)).toBe("The rotation takes nothing (next due in 13h), deletes nothing.");
    expect(rig.state).toMatchObject({ snapshots: [], nextDue: "2026-11-24T00:00:00Z" });
    rig.advance(12 * HOUR);
    expect(await rig.refresh()).toBe(false);
    expect(await rig.up(NIGHTLY)).toMatchObject({ changed: false, writes: [] });
    // No run fell into the window, and a refresh does not put the snapshot off.
    rig.advance(12 * HOUR);
    expect(await rig.refresh()).toBe(false);
    const late = await rig.up(NIGHTLY);
    expect(late.writes).toEqual(["server.poweroff", "snapshot.create", "server.poweron"]);
    expect(late.said.join()).toContain(
      "No run fell into the last window (between 01:00 and 05:00, Europe/Berlin) of web-1 (1001): what was due then is taken now, in or out of a window.",
    );
    expect(rig.state.nextDue).toBe("2026-11-25T00:00:00Z");
  });

  it("says that a window was missed, waits for the next one, and then takes at any hour", async () => {
    await startAt("2026-11-23T01:00:00Z");
    await rig.up(NIGHTLY);
    rig.advance(34 * HOUR);
    const noon = await rig.preview(NIGHTLY);
    expect(noon.changed).toBe(false);
    expect(noon.said.join()).toContain(
      "of web-1 (1001): nothing is taken before the next window; run a job in it.",
    );
    expect(noon.said.join()).toContain("The rotation takes nothing (next due in 13h), deletes nothing.");
    expect(await rig.up(NIGHTLY)).toMatchObject({ changed: false, writes: [] });
    rig.advance(24 * HOUR);
    expect(await rig.up(NIGHTLY)).toMatchObject({ error: undefined, changed: true });
    expect(timesIn(rig.names())).toEqual(["20261123T01", "20261125T11"]);
  });

  it("a run that began in the window takes its snapshot when the window closes in the meantime", async () => {
    await startAt("2026-11-24T03:59:00Z");
    const run = rig.up(NIGHTLY);
    const isOff = () => rig.simulator.requests.all().some(({ operation }) => operation === "server.poweroff");
    while (!isOff()) await rig.looked(1);
    rig.advance(10 * MINUTE);
    expect(await run).toMatchObject({
      error: undefined,
      writes: ["server.poweroff", "snapshot.create", "server.poweron"],
    });
    expect(rig.names()).toHaveLength(1);
  });
});
