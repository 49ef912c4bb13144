import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Simulator } from "../../simulator";
import { type Run, Stack } from "../support/stack";
import { runCommand } from "./command";
import { NODE, PULUMI } from "./matrix";
import { shared } from "./shared";

/** One snapshot, by whichever way the package comes in. */
export const ONE_SNAPSHOT = 'new (require("pulumi-utho").Snapshot)("web", { cloudId: "1001" });\n';

const QUIET = ["--no-audit", "--no-fund", "--prefer-offline"];

/** A repository of a user, of whatever layout, on the oldest Node.js. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "pulumi-utho-layout-"));
  readonly made = shared();
  private stack: Stack | undefined;
  private readonly node = this.made.nodes[NODE.oldest] ?? "";

  /** What a program depends on; the package itself is added where it is wanted. */
  readonly pulumi = { "@pulumi/pulumi": PULUMI.developed };
  readonly ours = { "pulumi-utho": `file:${this.made.tarball}` };

  write(files: Record<string, string | object>): void {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    }
  }

  npm(...args: string[]): Promise<string> {
    return this.command("npm", ["install", ...QUIET, ...args]);
  }

  command(name: string, args: readonly string[], at = ""): Promise<string> {
    return runCommand(name, args, { cwd: join(this.folder, at), path: [this.node] });
  }

  /** Makes the stack of the program in the folder `at`. */
  async declare(simulator: Simulator, at = ".", config: Record<string, string> = {}): Promise<void> {
    const path = [this.node, process.env.PULUMI_UTHO_TEST_ENGINE ?? "", process.env.PATH ?? ""];
    this.stack = await Stack.create({ program: "", simulator, config, env: { PATH: path.join(delimiter) } });
    const settings = `Pulumi.${this.stack.name}.yaml`;
    copyFileSync(join(this.stack.folder, settings), join(this.folder, at, settings));
    // A program in TypeScript says so itself.
    const text = readFileSync(join(this.stack.folder, "Pulumi.yaml"), "utf8");
    const isTyped = existsSync(join(this.folder, at, "tsconfig.json"));
    writeFileSync(
      join(this.folder, at, "Pulumi.yaml"),
      isTyped ? JSON.stringify({ ...JSON.parse(text), runtime: "nodejs" }) : text,
    );
  }

  /** A command of the Pulumi CLI for the program in the folder `at`. */
  run(at: string, ...args: string[]): Promise<Run> {
    if (this.stack === undefined) throw new Error("declare() comes first");
    return this.stack.run([...args, "--cwd", join(this.folder, at)]);
  }

  up(at = "."): Promise<Run> {
    return this.run(at, "up", "--yes", "--skip-preview");
  }

  dispose(): void {
    this.stack?.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
