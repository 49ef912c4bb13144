import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import type { Simulator } from "../../simulator";
import { type Run, Stack } from "../support/stack";
import { runCommand } from "./command";
import type { Combination } from "./matrix";
import { PROGRAMS } from "./programs";
import { shared } from "./shared";

/** Kept between runs, as a user's own store would be. */
const PNPM_STORE = resolve(__dirname, "../../.cache/pnpm-store");

/** A user's Pulumi project in a folder of its own, outside the repository, with the packed package installed. */
export class Consumer {
  readonly folder = mkdtempSync(join(tmpdir(), "pulumi-utho-program-"));
  private readonly made = shared();
  private stack: Stack | undefined;

  constructor(private readonly combination: Combination) {}

  async install(): Promise<void> {
    const { installer, program, pulumi } = this.combination;
    const { packageJson, needs, files } = PROGRAMS[program];
    const dependencies = { "@pulumi/pulumi": pulumi, "pulumi-utho": `file:${this.made.tarball}` };
    this.write("package.json", {
      name: "program",
      private: true,
      ...packageJson,
      dependencies,
      devDependencies: needs,
    });
    for (const [name, content] of Object.entries(files)) this.writeText(name, content);
    const place = { cwd: this.folder, path: [this.nodeFolder()] };
    if (installer === "npm") {
      await runCommand("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"], place);
    } else {
      const args = [this.made.pnpm, "install", "--prefer-offline", "--store-dir", PNPM_STORE];
      await runCommand("node", args, place);
    }
  }

  /** Makes the project's stack, whose API is the simulator. */
  async declare(simulator: Simulator): Promise<Stack> {
    const path = [this.nodeFolder(), process.env.PULUMI_UTHO_TEST_ENGINE ?? "", process.env.PATH ?? ""];
    this.stack = await Stack.create({ program: "", simulator, env: { PATH: path.join(delimiter) } });
    for (const file of ["Pulumi.yaml", `Pulumi.${this.stack.name}.yaml`]) {
      copyFileSync(join(this.stack.folder, file), join(this.folder, file));
    }
    if (this.combination.program === "typescript")
      this.write("Pulumi.yaml", { name: "tests", runtime: "nodejs" });
    return this.stack;
  }

  /** A command of the Pulumi CLI in the project's folder. */
  run(...args: string[]): Promise<Run> {
    if (this.stack === undefined) throw new Error("declare() comes first");
    return this.stack.run([...args, "--cwd", this.folder]);
  }

  /** Runs a tool that the project has installed. */
  tool(name: string, ...args: string[]): Promise<string> {
    const place = { cwd: this.folder, path: [this.nodeFolder()] };
    return runCommand(join(this.folder, "node_modules/.bin", name), args, place);
  }

  write(file: string, content: object): void {
    this.writeText(file, JSON.stringify(content));
  }

  writeText(file: string, content: string): void {
    writeFileSync(join(this.folder, file), content);
  }

  dispose(): void {
    this.stack?.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private nodeFolder(): string {
    const folder = this.made.nodes[this.combination.node];
    if (folder === undefined) throw new Error(`There is no Node.js ${this.combination.node}.`);
    return folder;
  }
}
