import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { type CommandRun, runCommand } from "../support/command";
import { familyOf, isAlive, killAll } from "../support/processes";
import { Stack } from "../support/stack";

const COMMAND = resolve(__dirname, "../../dist/cli/main.js");
/** Longer than any test: it ends when the test says so. */
const FOR_EVER = 3_600_000;

let simulator: Simulator;
let stack: Stack;

beforeEach(async () => {
  simulator = await startSimulator({
    servers: [
      { cloudId: "1001", hostname: "web-1", diskGb: 50 },
      { cloudId: "1002", hostname: "db-1", diskGb: 50 },
    ],
  });
  const { cloud } = simulator;
  cloud.setContents("1001", "version 1");
  cloud.addSnapshot({ id: "7001", cloudId: "1001", name: "golden" });
  cloud.setContents("1001", "version 2");
  stack = await Stack.create({
    program: 'new utho.SnapshotRotation("nightly", { cloudId: "1002", every: "24h", keep: { last: 2 } });',
    simulator,
  });
});
afterEach(async () => {
  stack.dispose();
  await simulator.close();
});

/** What a person sees at a terminal, who says no when asked. */
function atTerminal(line: string): Promise<string> {
  const child = spawn("script", ["-qec", `${process.execPath} ${COMMAND} ${line}`, "/dev/null"], {
    cwd: stack.folder,
    env: stack.env,
  });
  let seen = "";
  child.stdout.on("data", (bytes: Buffer) => {
    const before = seen;
    seen += bytes.toString();
    if (seen.includes("[y/N]") && !before.includes("[y/N]")) child.stdin.write("n\n");
  });
  return new Promise((done) => child.on("close", () => done(seen)));
}

function ours(...args: string[]): Promise<CommandRun> {
  return runCommand([...args, "--stack", "dev"], stack);
}

/** Starts the command and kills it with all that it started, once it was seen overwriting the server. */
async function killedWhileRestoring(...args: string[]): Promise<void> {
  const { requests } = simulator;
  const child = spawn(process.execPath, [COMMAND, ...args, "--stack", "dev"], {
    cwd: stack.folder,
    env: stack.env,
    stdio: "ignore",
  });
  await requests.waitFor(({ operation }) => operation === "action.list" && restores() > 0, 120_000);
  const family = familyOf(child.pid ?? 0);
  killAll(family);
  while (family.some(isAlive)) await delay(100);
}

const restores = () => simulator.cloud.operations("1001").filter(({ kind }) => kind === "restore").length;
const contents = () => simulator.cloud.server("1001").contents;

it("restores beside a locked stack, goes on after a kill, restores nothing twice, and goes back", async () => {
  const { cloud, faults, requests } = simulator;
  // The nightly job is in the middle of its run, and its stack is locked.
  faults.add({ operation: "snapshot.create", phase: "before", kind: { hold: true } });
  const nightly = stack.start(["up", "--yes", "--skip-preview"]);
  await requests.waitFor(() => faults.held > 0, 120_000);

  const listed = await ours("restore", "web-1");
  expect(listed, listed.err).toMatchObject({ code: 0 });
  expect(listed.out).toContain("1001/7001");
  for (const [pipe, isAsked] of [
    ["| cat", false],
    ["", true],
  ] as const) {
    const shown = await atTerminal(`restore web-1 --to 7001 --stack dev ${pipe}`);
    expect(shown.replace(/\s+/g, " ")).toContain(
      "The disk of web-1 (1001) will be overwritten with snapshot 1001/7001 (golden)",
    );
    expect(shown).toContain("Nothing was changed.");
    expect(shown.includes("[y/N]"), shown).toBe(isAsked);
  }
  expect(restores()).toBe(0);
  expect(readdirSync(join(stack.folder, "home/pulumi-utho/restores"))).toEqual([]);

  cloud.setSettings({ restoreDurationMs: FOR_EVER });
  await killedWhileRestoring("restore", "web-1", "--to", "7001", "--yes");
  requests.clear();
  const goingOn = ours("restore", "web-1", "--to", "7001", "--yes");
  await requests.waitFor(({ operation }) => operation === "action.list", 120_000);
  cloud.setSettings({ restoreDurationMs: 0 });
  cloud.endOperations("1001");
  const done = await goingOn;
  expect(done, done.err).toMatchObject({ code: 0 });
  expect(done.out).toContain("web-1 was put back to snapshot 1001/7001");
  expect([contents(), restores(), cloud.server("1001").powerState]).toEqual(["version 1", 1, "Running"]);

  cloud.setContents("1001", "work since");
  const again = await ours("restore", "web-1", "--to", "7001", "--yes");
  expect(again, again.err).toMatchObject({ code: 0 });
  expect([contents(), restores()]).toEqual(["work since", 1]);

  const undone = await ours("restore", "web-1", "--undo", "--yes", "--json");
  expect(undone, undone.err).toMatchObject({ code: 0 });
  expect(JSON.parse(undone.out)).toMatchObject({
    restore: { state: "done", undoes: "restore-1", running: true },
  });
  const twice = await ours("restore", "web-1", "--undo", "--yes");
  expect(twice, twice.err).toMatchObject({ code: 0 });
  expect([contents(), restores()]).toEqual(["version 2", 2]);
  const kept = cloud.snapshots().filter(({ cloudId }) => cloudId === "1001");
  expect(kept.map((one) => one.contents)).toEqual(["version 1", "version 2", "work since"]);
  expect(textsBelow(join(stack.folder, "home/pulumi-utho/restores"))).not.toContain(simulator.token);

  const finished = await ours("restore", "web-1", "--done", "--yes");
  expect(finished, finished.err).toMatchObject({ code: 0 });
  expect(cloud.snapshots().filter(({ cloudId }) => cloudId === "1001")).toMatchObject([{ name: "golden" }]);
  expect(contents()).toBe("version 2");

  faults.release();
  const night = await nightly.ended;
  expect(night.code, night.output).toBe(0);
}, 600_000);

it("makes one clone however often it is called, and destroys it with --undo", async () => {
  const clone = (...more: string[]) =>
    ours("clone", "web-1", "--hostname", "copy", "--plan", "10045", ...more);
  const copies = () => simulator.cloud.servers().filter(({ hostname }) => hostname === "copy");
  const shown = await clone();
  expect(shown, shown.err).toMatchObject({ code: 0 });
  expect(shown.err).toContain("Utho bills it as any server of plan 10045");
  expect(copies()).toEqual([]);
  for (const _time of [1, 2]) {
    const made = await clone("--yes");
    expect(made, made.err).toMatchObject({ code: 0 });
    expect(copies()).toMatchObject([{ contents: "version 1", powerState: "Running" }]);
  }
  const undone = await clone("--undo", "--yes");
  expect(undone, undone.err).toMatchObject({ code: 0 });
  expect(copies()).toEqual([]);
}, 300_000);

function textsBelow(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return files.map((one) => readFileSync(join(one.parentPath, one.name), "utf8")).join("\n");
}
