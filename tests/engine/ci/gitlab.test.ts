import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Simulator, startSimulator } from "../../../simulator";
import { installCommand, runScript } from "../../support/ci-steps";
import { Stack } from "../../support/stack";

const RECIPES = resolve(__dirname, "../../../examples/ci");
const GITLAB: Record<string, { script?: string[] }> = parse(
  readFileSync(join(RECIPES, "gitlab/.gitlab-ci.yml"), "utf8"),
);

describe("the recipe for GitLab", { timeout: 600_000 }, () => {
  let simulator: Simulator;
  let stack: Stack;

  beforeAll(async () => {
    simulator = await startSimulator({ servers: [{ hostname: "web-1" }] });
    const program = 'new utho.Snapshot("web", { cloudId: "1001" });';
    stack = await Stack.create({ program, simulator, stack: "prod", config: { "utho:token": undefined } });
    installCommand(stack.folder);
  });

  afterAll(async () => {
    stack.dispose();
    await simulator.close();
  });

  /** The lines of a job, as GitLab's runner puts them into one script. */
  async function gitlab(job: string) {
    const env = { ...stack.environment(), STACK: "prod", UTHO_TOKEN: simulator.token };
    const ended = await runScript((GITLAB[job]?.script ?? ["exit 99"]).join("\n"), stack.folder, env);
    expect(ended.output).not.toContain(simulator.token);
    return ended;
  }

  it("takes the snapshots, and is green when all is well", async () => {
    const up = await gitlab("up");
    expect(up.code, up.output).toBe(0);
    expect(simulator.cloud.snapshots()).toHaveLength(1);
    const preview = await gitlab("preview");
    expect(preview.code, preview.output).toBe(0);
    const check = await gitlab("check");
    expect(check.code, check.output).toBe(0);
    expect(check.output).toContain("All is well.");
    expect(simulator.requests.count("snapshot.create")).toBe(1);
  });

  it("takes an expired token for no all-clear", async () => {
    simulator.faults.add({ operation: "*", phase: "before", kind: { status: 401 }, times: "always" });
    const job = await gitlab("check");
    simulator.faults.clear();
    expect(job.code, job.output).toBe(1);
    expect(job.output).toContain("THE CHECK FAILED");
  });

  it("is red after a loss, before an update and in the check", async () => {
    simulator.cloud.deleteSnapshot(simulator.cloud.snapshots()[0]?.id ?? "");
    for (const name of ["check", "up"]) {
      const job = await gitlab(name);
      expect(job.code, job.output).toBe(1);
      expect(job.output).toMatch(/web-1: 1001\/\d+ of \d+ \w+ \d\d:\d\d UTC was deleted outside/);
    }
  });
});
