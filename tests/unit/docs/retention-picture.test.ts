import { describe, expect, it } from "vitest";
import { planServer } from "../../../provider/rotation/plan";
import { drawRetention, SCENE } from "../../../tools/docs/retention.mjs";
import { readPage } from "./pages";

const plan = planServer("1001", SCENE.snapshots, SCENE.policy, SCENE.now);

describe("docs/pictures/retention.svg", () => {
  it("is what the plan keeps now: `npm run build && node tools/draw-retention.mjs` draws it again", () => {
    expect(readPage("docs/pictures/retention.svg")).toBe(drawRetention(plan));
  });

  it("shows every night once, and each that is kept with its reasons", () => {
    const nights = [...drawRetention(plan).matchAll(/<title>(\d{4}-\d\d-\d\d), ([^<]+)<\/title>/g)];
    expect(new Set(nights.map(([, date]) => date)).size).toBe(SCENE.snapshots.length);
    const kept = nights.filter(([, , fate]) => fate?.startsWith("kept"));
    expect(kept.map(([, date, fate]) => `${date} ${fate}`)).toEqual(
      plan.keep.map(
        ({ snapshot, reasons }) =>
          `${new Date(snapshot.takenAt).toISOString().slice(0, 10)} kept: ${reasons.join(", ")}`,
      ),
    );
    expect(plan.keep).toHaveLength(15);
  });
});
