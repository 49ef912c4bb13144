import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Simulator, startSimulator } from "../../../simulator";
import { runScript } from "../../support/ci-steps";
import { Stack } from "../../support/stack";

const RECIPES = resolve(__dirname, "../../../examples/ci");
const GITLAB: Record<string, { script?: string[] }> = parse(
  readFileSync(join(RECIPES, "gitlab/.gitlab-ci.yml"), "utf8"),
);
const CRON = join(RECIPES, "cron/snapshots.sh");

describe("the recipes for GitLab and cron", { timeout: 600_000 }, () => {
  let simulator: Simulator;
  let stack: Stack;

  beforeAll(async () => {
    simulator = await startSimulator();
    const program = 'new utho.Snapshot("web", { cloudId: "1001" });';
    stack = await Stack.create({ program, simulator, stack: "prod", config: { "utho:token": undefined } });
    writeFileSync(join(stack.folder, "snapshots.env"), `UTHO_TOKEN=${simulator.token}\n`, { mode: 0o600 });
  });

  afterAll(async () => {
    stack.dispose();
    await simulator.close();
  });

  /** The lines of a job, as GitLab's runner puts them into one script. */
  function gitlab(job: string) {
    const env = { ...stack.environment(), STACK: "prod", UTHO_TOKEN: simulator.token };
    return runScript((GITLAB[job]?.script ?? ["exit 99"]).join("\n"), stack.folder, env);
  }

  function cron(command: string) {
    const own = { SNAPSHOTS_PROGRAM: stack.folder, SNAPSHOTS_ENV: join(stack.folder, "snapshots.env") };
    return runScript(`"${CRON}" ${command}`, stack.folder, { ...stack.environment(), ...own });
  }

  it("up makes the snapshots, and then there is no drift; cron is quiet", async () => {
    const up = await gitlab("up");
    expect(up.code, up.output).toBe(0);
    expect(simulator.cloud.snapshots()).toHaveLength(1);
    const preview = await gitlab("preview");
    expect(preview.code, preview.output).toBe(0);
    const drift = await gitlab("drift");
    expect(drift.code, drift.output).toBe(0);
    expect(drift.output).toContain("No drift.");
    expect(await cron("up")).toEqual({ code: 0, output: "" });
    expect(await cron("drift")).toEqual({ code: 0, output: "" });
    expect(await cron("")).toMatchObject({ code: 2 });
    expect(simulator.requests.count("snapshot.create")).toBe(1);
  });

  it("drift is red and reported", async () => {
    const [snapshot] = simulator.cloud.snapshots();
    simulator.cloud.renameSnapshot(snapshot?.id ?? "", "renamed outside");
    const drift = await gitlab("drift");
    expect(drift.code, drift.output).toBe(7);
    expect(drift.output).toMatch(/renamed outside.*DRIFT: a snapshot is missing/s);
    const nightly = await cron("drift");
    expect(nightly.code, nightly.output).toBe(7);
    expect(nightly.output).toMatch(/^DRIFT: a snapshot of stack prod .*renamed outside/s);
  });

  it("a check that fails is red, and is reported neither as drift nor as in sync", async () => {
    simulator.faults.add({ operation: "*", phase: "before", kind: { status: 403 }, times: "always" });
    const drift = await gitlab("drift");
    expect(drift.code, drift.output).toBe(1);
    expect(drift.output).toContain("THE CHECK FAILED");
    const nightly = await cron("drift");
    expect(nightly.code, nightly.output).toBe(1);
    expect(nightly.output).toMatch(/^FAILED: pulumi refresh .*this says nothing about the snapshots/);
    expect(drift.output + nightly.output).not.toMatch(/No drift|DRIFT:/);
    simulator.faults.clear();
  });
});
