import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { expect } from "vitest";
import { parse, stringify } from "yaml";
import type { Simulator } from "../../simulator";
import { classesOfPlugin, DOOR, type Door } from "./doors";

/** Folder below the repository, so that programs resolve the package as an installed one. */
const WORKSPACES = resolve(__dirname, "../../.cache/stacks");

/** What the CLI makes of a new stack with its token: the backend's folder, and what stands in the stack's settings. */
interface Beginning {
  state: string;
  configuration: { encryptionsalt: string; config?: Record<string, unknown> };
}

const BEGINNINGS = new Map<string, Promise<Beginning>>();

/** How a command of the Pulumi CLI ended. */
export interface Run {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** stdout and stderr as they came, without colours. */
  output: string;
  stdout: string;
}

/** What a command printed that ended as it should. */
export async function well(run: Promise<Run>): Promise<string> {
  const { code, output } = await run;
  expect(code, output).toBe(0);
  return output;
}

/** A command of the Pulumi CLI that is still running. */
export interface RunningCommand {
  child: ChildProcess;
  ended: Promise<Run>;
  outputSoFar(): string;
}

export interface StackOptions {
  /** JavaScript of the program; `utho` and `pulumi` are at hand. */
  program: string;
  simulator?: Simulator | undefined;
  /** Stack configuration; `undefined` removes one of the defaults. */
  config?: Record<string, string | undefined>;
  env?: Record<string, string | undefined>;
  stack?: string;
  project?: string;
  /** Whether the engine finds the provider plugin. */
  plugin?: boolean;
  /** Which of the two doors the program's `utho` leads to. @default that of UTHO_DOOR, else "dynamic" */
  door?: Door;
}

/** As a program with the package beside it names the plugin's folder. */
const PLUGINS = { providers: [{ name: "utho", path: resolve(__dirname, "../../plugin") }] };

/** One resource as the state file holds it. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  delete?: boolean;
  protect?: boolean;
  retainOnDelete?: boolean;
  initErrors?: string[];
  sourcePosition?: string;
  /** URNs. */
  dependencies?: string[];
  propertyDependencies?: Record<string, string[]>;
}

export interface StateExport {
  deployment: {
    resources?: StateResource[];
    pending_operations?: { type: string; resource: StateResource }[];
  };
}

/** A real stack of the real CLI with a local backend, in a folder of its own. */
export class Stack {
  readonly folder: string;
  name: string;
  /** Environment of its commands, for other commands that start Pulumi. */
  readonly env: NodeJS.ProcessEnv;
  private readonly door: Door;

  private constructor(options: StackOptions, engineBin: string) {
    this.door = options.door ?? DOOR;
    this.name = options.stack ?? "dev";
    this.folder = join(WORKSPACES, randomBytes(6).toString("hex"));
    mkdirSync(join(this.folder, "state"), { recursive: true });
    const { UTHO_TOKEN: _token, UTHO_ENDPOINT: _endpoint, ...inherited } = process.env;
    this.env = {
      ...inherited,
      PATH: `${engineBin}${delimiter}${process.env.PATH ?? ""}`,
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      NO_COLOR: "1",
      ...options.env,
    };
    const project = {
      name: options.project ?? "tests",
      runtime: { name: "nodejs", options: { typescript: false } },
      ...(options.plugin === true || this.door === "plugin" ? { plugins: PLUGINS } : {}),
    };
    writeFileSync(join(this.folder, "Pulumi.yaml"), JSON.stringify(project));
    writeFileSync(join(this.folder, "package.json"), '{"name":"tests-program","private":true}');
    this.setProgram(options.program);
  }

  static async create(options: StackOptions): Promise<Stack> {
    const engineBin = process.env.PULUMI_UTHO_TEST_ENGINE;
    if (engineBin === undefined)
      throw new Error("The engine's folder is not set; tests/support/engine-setup.ts does it.");
    const stack = new Stack(options, engineBin);
    await stack.begin({
      "utho:token": options.simulator?.token,
      "utho:endpoint": options.simulator?.url,
      "utho:pollInterval": "50ms",
      "utho:listingLag": "500ms",
      ...options.config,
    });
    return stack;
  }

  /** What a shell needs to run `pulumi` on this stack by itself. */
  environment(): NodeJS.ProcessEnv {
    return { ...this.env };
  }

  /** Lets the CLI find a program of the test. */
  addToPath(folder: string): void {
    this.env.PATH = `${folder}${delimiter}${this.env.PATH}`;
  }

  setProgram(program: string): void {
    const utho = this.door === "plugin" ? classesOfPlugin("utho") : 'const utho = require("pulumi-utho");';
    const head = `const pulumi = require("@pulumi/pulumi");\n${utho}\n`;
    writeFileSync(join(this.folder, "index.js"), head + program);
  }

  /** `pulumi stack rename`, and goes on under the new name. */
  async rename(name: string): Promise<void> {
    await this.must(["stack", "rename", name]);
    this.name = name;
  }

