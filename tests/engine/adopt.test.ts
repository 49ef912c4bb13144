import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../../cli/program";
import { type Simulator, startSimulator } from "../../simulator";
import { type CommandRun, runCommand } from "../support/command";
import { Stack, type StateExport, type StateResource } from "../support/stack";
import { session } from "../support/terminal";

const HEAD = 'import * as utho from "pulumi-utho";';
const SECRET_KEY = "4dabf18193072939515e22adb298388d";

let simulator: Simulator;
let stack: Stack;

beforeEach(async () => {
  simulator = await startSimulator({
    servers: [
      { cloudId: "1001", hostname: "web-1", diskGb: 50 },
      { cloudId: "1002", hostname: "db-1", diskGb: 80 },
    ],
    snapshots: [
      { id: "7001", cloudId: "1001", name: "Before the upgrade" },
      { id: "7002", cloudId: "1002", name: "golden", createdAt: "2026-01-02T03:04:05Z" },
      { id: "7003", cloudId: "1002", name: "golden " },
    ],
  });
});
afterEach(async () => {
  stack.dispose();
  await simulator.close();
});

function adopt(...args: string[]): Promise<CommandRun> {
  return runCommand(["adopt", "--stack", "dev", ...args], stack);
}

/** The written program, as the body that a test stack wants. */
function bodyOf(program: string): string {
  expect(program.startsWith(HEAD)).toBe(true);
  return program.slice(HEAD.length);
}

function backups(): string[] {
  const folder = join(stack.folder, "home/pulumi-utho/adoptions");
  return readdirSync(folder).map((file) => join(folder, file));
}

function ids(): string[] {
  return simulator.cloud.snapshots().map(({ id }) => id);
}

describe("pulumi-utho adopt, into a stack that has never been up", () => {
  beforeEach(async () => {
    stack = await Stack.create({ program: "", simulator });
  });

  it("leaves nothing to do for preview, refresh and up, and the snapshots behave as any other", async () => {
    const before = stack.stateText();
    const dry = await adopt();
    expect(dry.code, dry.err).toBe(0);
    expect(dry.err).toContain("Nothing was changed.");
    expect(stack.stateText()).toBe(before);

    const file = join(stack.folder, "adopted.ts");
    const done = await adopt("--out", file, "--yes");
    expect(done.code, done.err).toBe(0);
    const program = readFileSync(file, "utf8");
    expect(`${program.trimEnd()}\n`).toBe(dry.out);
    expect(stack.stateText() + done.err + done.out).not.toContain(simulator.token);

    // Whoever forgets to put the program in loses nothing.
    const forgotten = await stack.up();
    expect(forgotten.code).not.toBe(0);
    expect(forgotten.output).toContain("protected");
    expect(ids()).toEqual(["7001", "7002", "7003"]);

    stack.setProgram(bodyOf(program));
    const preview = await stack.preview("--expect-no-changes");
    expect(preview.code, preview.output).toBe(0);
    const drift = await stack.drift();
    expect(drift.code, drift.output).toBe(0);

    const own = bodyOf(program)
      .replaceAll("{ protect: true }", "{}")
      .replace('"7003" }, {}', '"7003" }, { retainOnDelete: true }');
    stack.setProgram(own);
    const up = await stack.up("--expect-no-changes");
    expect(up.code, up.output).toBe(0);
    const destroyed = await stack.destroy();
    expect(destroyed.code, destroyed.output).toBe(0);
    expect(ids()).toEqual(["7003"]);
    expect(simulator.requests.count("snapshot.create")).toBe(0);
  });

  it("goes back by one command, and refuses to once the stack was changed", async () => {
    const empty = (await stack.export()).deployment.resources ?? [];
    const done = await adopt("--yes", "7002");
    expect(done.code, done.err).toBe(0);
    const [first = ""] = backups();
    expect(done.err).toContain(`pulumi-utho adopt --undo ${first}`);
    if (process.platform !== "win32") expect(statSync(first).mode & 0o077).toBe(0);
    expect(readFileSync(first, "utf8")).not.toContain(simulator.token);
    const undone = await runCommand(["adopt", "--undo", first], stack);
    expect(undone.code, undone.err).toBe(0);
    expect((await stack.export()).deployment.resources ?? []).toEqual(empty);
    const again = await runCommand(["adopt", "--undo", first], stack);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining("UTHO_ADOPT_UNDO")]);
    expect(again.err).toContain("none of its snapshots is in the state");

    await adopt("--yes", "7002");
    const second = backups().find((path) => path !== first) ?? "";
    await stack.run(["state", "unprotect", "--all", "--yes"]);
    const changed = stack.stateText();
    const refused = await runCommand(["adopt", "--undo", second], stack);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain("the stack was changed since");
    expect(refused.err).toContain(
      "pulumi state delete --force --yes --stack organization/tests/dev 'urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:Snapshot::golden'",
    );
    expect(stack.stateText()).toBe(changed);
    expect(ids()).toEqual(["7001", "7002", "7003"]);
  });

  it("refuses when a run was interrupted, when another one writes meanwhile, and to overwrite a file", async () => {
    const untouched = stack.stateText();
    const state: { checkpoint: { latest: Record<string, unknown> } } = JSON.parse(untouched);
    const urn = "urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:Snapshot::web";
    const resource = { urn, type: "pulumi-nodejs:dynamic/utho:Snapshot", custom: true };
    state.checkpoint.latest.pending_operations = [{ type: "creating", resource }];
    const stateFile = join(stack.folder, "state/.pulumi/stacks/tests/dev.json");
    writeFileSync(stateFile, JSON.stringify(state));
    const interrupted = await adopt("--yes");
    expect(interrupted.code).toBe(1);
    expect(interrupted.err).toContain("UTHO_ADOPT_REFUSED");
    expect(interrupted.err).toContain(`an interrupted run of it is still pending (creating ${urn})`);
    writeFileSync(stateFile, untouched);

    const here = ["adopt", "--stack", "dev", "--cwd", stack.folder];
    const declined = session({ env: stack.env, ask: async () => false });
    expect(await run(here, declined.terminal)).toBe(0);
    expect(declined.err.at(-1)).toBe("Nothing was changed.");
    expect(stack.stateText()).toBe(untouched);
    const other = async () => {
      await adopt("--yes", "7001");
      return true;
    };
    const { terminal, err } = session({ env: stack.env, ask: other });
    expect(await run(here, terminal)).toBe(1);
    expect(err.at(-1)).toContain("UTHO_ADOPT_CHANGED");
    expect(adoptedIn(await stack.export()).map(({ id }) => id)).toEqual(["1001/7001"]);

    writeFileSync(join(stack.folder, "there.ts"), "mine");
    const overwrite = await adopt("--yes", "--out", "there.ts");
    expect([overwrite.code, readFileSync(join(stack.folder, "there.ts"), "utf8")]).toEqual([2, "mine"]);
  });
});

