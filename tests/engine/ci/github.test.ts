import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../../simulator";
import { installCommand, type Runner, runJob, summaryText } from "../../support/ci-steps";
import { IssueTracker } from "../../support/issue-tracker";
import { Stack } from "../../support/stack";

const RECIPES = resolve(__dirname, "../../../examples/ci/github");
const SNAPSHOTS = join(RECIPES, "workflows/snapshots.yml");
const DRIFT = join(RECIPES, "workflows/drift.yml");

/** With a short stack: Node.js 20 takes a minute to colour one that reaches Pulumi's own files (nodejs/node#64011). */
const FAILING = 'Error.stackTraceLimit = 1; throw new Error("no such server");';

describe("the recipes for GitHub Actions", { timeout: 600_000 }, () => {
  const tracker = new IssueTracker("github-token");
  let simulator: Simulator;
  let stack: Stack;
  let runner: Runner;
  let original = "";

  beforeAll(async () => {
    simulator = await startSimulator({ servers: [{ hostname: "web-1" }] });
    const program = 'new utho.Snapshot("web", { cloudId: "1001" });';
    stack = await Stack.create({ program, simulator, stack: "prod", config: { "utho:token": undefined } });
    installCommand(stack.folder);
    mkdirSync(join(stack.folder, ".github"));
    cpSync(join(RECIPES, "snapshots"), join(stack.folder, ".github/snapshots"), { recursive: true });
    runner = {
      folder: stack.folder,
      env: {
        ...stack.environment(),
        GITHUB_API_URL: await tracker.start(),
        GITHUB_REPOSITORY: "me/shop",
      },
      expressions: {
        "secrets.UTHO_TOKEN": simulator.token,
        "secrets.PULUMI_ACCESS_TOKEN": "",
        "github.token": "github-token",
        "vars.SNAPSHOTS_HEARTBEAT": "",
        "github.event.pull_request.number": "7",
      },
    };
  });

  afterAll(async () => {
    stack.dispose();
    await tracker.close();
    await simulator.close();
  });

  /** Exit code of each step, and all that they wrote. */
  async function run(file: string, job: string) {
    const ends = await runJob(file, job, runner);
    const output = ends.map((one) => one.output).join("");
    expect(output + summaryText(runner)).not.toContain(simulator.token);
    return { codes: ends.map(({ name, code }) => [name, code]), output };
  }

  it("up makes the snapshots, and says so in the summary", async () => {
    const { codes, output } = await run(SNAPSHOTS, "up");
    expect(codes, output).toEqual([
      ["Up", 0],
      ["Report", 0],
      ["Verdict", 0],
    ]);
    expect(summaryText(runner)).toContain("✅ `pulumi up` is done");
    expect(simulator.cloud.snapshots()).toHaveLength(1);
  });

  it("preview comments once on a pull request, and the check finds nothing", async () => {
    const { codes, output } = await run(SNAPSHOTS, "preview");
    expect(codes, output).toEqual([
      ["Preview and check", 0],
      ["Report", 0],
      ["Verdict", 0],
    ]);
    expect(tracker.comments).toHaveLength(1);
    expect(tracker.comments[0]?.body).toMatch(
      /✅ The preview passed.*✅ All snapshots are as they should be/s,
    );
    const nightly = await run(DRIFT, "drift");
    expect(nightly.codes, nightly.output).toEqual([
      ["Is every snapshot there, and young enough?", 0],
      ["Report", 0],
      ["Verdict", 0],
    ]);
    expect(tracker.issues).toEqual([]);
  });

  it("findings are written too, in the place of the old comment, and an issue has them night by night", async () => {
    const [snapshot] = simulator.cloud.snapshots();
    original = snapshot?.name ?? "";
    // Someone quotes our marker: that is neither our comment nor our issue.
    const quoting = { id: 1, number: 1, state: "open", user: { login: "a-person" } };
    const body = "<!-- snapshots of stack prod -->\nwhat is this?";
    tracker.issues.push({ ...quoting, title: "theirs", body });
    simulator.cloud.renameSnapshot(snapshot?.id ?? "", "renamed ``` outside");
    const { codes, output } = await run(SNAPSHOTS, "preview");
    expect(codes, output).toEqual([
      ["Preview and check", 0],
      ["Report", 0],
      ["Verdict", 0],
    ]);
    expect(tracker.comments).toHaveLength(1);
    expect(tracker.comments[0]?.body).toMatch(
      /✅ The preview passed.*⚠️ There are findings.*web-1: 1001\/\d+ of .*renamed ``` outside/s,
    );
    for (const _night of [1, 2]) {
      const nightly = await run(DRIFT, "drift");
      expect(nightly.codes.at(-1), nightly.output).toEqual(["Verdict", 1]);
    }
    expect(tracker.issues).toMatchObject([
      { title: "theirs", body },
      {
        state: "open",
        title: "Snapshots of stack prod: 1 finding to look at",
        body: expect.stringContaining("renamed"),
      },
    ]);
    expect(tracker.notes).toMatchObject([{ body: expect.stringContaining("renamed ``` outside") }]);
  });

  it("a check that fails is red, is no all-clear, and leaves the findings in the issue", async () => {
    simulator.faults.add({ operation: "*", phase: "before", kind: { status: 403 }, times: "always" });
    const nightly = await run(DRIFT, "drift");
    expect(nightly.codes.at(-1), nightly.output).toEqual(["Verdict", 1]);
    expect(nightly.output).toContain("The check failed; this says nothing about the snapshots.");
    expect(tracker.issues[1]).toMatchObject({
      state: "open",
      title: "Snapshots of stack prod: the check fails",
      body: expect.stringContaining("renamed ``` outside"),
    });
    expect(tracker.notes.at(-1)?.body).toMatch(
      /❌ The check failed, and says nothing \(exit code 2\).*UTHO_/s,
    );
    const { codes } = await run(SNAPSHOTS, "preview");
    expect(codes.at(-1)).toEqual(["Verdict", 1]);
    expect(tracker.comments[0]?.body).toContain("❌ The check failed, and says nothing (exit code 2)");
    simulator.faults.clear();

    const [snapshot] = simulator.cloud.snapshots();
    simulator.cloud.renameSnapshot(snapshot?.id ?? "", original);
    const healed = await run(DRIFT, "drift");
    expect(healed.codes.at(-1), healed.output).toEqual(["Verdict", 0]);
    expect(tracker.issues).toMatchObject([
      { title: "theirs", state: "open" },
      { title: "Snapshots of stack prod: all is well", state: "closed" },
    ]);
  });

  it("a program that fails is reported in the comment and the summary, and the jobs are red", async () => {
    writeFileSync(join(stack.folder, "index.js"), FAILING);
    const { codes } = await run(SNAPSHOTS, "preview");
    expect(codes.at(-1)?.[1]).not.toBe(0);
    expect(tracker.comments[0]?.body).toMatch(
      /❌ The preview failed \(exit code \d+\).*no such server.*✅ All snapshots/s,
    );
    const up = await run(SNAPSHOTS, "up");
    expect(up.codes.at(-1)?.[1]).not.toBe(0);
    expect(summaryText(runner)).toContain("❌ `pulumi up` failed");
    expect(tracker.refused).toEqual([]);
    expect(simulator.cloud.snapshots()).toHaveLength(1);
  });
});
