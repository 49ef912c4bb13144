import { expect, it } from "vitest";
import { memberTime } from "../../../../provider/rotation/members";
import { planServer } from "../../../../provider/rotation/plan/server";
import type { RotationSnapshot } from "../../../../provider/rotation/plan/types";
import type { LoggedRequest } from "../../../../simulator";
import { HOUR, MINUTE, RotationRig } from "./rotation-rig";

const KEEP = { last: 2, daily: 7, weekly: 3, monthly: 2, within: "2d" };
const PROGRAM = {
  cloudIds: ["1001", "1002"],
  every: "12h",
  keep: KEEP,
  timeZone: "Asia/Kolkata",
  minKeep: 2,
};
const POLICY = { everyMs: 12 * HOUR, keep: KEEP, timeZone: "Asia/Kolkata", minKeep: 2 };

it("thirty days of a rotation leave just what the plan keeps of all that was ever taken", async () => {
  const rig = await RotationRig.start({}, { start: "2026-02-20T02:00:00Z" });
  const { simulator } = rig;
  simulator.cloud.addSnapshot({ cloudId: "1001", name: "made by hand" });
  for (let day = 0; day < 30; day += 1) {
    // The job of the morning, and that of the evening, which comes up to 24 minutes late, and now and then not at all.
    const late = ((day * 7) % 25) * MINUTE;
    expect((await rig.up(PROGRAM)).error).toBeUndefined();
    expect(await rig.refresh()).toBe(false);
    rig.advance(12 * HOUR + late);
    if (day % 5 !== 4) expect((await rig.up(PROGRAM)).error).toBeUndefined();
    rig.advance(12 * HOUR - late);
  }
  await rig.up(PROGRAM);
  for (const cloudId of PROGRAM.cloudIds) {
    const asked = simulator.requests.all("snapshot.create").filter((one) => one.cloudId === cloudId);
    // One each morning, one on most evenings: nothing was skipped because a job came late.
    expect(asked).toHaveLength(31 + 24);
    const left = rig.names(cloudId).filter((name) => name !== "made by hand");
    expect(left.sort()).toEqual(replayed(asked, cloudId, rig).sort());
  }
  expect(rig.names("1001")).toContain("made by hand");
  await simulator.close();
});

/** What the plan alone leaves of the snapshots that were asked for, one after the other. */
function replayed(asked: readonly LoggedRequest[], cloudId: string, { state }: RotationRig): string[] {
  let kept: RotationSnapshot[] = [];
  for (const [index, { body }] of asked.entries()) {
    const name = nameIn(body);
    const takenAt = memberTime(name, state) ?? 0;
    kept.push({ id: `${cloudId}/${1_000 + index}`, cloudId, name, takenAt, status: "Active" });
    const doomed = new Set(planServer(cloudId, kept, POLICY, takenAt).delete.map(({ id }) => id));
    kept = kept.filter(({ id }) => !doomed.has(id));
  }
  return kept.map(({ name }) => name);
}

function nameIn(body: unknown): string {
  return typeof body === "object" && body !== null && "name" in body ? String(body.name) : "";
}