describe("pulumi-utho adopt, into a stack that lives", () => {
  const PROGRAM = `
    new utho.Snapshot("golden", { cloudId: "1001" });
    new utho.Snapshot("looked-at", undefined, { id: "1002/7002" });
    exports.secret = pulumi.secret("kept");`;

  beforeEach(async () => {
    stack = await Stack.create({ program: PROGRAM, simulator });
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
  });

  it("records what the provider would have, and changes nothing else", async () => {
    const before = await stack.export();
    const own = simulator.cloud.snapshots("1001").find(({ id }) => id !== "7001")?.id ?? "";
    const mine = await adopt(own);
    expect(mine.code).toBe(1);
    expect(mine.err).toContain("already managed by golden of this stack");

    const done = await adopt("--yes", "--cloud-id", "1002");
    expect(done.code, done.err).toBe(0);
    expect(done.out).toContain(
      'new utho.Snapshot("golden-7002", { cloudId: "1002", name: "golden" }, { protect: true });',
    );
    const after = await stack.export();
    const added = adoptedIn(after);
    expect(added).toHaveLength(2);
    expect(masked(after, added)).toEqual(masked(before, []));

    stack.setProgram(PROGRAM + bodyOf(done.out));
    const preview = await stack.preview("--expect-no-changes");
    expect(preview.code, preview.output).toBe(0);
    // The provider itself takes the same over: what it records must be what was written.
    await stack.run(["state", "unprotect", "--all", "--yes"]);
    for (const { urn } of added) await stack.run(["state", "delete", "--yes", urn]);
    const byProvider =
      PROGRAM + bodyOf(done.out).replace('name: "golden"', 'name: "golden", adoptId: "7002"');
    stack.setProgram(byProvider);
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const taken = adoptedIn(await stack.export());
    expect(taken.map(withoutAdoptId)).toEqual(added.map(withoutAdoptId));
  });
});

/** Snapshots of the seed that the state owns. */
function adoptedIn({ deployment }: StateExport): StateResource[] {
  const owned = (deployment.resources ?? []).filter(
    ({ id, urn }) => /\/700\d$/.test(id ?? "") && !urn.includes("looked-at"),
  );
  return owned.sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

/** A state without these resources, and without what every import rewrites. */
function masked({ deployment }: StateExport, without: StateResource[]): unknown {
  const resources = (deployment.resources ?? []).filter(({ urn }) => !without.some((one) => one.urn === urn));
  return JSON.parse(
    JSON.stringify(resources, (key, value: unknown) => (key === "ciphertext" ? `of ${SECRET_KEY}` : value)),
  );
}

/** A resource without the time and place of its declaration. */
function essence({ urn, ...resource }: StateResource): unknown {
  const timeless: Record<string, unknown> = { urn, ...resource };
  for (const key of ["created", "modified", "sourcePosition", "stackTrace"]) delete timeless[key];
  return timeless;
}

function withoutAdoptId(resource: StateResource): unknown {
  const text = JSON.stringify(essence(resource), (key, value: unknown) =>
    key === "adoptId" ? undefined : value,
  );
  return JSON.parse(text);
}
