import { existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFakeEngine } from "./fake-binaries";
import { deadProcess, FakeMachine, until } from "./fake-machine";

describe.skipIf(process.platform === "win32")("several runs", () => {
  let machine: FakeMachine;
  let gate: string;
  beforeEach(() => {
    machine = new FakeMachine();
    gate = path.join(machine.folder, "gate");
  });
  afterEach(() => machine.remove());

  const buildOnly = { PULUMI_UTHO_ENGINE: "build" };
  const start = () => machine.start(["--json"], buildOnly);
  const builds = () => machine.goCalls().filter((call) => call === "build pulumi").length;
  const sourceOf = (outcome: { stdout: string }): unknown => JSON.parse(outcome.stdout).source;

  function leaveLock(owner: { pid: number; host?: string; lastSign?: Date }): void {
    const lock = path.join(machine.root, ".lock");
    mkdirSync(lock, { recursive: true });
    const file = path.join(lock, "owner.json");
    const host = owner.host ?? os.hostname();
    writeFileSync(
      file,
      JSON.stringify({ token: "left", pid: owner.pid, host, since: "2026-01-01T00:00:00Z" }),
    );
    const sign = owner.lastSign ?? new Date();
    utimesSync(file, sign, sign);
  }

  it("at the same time build once", async () => {
    machine.putGo({ gate });
    const runs = [start(), start(), start(), start()];
    await until(() => builds() === 1);
    writeFileSync(gate, "");
    const outcomes = await Promise.all(runs.map((run) => run.ended));
    expect(outcomes.map((outcome) => outcome.code)).toEqual([0, 0, 0, 0]);
    expect(outcomes.map(sourceOf).sort()).toEqual(["build", "kept", "kept", "kept"]);
    expect(builds()).toBe(1);
    expect(machine.rootContent()).toEqual(["bin"]);
  });

  it("say whom they wait for", async () => {
    machine.putGo({ gate });
    const builder = start();
    await until(() => builds() === 1);
    const waiter = start();
    let said = "";
    waiter.child.stderr?.on("data", (chunk) => {
      said += chunk;
    });
    await until(() => said.includes("Waiting"));
    expect(said).toContain(`Waiting: process ${builder.child.pid} on `);
    writeFileSync(gate, "");
    expect(sourceOf(await waiter.ended)).toBe("kept");
    expect((await builder.ended).code).toBe(0);
  });

  it("try in turn when the first one fails", async () => {
    machine.putGo({ buildFailure: "no space left on device" });
    const outcomes = await Promise.all([start().ended, start().ended]);
    expect(outcomes.map((outcome) => outcome.code)).toEqual([1, 1]);
    expect(builds()).toBe(2);
    expect(machine.rootContent()).toEqual([]);
  });

  it("take the lock of a process that is dead, and only one of them does", async () => {
    leaveLock({ pid: deadProcess() });
    machine.putGo();
    const outcomes = await Promise.all([start().ended, start().ended, start().ended]);
    expect(outcomes.map(sourceOf).sort()).toEqual(["build", "kept", "kept"]);
    expect(builds()).toBe(1);
    expect(machine.rootContent()).toEqual(["bin"]);
  });

  it("take a lock that gave no sign for minutes, though its process number lives or is another host's", async () => {
    const lastSign = new Date(Date.now() - 180_000);
    leaveLock({ pid: process.pid, lastSign });
    machine.putGo();
    expect(sourceOf(await start().ended)).toBe("build");
    rmSync(machine.bin, { recursive: true });
    leaveLock({ pid: 1, host: "elsewhere", lastSign });
    expect(sourceOf(await start().ended)).toBe("build");
  });

  it("wait for a living lock of another host", async () => {
    leaveLock({ pid: deadProcess(), host: "elsewhere" });
    machine.putGo();
    const run = start();
    let said = "";
    run.child.stderr?.on("data", (chunk) => {
      said += chunk;
    });
    await until(() => said.includes("on elsewhere provides the engine"));
    expect(machine.goCalls()).toEqual([]);
    rmSync(path.join(machine.root, ".lock"), { recursive: true });
    expect(sourceOf(await run.ended)).toBe("build");
  });

  it("replace a half-made folder and remove what killed runs left", async () => {
    writeFakeEngine(machine.bin, { without: ["pulumi-language-nodejs"] });
    mkdirSync(path.join(machine.root, `.making-${deadProcess()}-0a1b2c3d/bin`), { recursive: true });
    mkdirSync(path.join(machine.root, `.making-${process.pid}-0a1b2c3d`));
    machine.putGo();
    expect(sourceOf(await start().ended)).toBe("build");
    // The second one belongs to a process that lives: this one.
    expect(machine.rootContent()).toEqual([`.making-${process.pid}-0a1b2c3d`, "bin"]);
  });

  it("clean up when they are interrupted, and the next one succeeds", async () => {
    machine.putGo({ gate });
    const run = start();
    await until(() => builds() === 1);
    run.child.kill("SIGINT");
    expect(await run.ended).toMatchObject({ code: null, signal: "SIGINT" });
    expect(machine.rootContent()).toEqual([]);
    writeFileSync(gate, "");
    expect(sourceOf(await start().ended)).toBe("build");
  });

  it("recover from one that was killed", async () => {
    machine.putGo({ gate });
    const run = start();
    await until(() => builds() === 1);
    run.child.kill("SIGKILL");
    await run.ended;
    expect(machine.rootContent()).toHaveLength(2);
    writeFileSync(gate, "");
    expect(sourceOf(await start().ended)).toBe("build");
    expect(machine.rootContent()).toEqual(["bin"]);
    expect(existsSync(path.join(machine.bin, "pulumi"))).toBe(true);
  });
});
