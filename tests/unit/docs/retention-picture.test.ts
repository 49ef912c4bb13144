import { describe, expect, it } from "vitest";
import { planServer } from "../../../provider/rotation/plan/server";
import type { ServerPlan } from "../../../provider/rotation/plan/types";
import { readPage } from "./pages";

async function drawn(): Promise<{ picture: string; plan: ServerPlan; nights: number }> {
  const { drawRetention, SCENE } = await import("../../../tools/docs/retention.mjs");
  const plan = planServer("1001", SCENE.snapshots, SCENE.policy, SCENE.now);
  return { picture: drawRetention(plan), plan, nights: SCENE.snapshots.length };
}

describe("docs/pictures/retention.svg", () => {
  it("is what the plan keeps now: `npm run build && node tools/draw-retention.mjs` draws it again", async () => {
    expect(readPage("docs/pictures/retention.svg")).toBe((await drawn()).picture);
  });

  it("shows every night once, and each that is kept with its reasons", async () => {
    const { picture, plan, nights } = await drawn();
    const shown = [...picture.matchAll(/<title>(\d{4}-\d\d-\d\d), ([^<]+)<\/title>/g)];
    expect(new Set(shown.map(([, date]) => date)).size).toBe(nights);
    const kept = shown.filter(([, , fate]) => fate?.startsWith("kept"));
    expect(kept.map(([, date, fate]) => `${date} ${fate}`)).toEqual(
      plan.keep.map(
        ({ snapshot, reasons }) =>
          `${new Date(snapshot.takenAt).toISOString().slice(0, 10)} kept: ${reasons.join(", ")}`,
      ),
    );
    expect(plan.keep).toHaveLength(15);
  });
});
