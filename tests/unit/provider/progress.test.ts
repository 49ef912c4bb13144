import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { engineAddress, engineProgress } from "../../../provider/engine/progress";
import { EngineEnd } from "../../support/plugin";

const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/utho:Snapshot::web";

describe("progress, as Pulumi's own log service receives it", () => {
  let engine: EngineEnd;

  beforeEach(async () => {
    engine = await EngineEnd.start();
  });

  afterEach(() => engine.close());

  const started = (argument: string) => engineProgress(engineAddress(["node", "plugin", argument]));

  it("shows each new text in the resource's own row, and leaves nothing behind", async () => {
    const progress = started(engine.address)(URN);
    progress.status("creating snapshot, 2m10s");
    progress.status("creating snapshot, 2m10s");
    await progress.flush();
    progress.status("creating snapshot, 2m15s");
    await progress.flush();
    expect(engine.shown).toEqual([
      { urn: URN, text: "creating snapshot, 2m10s" },
      { urn: URN, text: "creating snapshot, 2m15s" },
    ]);
    expect(engine.said).toEqual([]);
  });

  it("shows the first and the latest of many texts at once, and none that was overtaken", async () => {
    const progress = started(engine.address)(URN);
    for (let done = 1; done <= 1_000; done += 1) progress.status(`${done} of 1000 servers done`);
    await progress.flush();
    expect(engine.shown.map(({ text }) => text)).toEqual([
      "1 of 1000 servers done",
      "1000 of 1000 servers done",
    ]);
  });

  it("keeps warnings and notes, each on one line whatever the cloud's names hold", async () => {
    const progress = started(engine.address)(URN);
    progress.warn("renamed to \u001b[2Ja\nb");
    progress.info("taken over");
    await progress.flush();
    expect([...engine.said].sort()).toEqual(["renamed to  [2Ja b", "taken over"]);
    expect(engine.shown).toEqual([]);
  });

  it("shows no row when the resource is not known", async () => {
    const progress = started(engine.address)(undefined);
    progress.status("creating snapshot");
    progress.warn("seen");
    await progress.flush();
    expect(engine.shown).toEqual([]);
    expect(engine.said).toEqual(["seen"]);
  });

  it.each(["--flag", "no-address"])(
    "is silence where the plugin was given %s for its engine",
    async (given) => {
      const progress = started(given)(URN);
      progress.status("creating snapshot");
      progress.warn("seen");
      await progress.flush();
      expect([...engine.shown, ...engine.said]).toEqual([]);
    },
  );
});
