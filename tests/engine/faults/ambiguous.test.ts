import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import { DOOR } from "../../support/doors";
import { figuresOf } from "../../support/faults/figures";
import { runTrials, trialsOf } from "../../support/faults/trial";
import { InProcessHost } from "../../support/in-process";
import type { Host } from "../../support/mini-engine";
import { PluginDoorHost } from "../../support/plugin-door";
import { Account, type AccountOptions } from "./account";
import { SCENES } from "./scenes";

describe("answers that do not say what happened", () => {
  const home = mkdtempSync(join(tmpdir(), "pulumi-utho-faults-"));
  let host: Host;

  beforeAll(async () => {
    host =
      DOOR === "plugin"
        ? await PluginDoorHost.open(home)
        : new InProcessHost(home, (runtime) => new SnapshotLifecycle(runtime));
  });

  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
    console.log(figuresOf(SCENES));
  });

  const open = (options: AccountOptions = {}) => Account.open(host, options);

  // Most of the time nothing happens but waiting for an answer that never comes.
  it.concurrent.each(SCENES)("$name: $call", { timeout: 600_000 }, async (scene) => {
    expect(await runTrials(open, trialsOf(scene))).toEqual([]);
  });
});
