import { readFile } from "node:fs/promises";
import { ProviderFailure } from "../provider/failure";
import { type Deployment, parseDeployment } from "./deployment";
import type { PulumiCli } from "./pulumi-cli";

/** One stack, read and written through the Pulumi CLI. */
export class StackAccess {
  constructor(
    private readonly pulumi: PulumiCli,
    readonly name: string,
  ) {}

  /** The state, with its secrets encrypted. Errors: `UTHO_STACK`. */
  async export(): Promise<Deployment> {
    const args = ["stack", "export", `--stack=${this.name}`];
    const text = await this.pulumi.must(`read the state of stack ${this.name}`, args);
    return parseDeployment(text, `stack ${this.name}`);
  }

  /** Puts another state in its place. Errors: `UTHO_STACK`. */
  async import(text: string): Promise<void> {
    const args = ["stack", "import", `--stack=${this.name}`];
    await this.pulumi.must(`write the state of stack ${this.name}`, args, text);
  }

  /** `<organisation>/<project>/<stack>`, of which a URN holds the last two. Errors: `UTHO_STACK`. */
  async identity(): Promise<{ qualified: string; project: string; stack: string }> {
    const args = ["stack", `--stack=${this.name}`, "--show-name", "--fully-qualify-stack-names"];
    const attempted = `find out the project of stack ${this.name}`;
    const qualified = (await this.pulumi.must(attempted, args)).trim();
    const [stack, project] = qualified.split("/").reverse();
    if (stack !== undefined && project !== undefined) return { qualified, project, stack };
    throw new ProviderFailure({
      code: "UTHO_STACK",
      attempted,
      because: "Pulumi names no project with it: an old local backend keeps stacks apart from projects.",
      kept: "nothing was touched.",
      next: "run `pulumi state upgrade`, then this command again.",
    });
  }
}

/** The state of another stack by its name, or of a file that `pulumi stack export` wrote. */
export async function readDeployment(nameOrFile: string, pulumi: PulumiCli): Promise<Deployment> {
  return nameOrFile.endsWith(".json")
    ? readStateFile(nameOrFile)
    : new StackAccess(pulumi, nameOrFile).export();
}

/** The state in a file that `pulumi stack export` wrote. Errors: `UTHO_STACK`. */
export async function readStateFile(file: string): Promise<Deployment> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new ProviderFailure({
      code: "UTHO_STACK",
      attempted: `read the state in ${file}`,
      because: `${cause instanceof Error ? cause.message : String(cause)}.`,
      kept: "nothing was touched.",
      next: "give a file that `pulumi stack export` wrote, or a stack's name.",
      cause,
    });
  });
  return parseDeployment(text, file);
}
