import { ProviderFailure } from "../../provider/failure";
import type { PulumiCli } from "./pulumi-cli";
import { parseState, type StackState } from "./state";

/** One stack, read and written through the Pulumi CLI. */
export class StackAccess {
  constructor(
    private readonly pulumi: PulumiCli,
    readonly name: string,
  ) {}

  /** The state, with its secrets encrypted. Errors: `UTHO_STACK`. */
  async export(): Promise<StackState> {
    const args = ["stack", "export", `--stack=${this.name}`];
    const origin = `stack ${this.name}`;
    return parseState(await this.pulumi.must(`read the state of ${origin}`, args), origin, this.name);
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
