import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { type Simulator, startSimulator } from "../../../simulator";
import { installCommand, runScript } from "../../support/ci-steps";
import { Stack } from "../../support/stack";

const RECIPES = resolve(__dirname, "../../../examples/ci");
const GITLAB: Record<string, { script?: string[] }> = parse(
  readFileSync(join(RECIPES, "gitlab/.gitlab-ci.yml"), "utf8"),
);

/** A snapshot that each new NIGHT replaces. */
const PROGRAM = 'new utho.Snapshot("web", { cloudId: "1001", triggers: [process.env.NIGHT ?? "1"] });';

describe("the recipes for GitLab and cron", { timeout: 600_000 }, () => {
  let simulator: Simulator;
  let stack: Stack;

  beforeAll(async () => {
    simulator = await startSimulator({ servers: [{ hostname: "web-1" }] });
    stack = await Stack.create({
      program: PROGRAM,
      simulator,
      stack: "prod",
      config: { "utho:token": undefined },
    });
    installCommand(stack.folder);
    copyFileSync(join(RECIPES, "cron/nightly.sh"), join(stack.folder, "nightly.sh"));
    writeFileSync(join(stack.folder, "nightly.env"), `UTHO_TOKEN=${simulator.token}\n`, { mode: 0o600 });
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

  /** What cron would mail, and the exit code. */
  async function cron(command = "", env: NodeJS.ProcessEnv = {}, before = "") {
    const own = { ...stack.environment(), ...env };
    const night = await runScript(`${before} ${stack.folder}/nightly.sh ${command}`, "/", own);
    // A screen at most, and never a secret.
    expect(night.output.split("\n").length).toBeLessThan(40);
    expect(night.output).not.toContain(simulator.token);
    return night;
  }

  /** A night on which `pulumi up` does this, and everything else what it always does. */
  function cronWhereUp(does: string, env: NodeJS.ProcessEnv = {}) {
    const folder = join(stack.folder, "stand-in");
    mkdirSync(folder);
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const real = join(process.env.PULUMI_UTHO_TEST_ENGINE ?? "", "pulumi");
    writeFileSync(join(folder, "pulumi"), `#!/bin/bash\n[ "$1" = up ] || exec ${real} "$@"\n${does}\n`);
    chmodSync(join(folder, "pulumi"), 0o755);
    return cron("", { PATH: `${folder}:${stack.environment().PATH}`, ...env });
  }

  it("take the snapshots, and are quiet on a good night", async () => {
    const up = await gitlab("up");
    expect(up.code, up.output).toBe(0);
    expect(simulator.cloud.snapshots()).toHaveLength(1);
    const preview = await gitlab("preview");
    expect(preview.code, preview.output).toBe(0);
    const check = await gitlab("check");
    expect(check.code, check.output).toBe(0);
    expect(check.output).toContain("All is well.");
    expect(await cron()).toEqual({ code: 0, output: "" });
    const beat = join(stack.folder, "beat");
    const lost = await cron("check", { NIGHTLY_HEARTBEAT: `file://${beat}` });
    expect(lost.code).toBe(1);
    expect(lost.output).toContain("the heartbeat could not be sent");
    writeFileSync(beat, "");
    expect(await cron("check", { NIGHTLY_HEARTBEAT: `file://${beat}` })).toEqual({ code: 0, output: "" });
    expect(await cron("odd")).toMatchObject({ code: 2 });
    expect(simulator.requests.count("snapshot.create")).toBe(1);
  });

  it("warnings of a night that succeeds are mailed, each once", async () => {
    const warning = "    warning: 2 snapshots are no longer in the rotation";
    const night = await cronWhereUp(`printf '%s\\n' Diagnostics: '${warning}' '${warning}'`);
    expect(night).toEqual({
      code: 0,
      output: "Warnings of stack prod:\n2 snapshots are no longer in the rotation\n",
    });
  });

  it("a night that fails says why, and that snapshots are lacking", async () => {
    simulator.faults.add({
      operation: "snapshot.create",
      phase: "before",
      kind: { status: 403 },
      times: "always",
    });
    const night = await cron("", { NIGHT: "2" });
    simulator.faults.clear();
    expect(night.code).toBe(1);
    expect(night.output).toMatch(
      /^FAILED on \S+, stack prod: pulumi up ended with \d+\. Not all snapshots of this night were taken\..*UTHO_/s,
    );
    const check = await cron("check", { NIGHTLY_MAX_AGE: "1s" });
    expect(check.code).toBe(1);
    expect(check.output).toMatch(
      /^1 finding to look at\..*web-1 \(1001\): its newest usable snapshot is .* old/s,
    );
  });

  it("a night that hangs is stopped, and one that finds the lock held says so", async () => {
    const hung = await cronWhereUp("exec sleep 600", { NIGHTLY_LIMIT: "1s" });
    expect(hung.code).toBe(1);
    expect(hung.output).toMatch(/^FAILED .*did not end within 1s and was stopped.*Run \.\/nightly\.sh again/);
    const locked = await cron("", { NIGHTLY_LOCK_WAIT: "0" }, `flock ${stack.folder}/.nightly.lock`);
    expect(locked.code).toBe(1);
    expect(locked.output).toMatch(/^FAILED .*an earlier run holds the lock .*no snapshot was taken/);
    expect(await cron("check")).toEqual({ code: 0, output: "" });
  });

  it("a full disk is said in Pulumi's words", async () => {
    const words = "error: could not write state: no space left on device";
    const night = await cronWhereUp(`echo '${words}' >&2; exit 255`);
    expect(night.code).toBe(1);
    expect(night.output).toMatch(/^FAILED .*pulumi up ended with 255.*\n.*no space left on device\n$/);
  });

  it("a token that has expired is no all-clear", async () => {
    simulator.faults.add({ operation: "*", phase: "before", kind: { status: 401 }, times: "always" });
    const job = await gitlab("check");
    expect(job.code, job.output).toBe(1);
    expect(job.output).toContain("THE CHECK FAILED");
    const check = await cron("check");
    expect(check.code).toBe(1);
    expect(check.output).toMatch(/^FAILED .*This is no all-clear.*\nerror: UTHO_AUTH\w* .*next: /);
    simulator.faults.clear();
  });

  it("a loss is said before the update, hostname first, with what to do", async () => {
    simulator.cloud.deleteSnapshot(simulator.cloud.snapshots()[0]?.id ?? "");
    const job = await gitlab("check");
    expect(job.code, job.output).toBe(1);
    for (const command of ["", "check"]) {
      const { code, output } = await cron(command);
      expect(code).toBe(1);
      expect(output).toMatch(
        /^\d findings? to look at\. \(1 stack: prod; .* UTC\)\n\nweb-1: 1001\/\d+ of \d+ \w+ \d\d:\d\d UTC was deleted outside .*\n {2}→ `pulumi up --refresh` takes a new one/,
      );
    }
  });
});
