import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { memberTime } from "../../../provider/rotation/members";
import { planServer } from "../../../provider/rotation/plan/server";
import type { RotationSnapshot } from "../../../provider/rotation/plan/types";
import { ROTATION_FORWARDER } from "../../../sdk/forwarder";
import { type LoggedRequest, type Simulator, startSimulator } from "../../../simulator";
import { PluginHost } from "../../support/plugin";
import { RotationLife } from "../../support/rotation-life";
import { ShiftedClock } from "../../support/shifted-clock";

const HOUR = 3_600_000;

describe("a rotation in the real plugin", () => {
  let home: string;
  let clock: ShiftedClock;
  let simulator: Simulator;
  let host: PluginHost;
  let life: RotationLife;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "rotation-"));
    clock = new ShiftedClock("2026-02-20T02:00:00Z");
    simulator = await startSimulator({ clock: clock.clock, settings: { snapshotDurationMs: 50 } });
    host = await PluginHost.open(home, { forwarder: ROTATION_FORWARDER, env: clock.env });
    life = new RotationLife(host, simulator);
  });

  afterEach(async () => {
    host.close();
    await simulator.close();
    clock.dispose();
    rmSync(home, { recursive: true, force: true });
  });

  const names = (cloudId: string): string[] => simulator.cloud.snapshots(cloudId).map(({ name }) => name);

  it("leaves after thirty days just what the plan keeps of all that was ever taken", async () => {
    const keep = { last: 2, daily: 7, weekly: 3, monthly: 2, within: "2d" };
    const program = { cloudIds: ["1001", "1002"], every: "12h", keep, timeZone: "Asia/Kolkata", minKeep: 2 };
    const policy = { everyMs: 12 * HOUR, keep, timeZone: "Asia/Kolkata", minKeep: 2 };
    simulator.cloud.addSnapshot({ cloudId: "1001", name: "made by hand" });
    for (let day = 0; day < 30; day += 1) {
      // The job of the morning, that of the evening, which comes late or early, and now and then none.
      const { error } = await life.up(program);
      expect(error).toBeUndefined();
      clock.advance(simulator, 12 * HOUR + ((day * 7) % 25) * 60_000);
      if (day % 5 !== 4) expect((await life.up(program)).error).toBeUndefined();
      clock.advance(simulator, 12 * HOUR - ((day * 7) % 25) * 60_000);
    }
    await life.up(program);
    for (const cloudId of program.cloudIds) {
      const expected = replayed(simulator.requests.all("snapshot.create"), cloudId);
      expect(
        names(cloudId)
          .filter((name) => name !== "made by hand")
          .sort(),
      ).toEqual(expected.sort());
    }
    expect(names("1001")).toContain("made by hand");

    /** What the plan alone leaves of the snapshots that were asked for, one after the other. */
    function replayed(requests: readonly LoggedRequest[], cloudId: string): string[] {
      const { mark, prefixes } = life.state;
      let kept: RotationSnapshot[] = [];
      const own = requests.filter((one) => one.cloudId === cloudId).map(({ body }) => nameIn(body));
      expect(own.length).toBeGreaterThan(50);
      for (const name of own) {
        const takenAt = memberTime(name, { mark, prefixes }) ?? 0;
        kept.push({ id: `${cloudId}/${1_000 + kept.length}`, cloudId, name, takenAt, status: "Active" });
        const doomed = new Set(planServer(cloudId, kept, policy, takenAt).delete.map((one) => one.name));
        kept = kept.filter((one) => !doomed.has(one.name));
      }
      return kept.map(({ name }) => name);
    }
  });
});

function nameIn(body: unknown): string {
  if (typeof body !== "object" || body === null || !("name" in body)) return "";
  return String(body.name);
}
