import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planServer } from "../../../../provider/rotation/plan/server";
import type { KeepPolicy } from "../../../../provider/rotation/plan/types";
import { policyOf, snapshotAt } from "./plan-cases";

/** What `restic forget --dry-run` kept of these snapshots and why, as tools/record-restic.mjs recorded it. */
interface Recorded {
  version: string;
  histories: {
    name: string;
    timeZone: string;
    times: string[];
    cases: { keep: KeepPolicy; kept: Record<string, string[]> }[];
  }[];
}

const recorded: Recorded = JSON.parse(readFileSync(join(__dirname, "recorded/restic.json"), "utf8"));

/** restic says "daily snapshot". */
function ours(reasons: readonly string[]): string[] {
  return reasons.map((reason) => reason.replace(/ snapshot$/, ""));
}

describe(`restic ${recorded.version} and the plan keep the same for the same reasons`, () => {
  const all = recorded.histories.flatMap(({ name, timeZone, times, cases }) =>
    cases.map((one) => ({ ...one, timeZone, times, title: `${name}: ${JSON.stringify(one.keep)}` })),
  );

  it("of a few hundred histories and policies", () => {
    expect(all.length).toBeGreaterThan(150);
    expect(new Set(recorded.histories.map(({ timeZone }) => timeZone)).size).toBeGreaterThan(3);
  });

  it.each(all)("$title", ({ keep, kept, timeZone, times }) => {
    const snapshots = times.map((time) => snapshotAt(time));
    const now = Date.parse(times.at(-1) ?? "");
    const plan = planServer("1001", snapshots, policyOf(keep, { timeZone }), now);
    const mine = plan.keep.map(({ snapshot, reasons }) => [
      new Date(snapshot.takenAt).toISOString(),
      reasons,
    ]);
    const theirs = Object.entries(kept).map(([time, reasons]) => [time, ours(reasons)]);
    expect(Object.fromEntries(mine)).toEqual(Object.fromEntries(theirs));
  });
});