  /** `pulumi up` without a preview of its own. */
  up(...more: string[]): Promise<Run> {
    return this.run(["up", "--yes", "--skip-preview", ...more]);
  }

  preview(...more: string[]): Promise<Run> {
    return this.run(["preview", ...more]);
  }

  refresh(...more: string[]): Promise<Run> {
    return this.run(["refresh", ...more]);
  }

  /** The drift check that the documentation recommends: exit 7 on drift, 0 without. */
  drift(): Promise<Run> {
    return this.run(["refresh", "--preview-only", "--expect-no-changes"]);
  }

  destroy(...more: string[]): Promise<Run> {
    return this.run(["destroy", "--yes", "--skip-preview", ...more]);
  }

  run(args: readonly string[]): Promise<Run> {
    return this.start(args).ended;
  }

  /** Starts a command in a process group of its own, so that a test can kill all of it or a part. */
  start(args: readonly string[]): RunningCommand {
    const child = spawn("pulumi", this.argumentsOf(args), {
      cwd: this.folder,
      env: this.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let stdout = "";
    child.stdout.on("data", (bytes: Buffer) => {
      output += bytes.toString();
      stdout += bytes.toString();
    });
    child.stderr.on("data", (bytes: Buffer) => {
      output += bytes.toString();
    });
    const ended = new Promise<Run>((done, fail) => {
      child.on("error", fail);
      child.on("close", (code, signal) => done({ code, signal, output, stdout }));
      // What a killed CLI leaves behind may hold its pipes open for ever.
      child.on("exit", (code, signal) => {
        if (signal !== null) done({ code, signal, output, stdout });
      });
    });
    return { child, ended, outputSoFar: () => output };
  }

  async export(): Promise<StateExport> {
    const { stdout } = await this.must(["stack", "export"]);
    const state: StateExport = JSON.parse(stdout);
    return state;
  }

  async import(state: StateExport): Promise<void> {
    const file = join(this.folder, "import.json");
    writeFileSync(file, JSON.stringify(state));
    await this.must(["stack", "import", "--file", file]);
  }

  /** Snapshot resources in state, the ones to be deleted included. */
  async snapshots(): Promise<StateResource[]> {
    const { checkpoint }: { checkpoint: { latest: StateExport["deployment"] } } = JSON.parse(
      this.stateText(),
    );
    return (checkpoint.latest.resources ?? []).filter(({ type }) => /utho:(index:)?Snapshot$/.test(type));
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await this.must(["stack", "output", "--json"]);
    const outputs: Record<string, unknown> = JSON.parse(stdout);
    return outputs;
  }

  /** The state file as text, as it lies on disk. */
  stateText(): string {
    const file = `state/.pulumi/stacks/${this.projectName()}/${this.name}.json`;
    return readFileSync(join(this.folder, file), "utf8");
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** `stack init` takes the stack's name as its argument and refuses a second one. */
  private argumentsOf(args: readonly string[]): string[] {
    const stack = args[1] === "init" ? [] : ["--stack", this.name];
    return [...args, ...stack, "--non-interactive", "--color", "never"];
  }

  /**
   * Makes the stack and configures it. What the CLI leaves behind for one stack of a project it leaves for all, so
   * the first of a test file makes it by the CLI and the others copy it, which saves two commands for each.
   */
  private async begin(settings: Record<string, string | undefined>): Promise<void> {
    const { "utho:token": token, ...plain } = settings;
    const key = JSON.stringify([this.name, this.projectName(), token]);
    const made = BEGINNINGS.get(key) ?? this.make(token);
    BEGINNINGS.set(key, made);
    const { state, configuration } = await made;
    cpSync(state, join(this.folder, "state"), { recursive: true });
    const known = Object.entries(plain).filter(([, value]) => value !== undefined);
    const config = { ...configuration.config, ...Object.fromEntries(known) };
    writeFileSync(join(this.folder, `Pulumi.${this.name}.yaml`), stringify({ ...configuration, config }));
  }

  private async make(token: string | undefined): Promise<Beginning> {
    await this.must(["stack", "init", this.name]);
    if (token !== undefined) await this.must(["config", "set", "--secret", "utho:token", token]);
    const state = mkdtempSync(join(WORKSPACES, "beginning-"));
    process.once("exit", () => rmSync(state, { recursive: true, force: true }));
    cpSync(join(this.folder, "state"), state, { recursive: true });
    const configuration: Beginning["configuration"] = parse(
      readFileSync(join(this.folder, `Pulumi.${this.name}.yaml`), "utf8"),
    );
    return { state, configuration };
  }

  private projectName(): string {
    const { name }: { name: string } = parse(readFileSync(join(this.folder, "Pulumi.yaml"), "utf8"));
    return name;
  }

  private async must(args: readonly string[]): Promise<Run> {
    const run = await this.run(args);
    if (run.code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${run.code}:\n${run.output}`);
    return run;
  }
}
