import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** How a command of the CLI ended. */
export interface Run {
  code: number | null;
  output: string;
  stdout: string;
}

export interface WorkspaceOptions {
  /** Folder of the CLI. */
  engine: string;
  /** The package's own folder: programs below it resolve `pulumi-utho`. */
  root: string;
  /** Names the stack; the names of its snapshots begin with it. */
  stack: string;
  token: string;
  /** Where the provider finds Utho: the observer. */
  endpoint: string;
  pollInterval: number;
  /** Between the steps of ending a command that does not end by itself. */
  endingGrace: number;
  signal: AbortSignal;
}

/** A stack of its own for the real CLI, with a state of its own in a folder of its own. */
export class Workspace {
  private readonly folder: string;
  private readonly env: NodeJS.ProcessEnv;
  private running: { child: ChildProcess; ended: Promise<unknown> } | undefined;

  constructor(private readonly options: WorkspaceOptions) {
    this.folder = join(options.root, ".cache", "live-stacks", options.stack);
    mkdirSync(join(this.folder, "state"), { recursive: true });
    this.env = {
      ...process.env,
      PATH: `${resolve(options.engine)}${delimiter}${process.env.PATH ?? ""}`,
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "live",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      NO_COLOR: "1",
      // Not as arguments: everybody on the machine can read those.
      UTHO_TOKEN: options.token,
      UTHO_ENDPOINT: options.endpoint,
    };
    const config = {
      "utho:pollInterval": { value: `${options.pollInterval}ms` },
      "utho:listingLag": { value: `${options.pollInterval * 12}ms` },
    };
    const runtime = { name: "nodejs", options: { typescript: false } };
    writeFileSync(join(this.folder, "Pulumi.yaml"), JSON.stringify({ name: "live", runtime, config }));
    writeFileSync(join(this.folder, "package.json"), '{"name":"live","private":true}');
  }

  setProgram(lines: string): void {
    writeFileSync(join(this.folder, "index.js"), `const utho = require("pulumi-utho");\n${lines}\n`);
  }

  /** Runs a command to its end, or ends it when the run is ended. */
  async run(...args: string[]): Promise<Run> {
    const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd: this.folder,
      env: this.env,
      // A group of its own: Ctrl-C must reach the kit, which then ends the command and cleans up after it.
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
      child.on("close", (code) => done({ code, output, stdout }));
    });
    this.running = { child, ended: ended.catch(() => undefined) };
    const onAbort = (): void => void this.end();
    this.options.signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await ended;
    } finally {
      this.options.signal.removeEventListener("abort", onAbort);
      this.running = undefined;
    }
  }

  /** Ends what runs: asks once, asks again, and then does not ask. */
  async end(): Promise<void> {
    const current = this.running;
    const pid = current?.child.pid;
    if (current === undefined || pid === undefined) return;
    for (const signal of ["SIGINT", "SIGINT", "SIGKILL"] as const) {
      try {
        process.kill(signal === "SIGKILL" ? -pid : pid, signal);
      } catch {
        // It has ended by itself.
      }
      if (await endsWithin(current.ended, this.options.endingGrace)) return;
    }
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function endsWithin(ended: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((done) => {
    timer = setTimeout(() => done(false), ms);
  });
  const inTime = await Promise.race([ended.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
