import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { platform } from "node:os";
import { delimiter, join, resolve } from "node:path";

const HERE = import.meta.dirname;
/** Below the repository, so that programs resolve its packages as installed ones. */
const WORKSPACES = resolve(HERE, "../.cache/bench");

const QUIET = ["--non-interactive", "--color", "never"];
/** The second line of the shell's `times` is the processor time of all that the shell has started and waited for. */
export const TIMED = '"$@"; code=$?; times; exit $code';
const TIME = /(\d+)m(\d+(?:\.\d+)?)s/g;

/** One stack of the real CLI with a local backend, in a folder of its own. */
export class BenchStack {
  constructor({ engineBin, program, snapshots, servers, env }) {
    mkdirSync(WORKSPACES, { recursive: true });
    this.folder = mkdtempSync(join(WORKSPACES, "stack-"));
    const { UTHO_TOKEN: _token, UTHO_ENDPOINT: _endpoint, ...inherited } = process.env;
    this.env = {
      ...inherited,
      PATH: `${engineBin}${delimiter}${process.env.PATH ?? ""}`,
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      PULUMI_HOME: join(WORKSPACES, "home"),
      PULUMI_CONFIG_PASSPHRASE: "bench",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      NO_COLOR: "1",
      BENCH_SNAPSHOTS: String(snapshots),
      BENCH_SERVERS: String(servers),
      ...env,
    };
    mkdirSync(join(this.folder, "state"));
    cpSync(join(HERE, "programs", program), join(this.folder, "index.js"));
    cpSync(join(HERE, "floor"), join(this.folder, "node_modules/bench-floor"), { recursive: true });
    const project = { name: "bench", runtime: { name: "nodejs", options: { typescript: false } } };
    writeFileSync(join(this.folder, "Pulumi.yaml"), JSON.stringify(project));
    writeFileSync(join(this.folder, "package.json"), '{"name":"bench-program","private":true}');
  }

  async prepare(config, name = "bench") {
    await this.run(["stack", "init", name]);
    const values = Object.entries(config).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
    await this.run(["config", "set-all", ...values, "--stack", name]);
  }

  /**
   * Runs a command on the stack and says how many seconds it took by the clock, and how many of processor time it and
   * all processes that it started took together; the latter only where there is a POSIX shell to ask.
   */
  async time(command) {
    return this.timeOf(["pulumi", ...command, "--stack", "bench", ...QUIET]);
  }

  /** The same of any command, in the stack's folder. */
  async timeOf(command) {
    const startedAt = performance.now();
    const stdout = await this.execute(command);
    return { seconds: (performance.now() - startedAt) / 1000, cpuSeconds: cpuSecondsIn(stdout) };
  }

  /** Size of the state file as it lies on disk. */
  stateBytes() {
    return statSync(join(this.folder, "state/.pulumi/stacks/bench/bench.json")).size;
  }

  dispose() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  run(args) {
    return this.execute(["pulumi", ...args, ...QUIET]);
  }

  execute(command) {
    const [program, ...rest] = platform() === "win32" ? command : ["sh", "-c", TIMED, "sh", ...command];
    const child = spawn(program, rest, {
      cwd: this.folder,
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = [];
    const stdout = [];
    child.stdout.on("data", (bytes) => {
      output.push(bytes);
      stdout.push(bytes);
    });
    child.stderr.on("data", (bytes) => output.push(bytes));
    return new Promise((done, fail) => {
      child.on("error", fail);
      child.on("close", (code) => {
        if (code === 0) return done(Buffer.concat(stdout).toString());
        fail(new Error(`${command.join(" ")} ended with ${code}:\n${Buffer.concat(output)}`));
      });
    });
  }
}

/** Of the two lines that `times` leaves at the end, the second: user and system time of the shell's children. */
export function cpuSecondsIn(stdout) {
  const parts = [...(stdout.trimEnd().split("\n").at(-1) ?? "").matchAll(TIME)];
  if (parts.length !== 2) return undefined;
  return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}
