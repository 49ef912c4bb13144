import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

const HERE = import.meta.dirname;
/** Below the repository, so that programs resolve its packages as installed ones. */
const WORKSPACES = resolve(HERE, "../.cache/bench");

/** One stack of the real CLI with a local backend, in a folder of its own. */
export class BenchStack {
  constructor({ engineBin, program, snapshots, servers }) {
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
    };
    mkdirSync(join(this.folder, "state"));
    cpSync(join(HERE, "programs", program), join(this.folder, "index.js"));
    cpSync(join(HERE, "floor"), join(this.folder, "node_modules/bench-floor"), { recursive: true });
    const project = { name: "bench", runtime: { name: "nodejs", options: { typescript: false } } };
    writeFileSync(join(this.folder, "Pulumi.yaml"), JSON.stringify(project));
    writeFileSync(join(this.folder, "package.json"), '{"name":"bench-program","private":true}');
  }

  async prepare(config) {
    await this.run(["stack", "init", "bench"]);
    const values = Object.entries(config).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
    await this.run(["config", "set-all", ...values, "--stack", "bench"]);
  }

  /** Runs a command on the stack and says how many seconds it took. */
  async time(command) {
    const startedAt = performance.now();
    await this.run([...command, "--stack", "bench"]);
    return (performance.now() - startedAt) / 1000;
  }

  /** Size of the state file as it lies on disk. */
  stateBytes() {
    return statSync(join(this.folder, "state/.pulumi/stacks/bench/bench.json")).size;
  }

  dispose() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  run(args) {
    const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd: this.folder,
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = [];
    child.stdout.on("data", (bytes) => output.push(bytes));
    child.stderr.on("data", (bytes) => output.push(bytes));
    return new Promise((done, fail) => {
      child.on("error", fail);
      child.on("close", (code) => {
        if (code === 0) return done();
        fail(new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${Buffer.concat(output)}`));
      });
    });
  }
}
