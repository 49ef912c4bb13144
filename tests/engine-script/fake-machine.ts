import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type FakeGo, writeFakeGo } from "./fake-binaries";

const SCRIPT = path.resolve(__dirname, "../../tools/provide-engine.mjs");

export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A PULUMI_HOME and a PATH of one's own, on which only what a test puts there can be found. */
export class FakeMachine {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), "provide-engine-"));
  readonly home = path.join(this.folder, "home");
  readonly root = path.join(this.home, "versions/3.248.0");
  readonly bin = path.join(this.root, "bin");
  readonly path = path.join(this.folder, "path");
  readonly journal = path.join(this.folder, "go-calls");
  readonly env: NodeJS.ProcessEnv;
  private readonly children: ChildProcess[] = [];

  constructor() {
    mkdirSync(this.path);
    for (const tool of ["tar", "gzip"]) {
      symlinkSync(execFileSync("which", [tool], { encoding: "utf8" }).trim(), path.join(this.path, tool));
    }
    this.env = {
      PATH: this.path,
      HOME: this.folder,
      PULUMI_HOME: this.home,
      // Nothing listens there, so that no test reaches the real site.
      PULUMI_UTHO_ENGINE_MIRROR: "http://127.0.0.1:2",
    };
  }

  putGo(fake: Partial<FakeGo> = {}): void {
    const modules = path.join(this.folder, "modules");
    writeFakeGo(path.join(this.path, "go"), { journal: this.journal, modules, ...fake });
  }

  /** What the fake Go was asked to do, in order. */
  goCalls(): string[] {
    return existsSync(this.journal) ? readFileSync(this.journal, "utf8").trim().split("\n") : [];
  }

  /** What lies beside the engine, hidden names included. */
  rootContent(): string[] {
    return existsSync(this.root) ? readdirSync(this.root).sort() : [];
  }

  start(args: string[] = [], env: NodeJS.ProcessEnv = {}): { child: ChildProcess; ended: Promise<Outcome> } {
    const child = spawn(process.execPath, [SCRIPT, ...args], {
      env: { ...this.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.children.push(child);
    const outcome: Outcome = { code: null, signal: null, stdout: "", stderr: "" };
    child.stdout?.on("data", (chunk) => {
      outcome.stdout += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      outcome.stderr += chunk;
    });
    const ended = new Promise<Outcome>((resolve) => {
      child.once("close", (code, signal) => resolve({ ...outcome, code, signal }));
    });
    return { child, ended };
  }

  run(args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return this.start(args, env).ended;
  }

  remove(): void {
    for (const child of this.children) {
      child.kill("SIGKILL");
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Resolves as soon as the condition holds; the test's own timeout ends a vain wait. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The number of a process that has ended. */
export function deadProcess(): number {
  return Number(execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }));
}
